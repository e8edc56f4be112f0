/**
 * What a setting is called. The engine names its settings and says in English what they do; the
 * catalogue has better words for those it knows, and one it does not know still has a row.
 */
import type { Setting } from "../../host";
import { LANGUAGE_NAMES, t, told, type Language } from "../../strings";

/** A message that may not exist: its name is what comes back then. */
type Perhaps = "settings";

const slug = (setting: Setting) => setting.key.replaceAll(".", "-");

export function settingName(setting: Setting): string {
  const id = slug(setting);
  const name = t(`setting-${id}` as Perhaps);
  return name === `setting-${id}` ? setting.key : name;
}

export function settingText(setting: Setting): string {
  const id = slug(setting);
  const text = t(`setting-${id}-text` as Perhaps);
  return text === `setting-${id}-text` ? told(setting.about) : text;
}

/** A choice in words; a language is called by its own name. */
export function choiceWord(setting: Setting, choice: string): string {
  if (setting.key === "appearance.language" && choice in LANGUAGE_NAMES) return LANGUAGE_NAMES[choice as Language];
  const id = `${slug(setting)}-${choice}`;
  const word = t(`choice-${id}` as Perhaps);
  return word === `choice-${id}` ? choice : word;
}

/** Keys and weights of one's own have tables of their own. */
export function isShown(setting: Setting): boolean {
  return setting.key !== "keyboard.bindings" && setting.key !== "actions.weights";
}

/** Where a value comes from, in a sentence; `variable` is the one of the environment that sets it. */
export function originWord(origin: string, variable: string): string {
  if (origin === "environment") return t("origin-environment", { variable });
  if (origin === "flag") return t("origin-flag");
  return t(origin === "file" ? "origin-file" : "origin-default");
}

/** The variable of the environment that sets it. */
export function variableOf(setting: Setting): string {
  return `INLET_${setting.key.replaceAll(".", "_").toUpperCase()}`;
}
