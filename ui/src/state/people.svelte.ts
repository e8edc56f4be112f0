/** Everybody, as the people screen lists them. */
import { call, failure, type Failure, type PersonRow, type Stop } from "../host";
import { coalesce, onEvent } from "./events";

/** People of one page. */
export const PAGE = 200;

class People {
  rows: PersonRow[] = $state.raw([]);
  total = $state(0);
  query = $state("");
  loading = $state(true);
  error: Failure | null = $state.raw(null);
  /** The one that is looked at, by handle. */
  chosen = $state("");

  #asked = 0;

  /** Looks for others. */
  find(query: string): void {
    this.query = query;
    void this.#read(PAGE);
  }

  /** One page more than there is. */
  more(): void {
    void this.#read(this.rows.length + PAGE);
  }

  /** Reads, and again when something changed, until stopped. */
  start(): Stop {
    void this.#read(Math.max(PAGE, this.rows.length));
    const soon = coalesce(1_000, () => this.#read(Math.max(PAGE, this.rows.length)));
    return onEvent((event) => {
      if (event.event === "changed" || event.event === "kept" || event.event === "resync") soon();
    });
  }

  async #read(count: number): Promise<void> {
    const asked = ++this.#asked;
    try {
      const rows: PersonRow[] = [];
      let total = 0;
      while (rows.length < count) {
        const page = await call("people.list", { query: this.query, limit: PAGE, skip: rows.length });
        if (asked !== this.#asked) return;
        rows.push(...page.people);
        total = page.total;
        if (page.people.length < PAGE) break;
      }
      [this.rows, this.total, this.error] = [rows, total, null];
    } catch (error) {
      if (asked === this.#asked) this.error = failure(error);
    } finally {
      if (asked === this.#asked) this.loading = false;
    }
  }
}

export const people = new People();
