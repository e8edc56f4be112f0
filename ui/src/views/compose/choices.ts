/** Answers to choose from: a few are buttons, more are a list that a button opens. */
import type { Choices } from "../../host";

/** So many are shown as buttons. */
export const BUTTONS = 3;
/** So many fit into a list. */
export const MOST = 10;

/** The beginning: room for two. */
export function noChoice(): Choices {
  return withTitles({ list: null, offered: [] }, ["", ""]);
}

/** With these words on the choices; a list where they are too many for buttons. */
export function withTitles(choices: Choices, titles: readonly string[]): Choices {
  const offered = titles.map((title, at) => ({ about: null, section: null, ...choices.offered[at], title }));
  return { list: titles.length > BUTTONS ? (choices.list ?? "") : null, offered };
}
