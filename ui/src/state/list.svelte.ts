/**
 * The list beside the reader: pages of threads, read as they come into view. The engine's word
 * replaces ours only when no action of ours is on its way, so nothing that left comes back.
 */
import { call, failure, type Failure, type ListParams, type Stop, type ThreadRow } from "../host";
import { coalesce, onEvent } from "./events";
import { keptSearches, queryOf } from "./kept.svelte";
import { SparseRows, type Taken } from "./rows";
import { Selection } from "./selection.svelte";
import type { Spot } from "./ui.svelte";

/** Rows per page. */
export const PAGE = 100;

/** Pages asked for at once: who flies through a long list wants those where the flight ends. */
const AT_ONCE = 2;

/** Milliseconds between an event and the reading that follows it. */
const SOON = 120;

/** Most rows of a whole list from which one can be left out. */
export const SELECT_MOST = 2000;

/** Rows that were taken out of a list. */
export type Left = { spot: Spot; rows: Taken<ThreadRow>[] };

export class ThreadList {
  spot: Spot = $state.raw({ view: "inbox", source: null, split: "all" });
  /** The first page has been asked for and is not here. */
  loading = $state(true);
  error: Failure | null = $state.raw(null);
  /** Position of the focused row; -1 when the list is empty. */
  focus = $state(-1);
  readonly selection = new Selection();

  #rows = new SparseRows<ThreadRow>();
  #version = $state(0);
  /** Counts readings: what was asked before the newest one is thrown away. */
  #epoch = 0;
  #asked = new Set<number>();
  #focusId: string | null = null;
  #anchor = 0;
  #view: [number, number] = [0, PAGE];
  #acting = 0;
  /** Something is to be read that has not been. */
  #stale = false;
  /** First pages of lists seen before, to show something at once. */
  #kept = new Map<string, { rows: ThreadRow[]; total: number }>();
  #soon = coalesce(SOON, () => this.reload());

  get total(): number {
    void this.#version;
    return this.#rows.total;
  }

  row(index: number): ThreadRow | undefined {
    void this.#version;
    return this.#rows.at(index);
  }

  find(id: string): ThreadRow | undefined {
    void this.#version;
    return this.#rows.at(this.#rows.indexOf(id));
  }

  indexOf(id: string): number {
    return this.#rows.indexOf(id);
  }

  get focused(): ThreadRow | undefined {
    return this.row(this.focus);
  }

  /** Shows another list. */
  open(spot: Spot): void {
    this.#keep();
    this.spot = spot;
    this.#epoch += 1;
    this.#asked.clear();
    this.#rows.clear();
    this.#view = [0, PAGE];
    this.error = null;
    this.selection.clear();
    this.focus = -1;
    this.#focusId = null;
    const kept = this.#kept.get(keyOf(spot));
    this.loading = kept === undefined;
    if (kept) {
      this.#rows.put(0, kept.rows, kept.total);
      if (kept.rows.length > 0) this.setFocus(0);
    }
    this.#version += 1;
    void this.reload();
  }

