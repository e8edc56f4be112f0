/** How the person likes the window; kept by the window itself, as nothing of it matters elsewhere. */
import { CHOICES, speak, type Choice } from "../strings";

export type Theme = "system" | "light" | "dark";
export const THEMES: readonly Theme[] = ["system", "light", "dark"];

const KEY = "inlet-prefs";

type Kept = { theme: Theme; language: Choice; listWidth: number };
const FIRST: Kept = { theme: "system", language: "system", listWidth: 400 };

/** Narrowest and widest list beside the reader, in CSS pixels. */
export const LIST_WIDTH = { least: 280, most: 640 } as const;

function read(): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Kept>;
    return {
      theme: THEMES.includes(kept.theme as Theme) ? (kept.theme as Theme) : FIRST.theme,
      language: CHOICES.includes(kept.language as Choice) ? (kept.language as Choice) : FIRST.language,
      listWidth: clampWidth(kept.listWidth ?? FIRST.listWidth),
    };
  } catch {
    return { ...FIRST };
  }
}

/** The width a list may have, nearest to the one wished for. */
export function clampWidth(width: number): number {
  if (!Number.isFinite(width)) return FIRST.listWidth;
  return Math.round(Math.min(LIST_WIDTH.most, Math.max(LIST_WIDTH.least, width)));
}

class Prefs {
  #kept: Kept = $state(read());
  #systemDark = $state(false);
  /** The theme that is shown: the chosen one, or the system's. */
  shown: "light" | "dark" = $derived(
    this.#kept.theme === "system" ? (this.#systemDark ? "dark" : "light") : this.#kept.theme,
  );

  get theme(): Theme {
    return this.#kept.theme;
  }

  set theme(theme: Theme) {
    this.#kept.theme = theme;
    this.#keep();
  }

  get language(): Choice {
    return this.#kept.language;
  }

  set language(language: Choice) {
    this.#kept.language = language;
    this.#keep();
    void speak(language);
  }

  get listWidth(): number {
    return this.#kept.listWidth;
  }

  set listWidth(width: number) {
    this.#kept.listWidth = clampWidth(width);
    this.#keep();
  }

  nextTheme(): void {
    this.theme = THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length] ?? "system";
  }

  /** Follows the system's theme and languages until stopped. */
  start(): () => void {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const follow = () => {
      this.#systemDark = dark.matches;
    };
    const listen = () => void speak(this.language);
    follow();
    dark.addEventListener("change", follow);
    addEventListener("languagechange", listen);
    return () => {
      dark.removeEventListener("change", follow);
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
