/**
 * How fast the window feels, measured while it is used. A measure ends when the document shows the
 * outcome; the wait for the screen's next frame, which no program can shorten, is not in it.
 */
import { tick } from "svelte";

import type { Felt, FeltAction } from "../host";

/** Milliseconds each action should take at most, with a hundred thousand items. */
export const TARGETS: Record<FeltAction, number> = { focus: 16, open: 50, search: 50, archive: 16, start: 700 };
export const ACTIONS = Object.keys(TARGETS) as FeltAction[];

/** Newest measures of each action that count. */
const KEEP = 500;

/** The value that the given part of the measures stays at or under; they are in order. */
export function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}

class FeltSpeed {
  #taken = new Map<FeltAction, number[]>();
  #counts = new Map<FeltAction, number>();
  #version = $state(0);

  /** What was measured so far; actions that did not happen yet are left out. */
  get summary(): Felt[] {
    void this.#version;
    return ACTIONS.flatMap((action) => {
      const sorted = (this.#taken.get(action) ?? []).toSorted((a, b) => a - b);
      if (sorted.length === 0) return [];
      return [{ action, count: this.#counts.get(action) ?? 0, p50: percentile(sorted, 0.5), p95: percentile(sorted, 0.95), target: TARGETS[action] }];
    });
  }

  /** An action took so many milliseconds. */
  record(action: FeltAction, took: number): void {
    if (!Number.isFinite(took) || took < 0) return;
    const taken = this.#taken.get(action) ?? [];
    taken.push(took);
    if (taken.length > KEEP) taken.shift();
    this.#taken.set(action, taken);
    this.#counts.set(action, (this.#counts.get(action) ?? 0) + 1);
    this.#version += 1;
  }

  /** An action that began at `since`, in the page's own time, is shown with the next update. */
  shown(action: FeltAction, since: number): void {
    void tick().then(() => this.record(action, performance.now() - since));
  }
}

export const felt = new FeltSpeed();
