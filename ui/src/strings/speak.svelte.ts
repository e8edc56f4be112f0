/**
 * The catalogue in use. English comes with the window, so that it shows something at once and never
 * nothing; other languages are fetched when they are spoken. What is said is read from state, so a
 * change of language shows everywhere without a reload.
 *
 * Fluent rather than a table of texts with holes: a translation decides on its own where a language
 * needs plural forms, and how its numbers are written. Fluent's marks around what is put into a
 * sentence, which keep a name in another script from disturbing it, are set only in a window laid
 * out from right to left: elsewhere they would be in everything that is copied.
 */
import { FluentBundle, FluentResource } from "@fluent/bundle";

import { overridden, voiceFor, type Choice, type Language, type Voice } from "./choice";
import english from "./en.ftl?raw";
import type { Messages } from "./messages";

/** The name of a message. */
export type Id = keyof Messages;

/** What a message is given; nothing when it has no variables. */
export type Given<K extends Id> = [Messages[K]] extends [never] ? [] : [args: Record<Messages[K], string | number>];

/** A part of a sentence: text, or the place of something that is more than text. */
export type Piece<S extends string> = { text: string; slot: null } | { text: null; slot: S };

/** A language's catalogue, and what says for it what the engine says. */
type Catalogue = { own: FluentResource; told: (text: string) => string };

const ENGLISH: Catalogue = { own: new FluentResource(english), told: (text) => text };

const LATER: Record<Exclude<Language, "en">, () => Promise<Catalogue>> = {
  de: async () => {
    const [own, engine, { translator }] = await Promise.all([import("./de.ftl?raw"), import("./engine.de.json"), import("./engine")]);
    return { own: new FluentResource(own.default), told: translator(engine.default) };
  },
};

type Spoken = Voice & { bundle: FluentBundle; told: (text: string) => string };

let spoken: Spoken = $state.raw(speaking(voiceFor("en", navigator.languages), ENGLISH));
let turn = 0;

function speaking(voice: Voice, catalogue: Catalogue): Spoken {
  const bundle = new FluentBundle(voice.locale, { useIsolating: voice.direction === "rtl" });
  bundle.addResource(catalogue.own);
  return { ...voice, bundle, told: catalogue.told };
}

/**
 * Speaks the chosen language from now on: at once where that is English, else when its catalogue is
 * here. One that cannot be fetched leaves the window in the language it has.
 */
export async function speak(choice: Choice): Promise<void> {
  turn += 1;
  const mine = turn;
  const voice = voiceFor(choice, navigator.languages, overridden(window));
  if (voice.language === "en") {
    spoken = speaking(voice, ENGLISH);
    return;
  }
  const catalogue = await LATER[voice.language]().catch(() => null);
  if (catalogue !== null && mine === turn) spoken = speaking(voice, catalogue);
}

/** What the window says, in the language it speaks. */
export function t<K extends Id>(id: K, ...[args]: Given<K>): string {
  const { bundle } = spoken;
  const pattern = bundle.getMessage(id)?.value;
  if (pattern === undefined || pattern === null) return id;
  const faults: Error[] = [];
  const text = bundle.formatPattern(pattern, args, faults);
  if (import.meta.env.DEV && faults[0]) throw faults[0];
  return text;
}

/** What the engine says, in the language the window speaks. */
export function told(text: string): string {
  return spoken.told(text);
}

/** A message in pieces, cut where its variables stand, for those that are more than text. */
export function pieces<K extends Id>(id: K, slots: readonly Messages[K][]): Piece<Messages[K]>[] {
  // Signs of the private use area: no text of ours has them.
  const marks = Object.fromEntries(slots.map((slot, i) => [slot, `\uE000${i}\uE001`]));
  const cut = t(id, ...([marks] as unknown as Given<K>)).split(/\uE000(\d+)\uE001/u);
  return cut.map((text, i) => {
    const slot = i % 2 === 1 ? slots[Number(text)] : undefined;
    return slot === undefined ? { text, slot: null } : { text: null, slot };
  });
}

/** How the window speaks. */
export const voice = {
  get language(): Language {
    return spoken.language;
  },
  get locale(): string {
    return spoken.locale;
  },
  get direction(): Voice["direction"] {
    return spoken.direction;
  },
};
