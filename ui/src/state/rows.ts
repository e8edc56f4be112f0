/**
 * A long list of which only parts are here. Rows are known by position and by id; taking some out
 * closes the gap at once, and putting them back opens it where it was.
 */

/** A row that was taken out, and where it stood. */
export type Taken<T> = { index: number; row: T };

export class SparseRows<T extends { id: string }> {
  #total = 0;
  #byIndex = new Map<number, T>();
  #byId = new Map<string, number>();

  /** Rows in the whole list. */
  get total(): number {
    return this.#total;
  }

  /** Rows that are here. */
  get loaded(): number {
    return this.#byIndex.size;
  }

  at(index: number): T | undefined {
    return this.#byIndex.get(index);
  }

  /** Where a row stands; -1 when it is not here. */
  indexOf(id: string): number {
    return this.#byId.get(id) ?? -1;
  }

  /** Rows that are here, in order. */
  here(): T[] {
    return [...this.#byIndex.entries()].sort(([a], [b]) => a - b).map(([, row]) => row);
  }

  clear(): void {
    this.#total = 0;
    this.#byIndex.clear();
    this.#byId.clear();
  }

  /** Takes in a page. A row that moved since another page was read keeps its newest position. */
  put(offset: number, rows: readonly T[], total: number): void {
    if (total < this.#total) {
      for (const [index, row] of this.#byIndex) {
        if (index >= total) this.#drop(index, row.id);
      }
    }
    this.#total = total;
    rows.forEach((row, i) => {
      const index = offset + i;
      if (index >= total) return;
      const before = this.#byId.get(row.id);
      if (before !== undefined && before !== index) this.#byIndex.delete(before);
      const there = this.#byIndex.get(index);
      if (there && there.id !== row.id) this.#byId.delete(there.id);
      this.#byIndex.set(index, row);
      this.#byId.set(row.id, index);
    });
  }

  /** Changes the rows that are here. */
  patch(ids: readonly string[], change: (row: T) => T): void {
    for (const id of ids) {
      const index = this.#byId.get(id);
      const row = index === undefined ? undefined : this.#byIndex.get(index);
      if (index !== undefined && row) this.#byIndex.set(index, change(row));
    }
  }

  /** Takes rows out and closes the gaps; answers what is needed to put them back. */
  take(ids: readonly string[]): Taken<T>[] {
    const taken = ids
      .map((id) => this.#byId.get(id))
      .filter((index) => index !== undefined)
      .sort((a, b) => a - b)
      .map((index) => ({ index, row: this.#byIndex.get(index) as T }));
    if (taken.length === 0) return [];
    const gone = taken.map((one) => one.index);
    this.#rebuild((index) => {
      const before = countBelow(gone, index);
      return gone[before] === index ? null : index - before;
    });
    this.#total -= taken.length;
    return taken;
  }

  /** Puts taken rows back where they stood. */
  restore(taken: readonly Taken<T>[]): void {
    const back = [...taken].sort((a, b) => a.index - b.index).filter((one) => !this.#byId.has(one.row.id));
    for (const { index, row } of back) {
      const at = Math.min(index, this.#total);
      this.#rebuild((old) => (old >= at ? old + 1 : old));
      this.#byIndex.set(at, row);
      this.#byId.set(row.id, at);
      this.#total += 1;
    }
  }

  /** Whether every row of a range is here. */
  has(from: number, to: number): boolean {
    for (let index = Math.max(0, from); index < Math.min(to, this.#total); index += 1) {
      if (!this.#byIndex.has(index)) return false;
    }
    return true;
  }

  #drop(index: number, id: string): void {
    this.#byIndex.delete(index);
    if (this.#byId.get(id) === index) this.#byId.delete(id);
  }

  #rebuild(move: (index: number) => number | null): void {
    const rows = this.#byIndex;
    this.#byIndex = new Map();
    this.#byId = new Map();
    for (const [index, row] of rows) {
      const to = move(index);
      if (to === null) continue;
      this.#byIndex.set(to, row);
      this.#byId.set(row.id, to);
    }
  }
}

/** How many of the sorted numbers are smaller than `limit`. */
function countBelow(sorted: readonly number[], limit: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? Infinity) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
