/** What was searched and found. A newer search cancels the one before it. */
import { call, failure, type Coverage, type Failure, type SearchHit, type SearchSort, type SearchView, type Span, type Stop } from "../host";
import { coalesce, onEvent } from "./events";
import { felt } from "./felt.svelte";
import { Order } from "./order";
import { Selection } from "./selection.svelte";

const LIMIT = 50;
/** Hits whose lines of text come along: about what a window shows before anybody scrolls. */
const SHOWN = 12;
/** Milliseconds between an event and the reading of the coverage that follows it. */
const SOON = 1000;
/** The lane of the search box: one search at a time. */
const LANE = "box";

class SearchState {
  value: SearchView | null = $state.raw(null);
  hits: SearchHit[] = $state.raw([]);
  error: Failure | null = $state.raw(null);
  sort: SearchSort = $state("newest");
  /** Position of the focused hit. */
  focus = $state(-1);
  /** What can be found at all, known before anything is searched. */
  coverage: Coverage[] = $state.raw([]);
  /** The engine has said so once. */
  covered = $state(false);
  /** Why it did not the last time it was asked for that alone. */
  coverageError: Failure | null = $state.raw(null);
  busy = $state(false);
  /** Lines of text read since, for hits that came without, by item. */
  lines: ReadonlyMap<string, Span[]> = $state.raw(new Map());

  /** The conversations chosen among the hits. */
  readonly selection = new Selection();

  #turn = 0;
  #anchor = 0;
  #query = "";
  #typing = false;
  #reading = new Set<string>();
  #more = false;
  #coverage = new Order();
  #soon = coalesce(SOON, () => this.#later());

  /** Searches; `typing` when the last word may not be finished. */
  async run(query: string, typing: boolean): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#query = query;
    this.#typing = typing;
    this.selection.clear();
    if (query.trim() === "") {
      this.value = null;
      this.hits = [];
      this.error = null;
      this.busy = false;
      return;
    }
    this.busy = true;
    const covers = this.#coverage.ask();
    const asked = performance.now();
    try {
      const found = await call("search", { query, typing, limit: LIMIT, sort: this.sort, lane: LANE, snippets: SHOWN });
      if (turn !== this.#turn) return;
      this.value = found;
      this.hits = found.hits;
      this.lines = new Map();
      this.#reading = new Set();
      if (covers()) this.#cover(found.coverage);
      this.error = null;
      this.focus = found.hits.length > 0 ? 0 : -1;
      if (typing) felt.shown("search", asked);
      this.#anchor = this.focus;
    } catch (error) {
      const failed = failure(error);
      if (turn === this.#turn && failed.code !== "cancelled") this.error = failed;
      // Calls of two keys may overtake each other on their way, and the older one then ends the newer.
      if (turn === this.#turn && failed.code === "cancelled") return this.run(query, typing);
    } finally {
      if (turn === this.#turn) this.busy = false;
    }
  }

  /** Reads the next page of hits. */
  async more(): Promise<void> {
    const after = this.value?.next;
    // While something else is searched for, what is shown is of the search before.
    if (!after || this.#more || this.busy) return;
    const turn = this.#turn;
    this.#more = true;
    try {
      const found = await call("search", { query: this.#query, typing: this.#typing, limit: LIMIT, sort: this.sort, after, snippets: 0 });
      if (turn !== this.#turn) return;
      this.value = { ...found, total: this.value?.total ?? found.total };
      this.hits = [...this.hits, ...found.hits];
    } catch (error) {
      if (turn === this.#turn) this.error = failure(error);
    } finally {
      this.#more = false;
    }
  }

  /** Reads the lines of text of hits that came into sight without. */
  async readLines(hits: readonly SearchHit[]): Promise<void> {
    const wanted = hits.filter((hit) => hit.snippet.length === 0 && !this.#reading.has(hit.item)).map((hit) => hit.item);
    if (wanted.length === 0) return;
    const turn = this.#turn;
    const reading = this.#reading;
    for (const item of wanted) reading.add(item);
    try {
      const query = this.value?.corrected ?? this.#query;
      const found = await call("search.snippets", { query, typing: this.#typing, items: wanted });
      if (turn !== this.#turn) return;
      this.lines = new Map([...this.lines, ...found.map((one) => [one.item, one.snippet] as const)]);
    } catch {
      // The hit shows its subject; its lines are asked for again when it comes into sight again.
      for (const item of wanted) reading.delete(item);
    }
  }

  async sortBy(sort: SearchSort): Promise<void> {
    this.sort = sort;
    await this.run(this.#query, false);
  }

  /** The query that found what is shown: the corrected one where a typo was forgiven. */
  get found(): string {
    return this.value?.corrected ?? this.#query;
  }

  /** Selects everything that was found. What is chosen so is searched anew, with the last word as it is. */
  async selectAll(): Promise<void> {
    const query = this.#query;
    if (this.#typing) await this.run(query, false);
    if (this.#query === query && this.hits.length > 0) this.selection.all();
  }

  /** Selects from where the selection began to `index`, and moves the focus there. */
  extendTo(index: number): void {
    const anchor = this.#anchor;
    this.setFocus(index);
    this.#anchor = anchor;
    if (this.selection.whole) return;
    this.selection.add(this.hits.slice(Math.min(anchor, this.focus), Math.max(anchor, this.focus) + 1).map((hit) => hit.thread));
  }

  setFocus(index: number): void {
    this.focus = this.hits.length === 0 ? -1 : Math.min(Math.max(0, index), this.hits.length - 1);
    this.#anchor = this.focus;
    if (this.focus > this.hits.length - 10) void this.more();
  }

  /** Asks what can be found, without searching. */
  async readCoverage(): Promise<void> {
    const counts = this.#coverage.ask();
    try {
      const { coverage } = await call("search", { query: "", limit: 1 });
      if (counts()) this.#cover(coverage);
    } catch (error) {
      // The line under the box stays as it is until a search answers.
      if (counts()) this.coverageError = failure(error);
    }
  }

  #cover(coverage: Coverage[]): void {
    this.coverage = coverage;
    this.covered = true;
    this.coverageError = null;
  }

  /** What can be found has changed. Who looks at hits keeps them; who found nothing may find something now. */
  async #later(): Promise<void> {
    if (this.value && this.hits.length === 0) await this.run(this.#query, this.#typing);
    else await this.readCoverage();
  }

  start(): Stop {
    return onEvent((event) => {
      if (event.event === "source" || event.event === "indexed" || event.event === "resync") this.#soon();
    });
  }
}

export const search = new SearchState();
