/**
 * How the person likes the window: the appearance settings as the engine has them, and the sizes of
 * the panes, which the window keeps by itself as nothing of them matters elsewhere.
 */
import { CHOICES, speak, type Choice } from "../strings";
import { settings } from "./settings.svelte";

export type Theme = "system" | "light" | "dark";
export const THEMES: readonly Theme[] = ["system", "light", "dark"];

export type Density = "comfortable" | "cosy" | "compact";
const DENSITIES: readonly Density[] = ["comfortable", "cosy", "compact"];

export type FontSize = "small" | "normal" | "large" | "larger";
const FONT_SIZES: readonly FontSize[] = ["small", "normal", "large", "larger"];

/** Where a conversation opens: beside the list, below it, or in its place. */
export type Layout = "right" | "below" | "list";
const LAYOUTS: readonly Layout[] = ["right", "below", "list"];

/** Height of a row in CSS pixels, with text of normal size. */
const ROWS: Record<Density, number> = { comfortable: 76, cosy: 58, compact: 34 };

/** How much larger than normal text is; the style sheet has the same steps. */
const SCALES: Record<FontSize, number> = { small: 0.875, normal: 1, large: 1.125, larger: 1.25 };

const KEY = "inlet-prefs";

/** The rail with words beside its icons, or without. */
export type Rail = "words" | "icons";

type Kept = { listWidth: number; listHeight: number; inspector: boolean; rail: Rail };
const FIRST: Kept = { listWidth: 400, listHeight: 320, inspector: false, rail: "words" };

/** Narrowest and widest list beside the reader, in CSS pixels. */
export const LIST_WIDTH = { least: 280, most: 640 } as const;
/** Lowest and highest list above the reader, in CSS pixels. */
export const LIST_HEIGHT = { least: 140, most: 640 } as const;

function read(): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Kept>;
    return {
      listWidth: clampWidth(kept.listWidth ?? FIRST.listWidth),
      listHeight: clampHeight(kept.listHeight ?? FIRST.listHeight),
      inspector: kept.inspector === true,
      rail: kept.rail === "icons" ? "icons" : "words",
    };
  } catch {
    return { ...FIRST };
  }
}

function clamp(size: number, { least, most }: { least: number; most: number }, otherwise: number): number {
  return Number.isFinite(size) ? Math.round(Math.min(most, Math.max(least, size))) : otherwise;
}

/** The width a list may have, nearest to the one wished for. */
export function clampWidth(width: number): number {
  return clamp(width, LIST_WIDTH, FIRST.listWidth);
}

/** The height a list may have, nearest to the one wished for. */
export function clampHeight(height: number): number {
  return clamp(height, LIST_HEIGHT, FIRST.listHeight);
}

/** The setting's word where it is one of these. */
function oneOf<T extends string>(words: readonly T[], key: string, otherwise: T): T {
  const value = settings.value(key);
  return words.find((word) => word === value) ?? otherwise;
}

class Prefs {
  #kept: Kept = $state(read());
  #systemDark = $state(false);
  #systemContrast = $state(false);

  theme: Theme = $derived(oneOf(THEMES, "appearance.theme", "system"));
  density: Density = $derived(oneOf(DENSITIES, "appearance.density", "cosy"));
  fontSize: FontSize = $derived(oneOf(FONT_SIZES, "appearance.font_size", "normal"));
  layout: Layout = $derived(oneOf(LAYOUTS, "appearance.layout", "right"));
  /** The theme that is shown: the chosen one, or the system's. */
  shown: "light" | "dark" = $derived(this.theme === "system" ? (this.#systemDark ? "dark" : "light") : this.theme);
  /** The contrast that is shown: high when the person or the system wants it. */
  contrast: "normal" | "high" = $derived(
    this.#systemContrast ? "high" : oneOf(["normal", "high"], "appearance.contrast", "normal"),
  );
  /** Height of a row of a list, in CSS pixels. */
  rowHeight: number = $derived(Math.round(ROWS[this.density] * SCALES[this.fontSize]));
  /** Enter sends a chat message. */
  enterSends: boolean = $derived(settings.value("compose.enter_sends") !== "false");

  get language(): Choice {
    return oneOf(CHOICES, "appearance.language", "system");
  }

  get listWidth(): number {
    return this.#kept.listWidth;
  }

  set listWidth(width: number) {
    this.#kept.listWidth = clampWidth(width);
    this.#keep();
  }

  /** Somebody of the open conversation is shown beside it. */
  get inspector(): boolean {
    return this.#kept.inspector;
  }

  set inspector(on: boolean) {
    this.#kept.inspector = on;
    this.#keep();
  }

  /** How the rail is wished for; in a narrow window it is icons all the same. */
  get rail(): Rail {
    return this.#kept.rail;
  }

  set rail(rail: Rail) {
    this.#kept.rail = rail;
    this.#keep();
  }

  get listHeight(): number {
    return this.#kept.listHeight;
  }

  set listHeight(height: number) {
    this.#kept.listHeight = clampHeight(height);
    this.#keep();
  }

  nextTheme(): void {
    void settings.set("appearance.theme", THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length] ?? "system");
  }

  /** Says on the root of the document how it should look. */
  dress(root: HTMLElement): void {
    Object.assign(root.dataset, { theme: this.shown, contrast: this.contrast, density: this.density, font: this.fontSize });
    root.style.setProperty("--row-height", `${this.rowHeight}px`);
  }

  /** Follows the system's theme, contrast and languages until stopped. */
  start(): () => void {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const contrast = matchMedia("(prefers-contrast: more)");
    const follow = () => {
      this.#systemDark = dark.matches;
      this.#systemContrast = contrast.matches;
    };
    const listen = () => void speak(this.language);
    follow();
    dark.addEventListener("change", follow);
    contrast.addEventListener("change", follow);
    addEventListener("languagechange", listen);
    return () => {
      dark.removeEventListener("change", follow);
      contrast.removeEventListener("change", follow);
      removeEventListener("languagechange", listen);
    };
  }

  #keep(): void {
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#kept));
    } catch {
      // A browser that keeps nothing still shows everything.
    }
  }
}

export const prefs = new Prefs();
