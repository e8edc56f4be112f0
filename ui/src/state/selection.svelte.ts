/** Which conversations are chosen: some by name, or everything that a list or a search holds. */
import type { ListParams } from "../host";

/** What an action is meant for. */
export type Target =
  | { ids: readonly string[] }
  | { list: ListParams; count: number }
  | { query: string; count: number };

export class Selection {
  ids: ReadonlySet<string> = $state.raw(new Set());
  /** Everything there is, also what was never read; then nothing is named in `ids`. */
  whole = $state(false);

  get any(): boolean {
    return this.whole || this.ids.size > 0;
  }

  has(id: string): boolean {
    return this.whole || this.ids.has(id);
  }

  toggle(id: string): void {
    const next = new Set(this.ids);
    if (!next.delete(id)) next.add(id);
    this.ids = next;
  }

  add(ids: Iterable<string>): void {
    this.ids = new Set([...this.ids, ...ids]);
  }

  drop(ids: Iterable<string>): void {
    if (this.ids.size === 0) return;
    const next = new Set(this.ids);
    for (const id of ids) next.delete(id);
    this.ids = next;
  }

  /** Chooses exactly these. */
  only(ids: Iterable<string>): void {
    this.whole = false;
    this.ids = new Set(ids);
  }

  all(): void {
    this.ids = new Set();
    this.whole = true;
  }

  clear(): void {
    this.whole = false;
    if (this.ids.size > 0) this.ids = new Set();
  }
}
