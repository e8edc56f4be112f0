/** The sections of the settings, and which of their rows fit what somebody looks for. */
import type { Setting } from "../../host";
import type { Section } from "../../state/ui.svelte";
import { t } from "../../strings";
import { choiceWord, settingName, settingText } from "./words";

export const SECTIONS: readonly Section[] = ["accounts", "inbox", "rules", "actions", "composing", "index", "notifications", "privacy", "appearance", "keyboard", "data", "automation", "diagnostics", "about"];

export function sectionName(section: Section): string {
  return t(`section-${section}`);
}

/** Every word of the query is somewhere in the text. */
export function fits(text: string, query: string): boolean {
  const within = text.toLocaleLowerCase();
  return query.toLocaleLowerCase().split(/\s+/u).every((word) => within.includes(word));
}

/** A section that is meant as a whole, by its name or by what it holds besides settings. */
export function sectionFits(section: Section, query: string): boolean {
  return fits(`${sectionName(section)} ${t(`section-${section}-text`)}`, query);
}

export function settingFits(setting: Setting, query: string): boolean {
  const choices = setting.kind.type === "choice" ? setting.kind.choices.map((choice) => choiceWord(setting, choice)) : [];
  return fits([settingName(setting), settingText(setting), setting.key, ...choices].join(" "), query);
}
