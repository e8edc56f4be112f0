/**
 * Which language the window speaks: the one the person chose, else the first of the system's that
 * has a catalogue, else English. Numbers and dates follow the same language, in the system's variant
 * of it where the system has one, so that a clock shows 24 or 12 hours as people there expect.
 */

export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What the person chooses from. */
export type Choice = "system" | Language;
export const CHOICES: readonly Choice[] = ["system", ...LANGUAGES];

/** Languages by their own names: whoever looks for one must be able to read it. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: "English", de: "Deutsch" };

/**
 * English, laid out from right to left: shows whether the window mirrors rightly without a
 * translation into a language that is written so. For tests; no menu offers it.
 */
export const MIRRORED = "ar-x-pseudo";

/** Name of the override in the address (`?lang=`) and, with a prefix, in the window's storage. */
const OVERRIDE = "lang";

/** Where a language is at home when the system does not say. */
const HOMES: Record<Language, string> = { en: "en-GB", de: "de-DE" };

/** A language as it is spoken in this window. */
export type Voice = {
  language: Language;
  /** BCP 47 tag for numbers, dates and lists. */
  locale: string;
  direction: "ltr" | "rtl";
};

/** @param tags the system's languages, the preferred one first */
export function voiceFor(choice: Choice, tags: readonly string[], override: string | null = null): Voice {
  const mirrored = override === MIRRORED;
  const wanted = mirrored ? "en" : isLanguage(override) ? override : choice;
  const language = wanted === "system" ? (tags.map(primary).find(isLanguage) ?? "en") : wanted;
  return {
    language,
    locale: tags.find((tag) => primary(tag) === language && isTag(tag)) ?? HOMES[language],
    direction: mirrored ? "rtl" : "ltr",
  };
}

/** The language a test asked for, which wins over every choice; the address comes before the storage. */
export function overridden(page: Pick<Window, "location" | "localStorage">): string | null {
  try {
    return new URLSearchParams(page.location.search).get(OVERRIDE) ?? page.localStorage.getItem(`inlet-${OVERRIDE}`);
  } catch {
    // A browser that keeps nothing from its pages keeps no override either.
    return null;
  }
}

function isLanguage(word: string | null): word is Language {
  return (LANGUAGES as readonly (string | null)[]).includes(word);
}

function primary(tag: string): string {
  return tag.toLowerCase().split("-")[0] ?? "";
}

/** Systems without a proper locale are known to make up tags. */
function isTag(tag: string): boolean {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0;
  } catch {
    return false;
  }
}
