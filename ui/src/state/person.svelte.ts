/** Who the inspector or the people screen tells about. */
import { call, failure, type Failure, type Party, type PersonView, type Stop, type ThreadView } from "../host";
import { coalesce, onEvent } from "./events";

/** Somebody as one source knows them. */
export type Who = { source: string | null; party: Party };

/** People of a conversation that can be chosen from at most. */
const MOST = 30;

/** Everybody in a conversation beside me: those who wrote, the newest first, then the others. */
export function peopleOf(view: ThreadView, me: string | null): Party[] {
  const mine = new Set([me?.toLowerCase(), ...view.items.filter((item) => item.from_me).map((item) => item.from?.handle.toLowerCase())]);
  const all = [
    ...view.items.filter((item) => !item.from_me).map((item) => item.from).reverse(),
    ...view.thread.people,
    ...view.items.flatMap((item) => [...item.to, ...item.cc]),
  ];
  const found = new Map<string, Party>();
  for (const party of all) {
    const handle = party?.handle.toLowerCase() ?? "";
    if (party && handle !== "" && !mine.has(handle) && !found.has(handle)) found.set(handle, party);
    if (found.size === MOST) break;
  }
  return [...found.values()];
}

class Person {
  value: PersonView | null = $state.raw(null);
  error: Failure | null = $state.raw(null);
  who: Who | null = $state.raw(null);

  #asked = 0;
  /** The newest reading that was answered. */
  #answered = 0;

  /** Tells about somebody; null tells about nobody. */
  async show(who: Who | null): Promise<void> {
    const same = who !== null && who.source === this.who?.source && who.party.handle === this.who.party.handle;
    this.who = who;
    if (!same) {
      this.value = null;
      this.error = null;
    }
    await this.#read();
  }

  /** Reads again at once: whose handles belong together has changed. */
  again(): Promise<void> {
    return this.#read();
  }

  /** Reads again when something changed, until stopped. */
  start(): Stop {
    const soon = coalesce(400, () => this.#read());
    return onEvent((event) => {
      if (event.event === "changed" || event.event === "kept" || event.event === "suggestions" || event.event === "resync") soon();
    });
  }

  async #read(): Promise<void> {
    const who = this.who;
    const asked = ++this.#asked;
    if (who === null) return;
    try {
      const found = await call("person.get", { source: who.source, handle: who.party.handle, name: who.party.name });
      // One that is read again and again is shown as it was meanwhile, not only once nobody asks any more.
      if (!this.#counts(who, asked)) return;
      this.value = found;
      this.error = null;
    } catch (error) {
      if (this.#counts(who, asked)) this.error = failure(error);
    }
  }

  /** Whether an answer is about who is looked at, and newer than what is shown. */
  #counts(who: Who, asked: number): boolean {
    if (who.source !== this.who?.source || who.party.handle !== this.who.party.handle || asked < this.#answered) return false;
    this.#answered = asked;
    return true;
  }
}

export const person = new Person();
