import { expect, it } from "vitest";

import { felt, percentile } from "./felt.svelte";

it("counts every measure, and what is no time is none", () => {
  for (let i = 1; i <= 1000; i += 1) felt.record("focus", i);
  for (const no of [NaN, Infinity, -1]) felt.record("focus", no);
  // The newest five hundred count: 501 to 1000.
  expect(felt.summary).toEqual([{ action: "focus", count: 1000, p50: 750, p95: 975, target: 16 }]);
});

it("takes a percentile that was measured", () => {
  expect(percentile([], 0.5)).toBe(0);
  expect(percentile([7], 0.95)).toBe(7);
  expect(percentile([1, 2, 3, 4], 0.5)).toBe(2);
});
