// What is pasted or dropped into a field. Text that would freeze the window while it is drawn, and that nobody reads in
// such a place, is refused with a sentence before the browser puts it in. It is the window that looks, so that no field
// can be forgotten; one that takes another number of letters names it in `data-pastes`, and one that sees to it itself
// says "own". A field that cuts what is too long (`maxlength`) would do so in silence: it refuses as well.

import { t } from "../strings";
import { toast } from "./toast.svelte";

/** Letters that fit a field of one line. */
export const LINE = 10_000;

/** Letters that fit any other one. */
export const LONG = 200_000;

/** Lines that fit a formatted text: each is a block of its own, and a hundred thousand of them took a minute. */
export const LINES = 10_000;

/** Letters of HTML that are read into formatting, and tags among them. */
export const MARKUP = 500_000;
const TAGS = 20_000;

/** What was said in a place of its own: what lies under a dialog is neither seen well nor heard, and a toast covers. */
const said: { text: string; within: Element | null } = $state({ text: "", within: null });

/** What is said inside that place, marked by `data-says`, of what was pasted there. */
export function saidWithin(place: Element | undefined): string {
  return place !== undefined && said.within === place ? said.text : "";
}

/** Says it where whoever pasted there sees and hears it. */
export function say(field: Element, text: string): void {
  said.within = field.closest("[data-says]");
  said.text = text;
  if (said.within === null) toast(text, { tone: "problem" });
}

/** What keeps so much text from being put in, as a sentence; `null` when nothing does. */
export function tooLong(data: DataTransfer | null, most = LONG): string | null {
  const { length } = data?.getData("text/plain") ?? "";
  return length > most ? t("pasted-refused", { count: length, most }) : null;
}

/** There are more of a letter than so many. */
function moreThan(most: number, letter: string, text: string): boolean {
  let count = 0;
  for (let at = text.indexOf(letter); at >= 0 && count <= most; at = text.indexOf(letter, at + 1)) count += 1;
  return count > most;
}

/** Nobody reads that in a message. */
export function unreadable(text: string): boolean {
  return text.length > LONG || moreThan(LINES, "\n", text);
}

/** The words alone where their HTML is too much to be read; `null` where it may be. */
export function wordsOnly(data: DataTransfer | null): string | null {
  const html = data?.getData("text/html") ?? "";
  return html.length > MARKUP || moreThan(TAGS, "<", html) ? (data?.getData("text/plain") ?? "") : null;
}

/** How many letters it takes at once; `null` where that is not for the window to say. */
function takes(target: EventTarget | null): { field: Element; most: number } | null {
  if (!(target instanceof Element)) return null;
  const line = target instanceof HTMLInputElement;
  const field = line || target instanceof HTMLTextAreaElement ? target : target.closest("[contenteditable=true]");
  if (!field) return null;
  // What a form says of itself holds for its texts, not for the lines above them.
  const own = (line ? target : field.closest("[data-pastes]"))?.getAttribute("data-pastes");
  if (own === "own") return null;
  const cut = field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement ? field.maxLength : -1;
  const most = own ? Number(own) : line ? LINE : LONG;
  return { field, most: cut > 0 ? Math.min(cut, most) : most };
}

/** Looks at what is about to be pasted or dropped; before anybody else does. */
export function guard(event: ClipboardEvent | DragEvent): void {
  const into = takes(event.target);
  if (!into) return;
  said.within = null;
  const refused = tooLong("dataTransfer" in event ? event.dataTransfer : event.clipboardData, into.most);
  if (refused === null) return;
  event.preventDefault();
  event.stopPropagation();
  say(into.field, refused);
}
