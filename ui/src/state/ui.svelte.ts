/**
 * Where the person is: which list, which conversation, what is being written. Nothing here is kept
 * by the engine.
 */
import type { Compose, Group, Kept, Kind, View } from "../host";

/** What fills the space beside the rail. */
export type Screen = "list" | "today" | "waiting" | "drafts" | "outbox" | "people" | "accounts" | "connect" | "import" | "settings" | "notices";

/** A section of the settings. */
export type Section = "accounts" | "inbox" | "rules" | "actions" | "composing" | "index" | "notifications" | "privacy" | "appearance" | "keyboard" | "data" | "automation" | "diagnostics" | "about";

/** A tab above the list: everything, what people write or lists and machines do, one family, or a search of the person's own. */
export type Split = "all" | Group | Kind | `own-${string}`;

/** A list one can look at. */
export type Spot = { view: View; source: string | null; split: Split };

/** What the composer is asked to start with. */
export type ComposeRequest =
  | { mode: "new" | "forward"; thread?: string; item?: string | null }
  | { draft: Compose };

/** An answer the person asked for; `item` null means the newest that fits. */
export type ReplyRequest = { mode: "reply" | "reply_all"; item: string | null };

class Ui {
  screen: Screen = $state("list");
  spot: Spot = $state({ view: "inbox", source: null, split: "all" });
  /** The conversation in the reader. */
  thread: string | null = $state(null);
  /** The item a search hit pointed at, shown expanded and scrolled to. */
  item: string | null = $state(null);
  /** The sentence of that item that is to be seen at once: a suggestion stands on it. */
  sentence = $state("");
  /** The screen the conversation was opened from, where that is the way back. */
  from: "today" | "waiting" | null = $state(null);
  /** On a narrow window: the reader covers the list. */
  reading = $state(false);
  compose: ComposeRequest | null = $state.raw(null);
  reply: ReplyRequest | null = $state.raw(null);
  /** The query whose results stand in place of the list; empty when there is none. */
  query = $state("");
  /** The choice of when to come back is open. */
  snoozing = $state(false);
  /** The mail whose source is on show. */
  source: string | null = $state(null);
  /** The conversation is being put on paper. */
  printing = $state(false);
  /** A new page of notes is being begun, or gone on with. */
  paging: { draft: Compose | null } | null = $state.raw(null);
  /** The choice of when to be reminded is open. */
  reminding = $state(false);
  /** The choice of a folder or of labels is open. */
  filing = $state(false);
  /** The search that is being named to be kept, or changed. */
  keeping: Kept | null = $state.raw(null);
  /** The mail whose list is about to be left. */
  leaving: string | null = $state(null);
  /** What is being done to very many conversations, in a sentence; empty when nothing is. */
  working = $state("");
  /** The keyboard sheet is open. */
  sheet = $state(false);
  /** The command palette is open. */
  palette = $state(false);
  /** What the settings show first: a section, or the row of one setting. */
  setting: { section: Section; key: string | null } = $state({ section: "appearance", key: null });
  /** A sentence for screen readers about what just happened. */
  said = $state("");

  /** Tabs divide what is on show: pages of notes, one source and what was found are shown whole. */
  get tabbed(): boolean {
    return this.screen === "list" && this.query === "" && this.spot.view !== "notes" && this.spot.source === null;
  }

  go(screen: Screen): void {
    this.screen = screen;
    this.reading = false;
    if (screen !== "list") this.query = "";
  }

  /** Shows a list. */
  show(spot: Partial<Spot> & { view: View }): void {
    const whole = spot.view === "notes" || (spot.source ?? null) !== null;
    this.spot = { source: null, split: whole ? "all" : this.spot.split, ...spot };
    this.query = "";
    this.closeThread();
    this.go("list");
  }

  showSplit(split: Split): void {
    this.spot = { ...this.spot, split };
    this.closeThread();
  }

  /** Opens a conversation beside the list, from wherever. */
  openThread(id: string, item: string | null = null, sentence = ""): void {
    if (this.screen === "today" || this.screen === "waiting") this.from = this.screen;
    else if (this.screen !== "list") this.from = null;
    this.screen = "list";
    if (this.thread !== id) this.reply = null;
    this.thread = id;
    this.item = item;
    this.sentence = sentence;
    this.reading = true;
  }

  closeThread(): void {
    this.thread = null;
    this.item = null;
    this.sentence = "";
    this.from = null;
    this.reading = false;
    this.reply = null;
  }

  openSettings(section: Section = this.setting.section, key: string | null = null): void {
    this.setting = { section, key };
    this.go("settings");
  }

  openCompose(request: ComposeRequest): void {
    this.compose = request;
  }

  closeCompose(): void {
    this.compose = null;
  }

  /** Says something to screen readers, also when it is the same sentence again. */
  say(sentence: string): void {
    this.said = this.said === sentence ? `${sentence}\u00a0` : sentence;
  }
}

export const ui = new Ui();
