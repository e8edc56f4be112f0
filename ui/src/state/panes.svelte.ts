/** What of the window stands together, as the person wants it and the window has room for it. */
import { prefs } from "./prefs.svelte";

/** Wide enough for list and reader side by side, in CSS pixels. */
const SIDE_BY_SIDE = 900;
/** Wide enough for words in the rail, in CSS pixels. */
const RAIL_WORDS = 1100;
/** High enough for the reader below the list, in CSS pixels. */
const ONE_ABOVE_THE_OTHER = 560;

class Panes {
  width = $state(innerWidth);
  height = $state(innerHeight);
  /** There is room for words in the rail. */
  roomy: boolean = $derived(this.width >= RAIL_WORDS);
  /** The rail is icons alone. */
  icons: boolean = $derived(!this.roomy || prefs.rail === "icons");
  /** Both are in sight; else the open conversation covers the list. */
  both: boolean = $derived(
    prefs.layout === "right" ? this.width >= SIDE_BY_SIDE : prefs.layout === "below" && this.height >= ONE_ABOVE_THE_OTHER,
  );
  /** Both are in sight, the reader below. */
  below: boolean = $derived(this.both && prefs.layout === "below");
}

export const panes = new Panes();