  /** Makes sure that a range of rows is here or on its way. */
  ensure(from: number, to: number): void {
    this.#view = [from, to];
    if (this.loading || this.#acting > 0) return;
    // What is in sight before what is read ahead.
    const middle = (from + to) / 2 / PAGE - 0.5;
    const pages = pagesOf([from, Math.min(to, this.#rows.total)]).sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
    for (const page of pages) {
      if (this.#asked.size >= AT_ONCE) return;
      if (!this.#asked.has(page) && !this.#rows.has(page * PAGE, (page + 1) * PAGE)) void this.#load(page);
    }
  }

  /** Reads what is in view again. */
  async reload(): Promise<void> {
    this.#stale = true;
    if (this.#acting > 0) return;
    this.#epoch += 1;
    const epoch = this.#epoch;
    this.#asked.clear();
    const pages = new Set([0, ...pagesOf(this.#view)]);
    if (this.focus >= 0) pages.add(Math.floor(this.focus / PAGE));
    const asked = [...pages].sort((a, b) => a - b);
    try {
      const answers = await Promise.all(asked.map((page) => this.#read(page)));
      if (epoch !== this.#epoch) return;
      this.#rows.clear();
      const total = Math.max(...answers.map((answer) => answer.total));
      answers.forEach((answer, i) => this.#rows.put((asked[i] ?? 0) * PAGE, answer.threads, total));
      this.error = null;
      this.#settleFocus();
    } catch (error) {
      if (epoch !== this.#epoch) return;
      this.error = failure(error);
    }
    this.#stale = false;
    this.loading = false;
    this.#version += 1;
  }

  async #load(page: number): Promise<void> {
    const epoch = this.#epoch;
    this.#asked.add(page);
    try {
      const answer = await this.#read(page);
      if (epoch !== this.#epoch) return;
      this.#rows.put(page * PAGE, answer.threads, answer.total);
      this.#version += 1;
      this.#asked.delete(page);
    } catch (error) {
      if (epoch !== this.#epoch) return;
      this.error = failure(error);
      this.#asked.delete(page);
      return;
    }
    // The view may be somewhere else by now.
    this.ensure(...this.#view);
  }

  #read(page: number) {
    return call("threads.list", { ...paramsOf(this.spot), limit: PAGE, offset: page * PAGE });
  }

  // Focus and selection

  setFocus(index: number): void {
    const last = this.#rows.total - 1;
    this.focus = last < 0 ? -1 : Math.min(Math.max(0, index), last);
    this.#focusId = this.#rows.at(this.focus)?.id ?? null;
    this.#anchor = this.focus;
  }

  focusOn(id: string): void {
    const index = this.#rows.indexOf(id);
    if (index >= 0) this.setFocus(index);
  }

  toggleSelected(id: string): void {
    this.selection.toggle(id);
    this.#anchor = this.focus;
  }

  /** Selects from where the selection began to `index`, and moves the focus there. */
  extendTo(index: number): void {
    const anchor = this.#anchor < 0 ? this.focus : this.#anchor;
    this.setFocus(index);
    this.#anchor = anchor;
    if (this.selection.whole) return;
    const next: string[] = [];
    for (let i = Math.min(anchor, this.focus); i <= Math.max(anchor, this.focus); i += 1) {
      const row = this.#rows.at(i);
      if (row) next.push(row.id);
    }
    this.selection.add(next);
  }

  /** Of everything that is selected all but one; answers whether there are few enough to name them. */
  async leaveOut(id: string): Promise<boolean> {
    if (this.total > SELECT_MOST) return false;
    const { spot } = this;
    const next = new Set<string>();
    for (let offset = 0; offset < this.total; offset += 500) {
      const page = await call("threads.list", { ...paramsOf(this.spot), limit: 500, offset });
      for (const row of page.threads) next.add(row.id);
      if (page.threads.length === 0) break;
    }
    next.delete(id);
    // The person may have gone on meanwhile: to another list, or to leave another one out as well.
    if (spot === this.spot && this.selection.whole) this.selection.only(next);
    else if (spot === this.spot) this.selection.drop([id]);
    return true;
  }

  // Actions, shown before they are done

  /** An action begins: until `settled` the engine's pages wait. */
  begin(): void {
    this.#acting += 1;
    // What was asked before does not know of it.
    this.#epoch += 1;
    this.#asked.clear();
  }

  settled(): void {
    this.#acting -= 1;
    if (this.#acting > 0) return;
    if (this.#stale) {
      void this.reload();
    } else {
      this.ensure(...this.#view);
    }
  }

  /** Takes rows out; what is answered puts them back. */
  take(ids: readonly string[]): Left {
    const rows = this.#rows.take(ids);
    this.selection.drop(ids);
    this.#version += 1;
    return { spot: this.spot, rows };
  }

  /** Puts rows back, unless another list is on show by now: it is read as the engine has it. */
  restore({ spot, rows }: Left): void {
    if (spot !== this.spot) return;
    this.#rows.restore(rows);
    const first = rows[0];
    if (first) this.focusOn(first.row.id);
    this.#version += 1;
  }

  patch(ids: readonly string[], change: (row: ThreadRow) => ThreadRow): void {
    this.#rows.patch(ids, change);
    this.#version += 1;
  }

  /** The rows changed under the person's hands: read again, soon. */
  touch(): void {
    this.#soon();
  }

  /** Everything that was read is old: the world behind it is another one. */
  forget(): void {
    this.#kept.clear();
  }

  start(): Stop {
    return onEvent((event) => {
      if (event.event === "resync") this.forget();
      if (event.event === "changed" || event.event === "suggestions" || event.event === "resync") this.#soon();
    });
  }

  #settleFocus(): void {
    const total = this.#rows.total;
    const known = this.#focusId === null ? -1 : this.#rows.indexOf(this.#focusId);
    if (known >= 0) this.focus = known;
    else this.focus = total === 0 ? -1 : Math.min(Math.max(0, this.focus), total - 1);
    this.#focusId = this.#rows.at(this.focus)?.id ?? null;
  }

  #keep(): void {
    if (this.#rows.total === 0 && this.loading) return;
    const rows: ThreadRow[] = [];
    for (let i = 0; i < PAGE; i += 1) {
      const row = this.#rows.at(i);
      if (!row) break;
      rows.push(row);
    }
    this.#kept.set(keyOf(this.spot), { rows, total: this.#rows.total });
  }
}

function keyOf(spot: Spot): string {
  return `${spot.view} ${spot.source ?? ""} ${spot.split}`;
}

function pagesOf([from, to]: [number, number]): number[] {
  const pages: number[] = [];
  for (let page = Math.floor(Math.max(0, from) / PAGE); page * PAGE < to; page += 1) pages.push(page);
  return pages;
}

/** The engine's words for a spot. */
export function paramsOf(spot: Spot): Partial<ListParams> {
  const { view, source, split } = spot;
  switch (split) {
    case "all":
      return { in: view, source, kind: null };
    case "people":
    case "updates":
      return { in: view, source, group: split };
    case "mail":
    case "chat":
    case "note":
      return { in: view, source, kind: split };
    default: {
      const own = keptSearches.own(split);
      return { in: view, source, query: own ? queryOf(own) : null };
    }
  }
}

export const list = new ThreadList();
