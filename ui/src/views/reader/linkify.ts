/** Finds the links in plain text. Every step is linear: the text comes from strangers. */

export type Piece = { text: string; href: string | null };

/** Runs without blanks and without the signs that enclose links. */
const RUN = /[^\s<>"'`{}|\\^]+/gu;
const SCHEME = /https?:\/\/|mailto:|www\./iu;
const ADDRESS = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/u;
/** Longest mail address (RFC 5321 §4.5.3.1.3) with what may stand around it. */
const ADDRESS_RUN = 300;
/** What ends a sentence is no part of the link before it. */
const TAIL = new Set(".,;:!?…”’»*_");
const PAIRS = new Map([
  [")", "("],
  ["]", "["],
]);

/** The text cut into pieces; those that are links say where they go. */
export function linkify(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const run of text.matchAll(RUN)) {
    const found = linkIn(run[0]);
    if (!found) continue;
    const at = run.index + found.at;
    if (at > from) pieces.push({ text: text.slice(from, at), href: null });
    pieces.push({ text: found.link, href: target(found.link) });
    from = at + found.link.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), href: null });
  return pieces;
}

function linkIn(run: string): { at: number; link: string } | null {
  const scheme = SCHEME.exec(run);
  if (scheme && !/[\p{L}\p{N}]/u.test(run.charAt(scheme.index - 1))) {
    const link = trim(run.slice(scheme.index));
    return link.length > scheme[0].length ? { at: scheme.index, link } : null;
  }
  if (run.length > ADDRESS_RUN || !run.includes("@")) return null;
  const address = ADDRESS.exec(run);
  return address ? { at: address.index, link: trim(address[0]) } : null;
}

/** Without the signs that end the sentence, and the bracket that was opened before the link. */
function trim(link: string): string {
  const open = new Map([...PAIRS].map(([close, opener]) => [close, count(link, opener) - count(link, close)]));
  let end = link.length;
  while (end > 0) {
    const last = link.charAt(end - 1);
    const balance = open.get(last);
    if (balance !== undefined && balance < 0) open.set(last, balance + 1);
    else if (!TAIL.has(last)) break;
    end -= 1;
  }
  return link.slice(0, end);
}

function count(text: string, character: string): number {
  let found = 0;
  for (const one of text) if (one === character) found += 1;
  return found;
}

function target(link: string): string {
  if (/^www\./iu.test(link)) return `https://${link}`;
  if (!/^(?:https?:|mailto:)/iu.test(link)) return `mailto:${link}`;
  return link;
}
