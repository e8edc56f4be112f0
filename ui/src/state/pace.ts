/** How fast something gets on, and so how long it will take. */

/** Milliseconds of the past that count. */
const WINDOW = 20_000;
/** Milliseconds before a pace is told: the first pieces say little. */
const LEAST = 3_000;

export class Pace {
  #seen: { done: number; at: number }[] = [];

  /** So much was done at this moment, in milliseconds of any clock that only goes forward. */
  saw(done: number, at: number): void {
    const last = this.#seen.at(-1);
    if (last && done < last.done) this.#seen = [];
    this.#seen.push({ done, at });
    while (this.#seen.length > 2 && (this.#seen[1]?.at ?? at) < at - WINDOW) this.#seen.shift();
  }

  /** It stands still: what was before says nothing about what comes. */
  rest(): void {
    this.#seen = [];
  }

  /** Seconds until `total` is reached; null when nobody can tell yet. */
  left(total: number): number | null {
    const first = this.#seen[0];
    const last = this.#seen.at(-1);
    if (!first || !last || last.at - first.at < LEAST || last.done <= first.done) return null;
    const perSecond = ((last.done - first.done) * 1000) / (last.at - first.at);
    return Math.max(0, total - last.done) / perSecond;
  }
}
