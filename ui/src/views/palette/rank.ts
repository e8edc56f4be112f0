/** Which entries fit what was typed, the best first. Letters may be left out, words may change places. */
import uFuzzy from "@leeoniya/ufuzzy";

/** What can be found by words. */
export type Ranked = { id: string; label: string; hint?: string };

/** More than fit under the eyes are no help. */
export const MOST = 60;

/** So many of the best matches are put in order by how lately they were used. */
const NEAR = 8;

/** More than these are only found, not ranked: a letter or two fit nearly everything, and must not cost a frame. */
const RANKED = 500;

/** Letters that count; more are pasted by mistake. */
const LONGEST = 100;

/** Letters of any script, as the library's guide gives them; and any letters left out of a word. */
const fuzzy = new uFuzzy({
  unicode: true,
  interSplit: "[^\\p{L}\\d']+",
  intraSplit: "\\p{Ll}\\p{Lu}",
  intraBound: "\\p{L}\\d|\\d\\p{L}|\\p{Ll}\\p{Lu}",
  intraChars: "[\\p{L}\\d']",
  intraContr: "'\\p{L}{1,2}\\b",
  intraIns: Infinity,
});

/** Without case, without marks on letters: people leave them out. */
function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("ß", "ss");
}

/** Positions of the texts that fit, the best first. */
function search(texts: string[], wanted: string): number[] {
  const [found, , order] = fuzzy.search(texts, wanted, 1, RANKED);
  if (!found) return [];
  if (order) return order.flatMap((i) => found[i] ?? []);
  const begins = (position: number) => (texts[position]?.startsWith(wanted) ? 0 : 1);
  return found.toSorted((a, b) => begins(a) - begins(b));
}

/** @param recent ids of what was used lately, the newest first */
export function rank<T extends Ranked>(entries: readonly T[], query: string, recent: readonly string[]): T[] {
  const lately = new Map(recent.map((id, i) => [id, i]));
  const age = (entry: T) => lately.get(entry.id) ?? Infinity;
  const byAge = (list: T[]) => list.toSorted((a, b) => (age(a) === age(b) ? 0 : age(a) - age(b)));
  const wanted = folded(query.slice(0, LONGEST)).trim();
  if (wanted === "") return byAge([...entries]).slice(0, MOST);
  // What something is called counts more than what else can be said of it.
  const named = search(entries.map((entry) => folded(entry.label)), wanted);
  const known = new Set(named);
  const hinted = named.length < MOST ? search(entries.map((entry) => (entry.hint ? folded(`${entry.label} ${entry.hint}`) : "")), wanted) : [];
  const best = [...named, ...hinted.filter((position) => !known.has(position))].slice(0, MOST).flatMap((position) => entries[position] ?? []);
  return [...byAge(best.slice(0, NEAR)), ...best.slice(NEAR)];
}

/**
 * What is at hand and what was asked for, in one order. What was asked for fits by the word of
 * whoever was asked, also where its letters do not say so: then it comes last.
 */
export function together<T extends Ranked>(atHand: readonly T[], asked: readonly T[], query: string, recent: readonly string[]): T[] {
  const known = new Set(atHand.map((entry) => entry.id));
  const more = asked.filter((entry) => !known.has(entry.id));
  const ranked = rank([...atHand, ...more], query, recent);
  const shown = new Set(ranked.map((entry) => entry.id));
  return [...ranked, ...more.filter((entry) => !shown.has(entry.id))];
}
