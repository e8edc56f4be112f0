/**
 * What the engine says, in another language.
 *
 * The engine speaks English, in sentences made from templates (`engine.json`, collected from its
 * source). A translation names each template by its English words, as gettext does, and gives it in
 * its language (`engine.de.json`). Here a sentence is recognised by its template, and said again with
 * what stood in the holes: `{host} refuses connections on port {port}` and so on. What is in a hole
 * is translated too where it is a sentence or a word of the engine's, but not between quotation
 * marks: there somebody else is quoted. What is not recognised stays as it is, in English.
 *
 * Refused: numbers for messages, which every script and log would have to look up; and translating in
 * the engine, which serves windows and terminals of different languages at once.
 */

/** English template to translation, with the same holes in both. */
export type Translations = Readonly<Record<string, string>>;

type Part = { text: string; hole: null } | { text: null; hole: string };

/** A template that has holes. */
type Template = {
  parts: Part[];
  /** How much of it is fixed. */
  weight: number;
  /** Holes between quotation marks. */
  quoted: Set<string>;
  translation: string;
  pattern?: RegExp;
};

/** Nothing of the engine's is longer. */
const LONGEST = 4000;

/** Sentences within sentences. */
const DEEPEST = 4;

const QUOTES = /["“„'`]$/u;

/** Makes what says the engine's sentences in another language. */
export function translator(translations: Translations): (text: string) => string {
  const fixed = new Map<string, string>();
  const byWord = new Map<string, Template[]>();
  const open: Template[] = [];
  for (const [english, translation] of Object.entries(translations)) {
    const parts = partsOf(english);
    if (parts.every((part) => part.hole === null)) {
      fixed.set(key(parts.map((part) => part.text).join("")), unescaped(translation));
      continue;
    }
    const template = templateOf(parts, translation);
    const word = firstWord(parts[0]?.text ?? "", parts.length > 1);
    if (word === null) open.push(template);
    else byWord.set(word, [...(byWord.get(word) ?? []), template]);
  }
  // Of two that fit, the one that says more.
  const heaviest = (templates: Template[]) => templates.sort((a, b) => b.weight - a.weight);
  for (const [word, begun] of byWord) byWord.set(word, heaviest([...begun, ...open]));
  heaviest(open);

  /** The text as one sentence; `null` when it is none of the engine's. */
  function whole(text: string, depth: number): string | null {
    const same = fixed.get(key(text));
    if (same !== undefined) return like(text, same);
    for (const template of byWord.get(firstWord(text, false) ?? "") ?? open) {
      const values = (template.pattern ??= patternOf(template.parts)).exec(text)?.groups;
      if (values) return fill(text, template, values, depth);
    }
    return null;
  }

  function fill(text: string, template: Template, values: Record<string, string>, depth: number): string {
    const valueOf = (hole: string) => {
      const value = values[`_${hole}`] ?? "";
      return template.quoted.has(hole) || depth >= DEEPEST ? value : say(value, depth + 1);
    };
    const parts = partsOf(template.translation);
    const first = parts[0]?.hole ?? null;
    // A name at the beginning keeps its writing.
    const named = template.parts[0]?.hole !== null || (first !== null && valueOf(first) === values[`_${first}`]);
    return like(text, parts.map(({ text, hole }) => (hole === null ? text : valueOf(hole))).join(""), named);
  }

  /** Sentence by sentence, the longest runs that are known first. */
  function say(text: string, depth: number): string {
    const all = whole(text, depth);
    if (all !== null) return all;
    const pieces = text.split(/(?<=[.!?])\s+/u);
    if (pieces.length === 1) return parted(text, depth) ?? text;
    const said: string[] = [];
    for (let from = 0; from < pieces.length; ) {
      let until = pieces.length;
      let run: string | null = null;
      for (; until > from && run === null; until--) {
        if (from > 0 || until < pieces.length) run = whole(pieces.slice(from, until).join(" "), depth);
      }
      const piece = pieces[from] ?? "";
      said.push(run ?? parted(piece, depth) ?? piece);
      from = run === null ? from + 1 : until + 1;
    }
    return said.join(" ");
  }

  /** What was put together with a sign between: both sides, when what follows the sign is known. */
  function parted(text: string, depth: number): string | null {
    for (const sign of text.matchAll(/[:;] /gu)) {
      const left = text.slice(0, sign.index);
      const right = text.slice(sign.index + sign[0].length);
      const joined = whole(text.slice(sign.index), depth);
      const after = joined ?? whole(right, depth);
      if (after !== null) return `${whole(left, depth) ?? left}${joined === null ? sign[0] : ""}${after}`;
    }
    return null;
  }

  return (text) => (text.length > LONGEST || text.trim() === "" ? text : say(text, 0));
}

/** A template in pieces: text as it is said, and the names of holes. */
export function partsOf(template: string): Part[] {
  return template
    .split(/(\{\w+\})(?!\})/u)
    .filter((piece) => piece !== "")
    .map((piece): Part => (/^\{\w+\}$/u.test(piece) ? { text: null, hole: piece.slice(1, -1) } : { text: unescaped(piece), hole: null }));
}

function unescaped(text: string): string {
  return text.replaceAll("{{", "{").replaceAll("}}", "}");
}

function templateOf(parts: Part[], translation: string): Template {
  const quoted = new Set<string>();
  parts.forEach(({ hole }, i) => {
    if (hole === null) return;
    if (QUOTES.test(parts[i - 1]?.text ?? "")) quoted.add(hole);
  });
  return { parts, weight: parts.reduce((sum, { text }) => sum + (text?.length ?? 0), 0), quoted, translation };
}

/** A sentence inside another one has no capital and no full stop. */
function patternOf(parts: Part[]): RegExp {
  const met = new Set<string>();
  const source = parts.map(({ text, hole }, i) => {
    if (hole !== null) {
      const again = met.has(hole);
      met.add(hole);
      return again ? `\\k<_${hole}>` : `(?<_${hole}>.+?)`;
    }
    const bare = i === parts.length - 1 ? text.replace(/\.$/u, "") : text;
    const escaped = bare.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
    return i > 0 ? escaped : escaped.replace(/^\p{L}/u, (first) => `[${first.toLowerCase()}${first.toUpperCase()}]`);
  });
  return new RegExp(`^${source.join("")}\\.?$`, "su");
}

/** The same for a sentence by itself and inside another one. */
function key(text: string): string {
  return lowered(text).replace(/\.$/u, "");
}

/** The first word, where it is whole; in lower case. */
function firstWord(text: string, followed: boolean): string | null {
  const word = /^\S+(?=(\s?))/u.exec(text);
  return word === null || (followed && word[1] === "") ? null : word[0].replace(/\.$/u, "").toLowerCase();
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

/** The translation with the capital and the full stop of what it stands for. */
function like(english: string, translation: string, named = false): string {
  const ended = /[.]$/u.test(english);
  const bare = translation.replace(/\.$/u, "");
  const end = ended && !/[!?…]$/u.test(bare) ? "." : "";
  const capital = !named && /^\p{Lu}/u.test(english);
  return (capital ? bare.charAt(0).toUpperCase() + bare.slice(1) : bare) + end;
}
