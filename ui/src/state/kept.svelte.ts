/**
 * The searches a person keeps: those that stand in the rail, and the tabs of their own above the
 * list. The engine has them; here they are at hand for the rail, the tabs, the palette and the
 * settings, each with how much of what it finds is unread.
 */
import { call, failure, sentence, type Failure, type Kept, type Stop } from "../host";
import { toast } from "../parts/toast.svelte";
import { t } from "../strings";
import { coalesce, onEvent } from "./events";
import { Order } from "./order";
import { ui, type Split } from "./ui.svelte";

/** Milliseconds between an event and the counting that follows it: every search is run for it. */
const SOON = 1000;

const BUILT_IN: readonly Split[] = ["all", "people", "mail", "chat", "updates", "note"];

/** What it searches for. */
export function queryOf(kept: Kept): string {
  return String(kept.data["query"] ?? "");
}

/** The tab a kept split is. */
export function splitOf(kept: Kept): Split {
  return `own-${kept.id}`;
}

class KeptSearches {
  searches: Kept[] = $state.raw([]);
  splits: Kept[] = $state.raw([]);
  /** The engine has answered once. */
  known = $state(false);
  /** Why it did not the last time. */
  error: Failure | null = $state.raw(null);
  /** Unread conversations by id; none where the index could not answer. */
  #unread: ReadonlyMap<string, number> = $state.raw(new Map());
  #order = new Order();
  #soon = coalesce(SOON, () => this.#count());

  unread(kept: Kept): number {
    return this.#unread.get(kept.id ?? "") ?? 0;
  }

  /** Every tab in its order, the person's own after the others. */
  get tabs(): readonly Split[] {
    return [...BUILT_IN, ...this.splits.map(splitOf)];
  }

  /** The person's own tab behind a split; nothing for the others. */
  own(split: Split): Kept | undefined {
    return this.splits.find((kept) => splitOf(kept) === split);
  }

  /** The one that stands in the rail for a query. */
  saved(query: string): Kept | undefined {
    const wanted = query.trim();
    return wanted === "" ? undefined : this.searches.find((kept) => queryOf(kept) === wanted);
  }

  async refresh(): Promise<void> {
    const counts = this.#order.ask();
    try {
      const [searches, splits] = await Promise.all([call("kept.list", { kind: "search" }), call("kept.list", { kind: "split" })]);
      if (!counts()) return;
      const shown = this.own(ui.spot.split);
      this.searches = searches;
      this.splits = splits;
      [this.known, this.error] = [true, null];
      this.#settle(shown);
      this.#soon();
    } catch (error) {
      // What is shown stays until the engine answers again.
      if (counts()) this.error = failure(error);
    }
  }

  /** Keeps one, new or changed, and answers what is kept; nothing when it is not, and says why. */
  async put(kept: Kept): Promise<Kept | null> {
    return this.#change(() => call("kept.put", kept));
  }

  /** Takes back that one was kept: a new one goes, another one is as it was before. */
  async back(made: Kept, before: Kept): Promise<void> {
    const { id } = made;
    if (before.id !== null) await this.put(before);
    else if (id !== null) await this.#change(() => call("kept.remove", { id }));
  }

  /** Forgets one, with a way back. */
  async remove(kept: Kept): Promise<void> {
    const id = kept.id;
    if (id === null || !(await this.#change(() => call("kept.remove", { id })))) return;
    toast(t("kept-removed", { name: kept.name }), { undo: () => this.put({ ...kept, id: null }) });
  }

  start(): Stop {
    return onEvent((event) => {
      if (event.event === "kept" || event.event === "resync") void this.refresh();
      if (event.event === "changed" || event.event === "indexed") this.#soon();
    });
  }

  async #change<T>(change: () => Promise<T>): Promise<T | null> {
    let done: T;
    try {
      done = await this.#order.during(change);
    } catch (error) {
      toast(sentence(error), { tone: "problem" });
      return null;
    }
    await this.refresh();
    return done;
  }

  /** A tab that is on show and went leaves everything on show; one that changed is read anew. */
  #settle(before: Kept | undefined): void {
    if (!before) return;
    const now = this.own(ui.spot.split);
    if (!now) ui.showSplit("all");
    else if (queryOf(now) !== queryOf(before)) ui.spot = { ...ui.spot };
  }

  async #count(): Promise<void> {
    const unread = new Map<string, number>();
    for (const kept of [...this.searches, ...this.splits]) {
      const params = { in: kept.kind === "split" ? "inbox" : "all", query: queryOf(kept), unread: true, limit: 1 } as const;
      const total = await call("threads.list", params).then((page) => page.total, () => 0);
      unread.set(kept.id ?? "", total);
    }
    this.#unread = unread;
  }
}

export const keptSearches = new KeptSearches();
