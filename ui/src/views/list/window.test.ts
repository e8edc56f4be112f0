import { describe, expect, it } from "vitest";

import { inSight, reveal, slots } from "./window";

describe("inSight", () => {
  it("draws what is in sight and a little more", () => {
    expect(inSight(0, 600, 76, 100_000, 6)).toEqual({ from: 0, to: 14 });
    expect(inSight(7600, 600, 76, 100_000, 6)).toEqual({ from: 94, to: 114 });
  });
  it("ends with the list", () => {
    const end = 100_000 * 76 - 600;
    expect(inSight(end, 600, 76, 100_000, 6).to).toBe(100_000);
  });
  it("draws rows when it is scrolled beyond a list that became short", () => {
    expect(inSight(50_000, 600, 76, 10, 3)).toEqual({ from: 6, to: 10 });
  });
  it("draws nothing of nothing", () => {
    expect(inSight(0, 600, 76, 0, 6)).toEqual({ from: 0, to: 0 });
    expect(inSight(0, 600, 0, 10, 6)).toEqual({ from: 0, to: 0 });
  });
  it("bears a scroll position above the top and no height", () => {
    expect(inSight(-40, 600, 76, 5, 0)).toEqual({ from: 0, to: 5 });
    expect(inSight(0, 0, 76, 5, 1)).toEqual({ from: 0, to: 1 });
  });
});

describe("reveal", () => {
  it("does not move for a row in sight", () => {
    expect(reveal(3, 0, 600, 76)).toBe(0);
  });
  it("moves just enough", () => {
    expect(reveal(8, 0, 600, 76)).toBe(9 * 76 - 600);
    expect(reveal(2, 400, 600, 76)).toBe(152);
  });
  it("shows the top of a row taller than the window", () => {
    expect(reveal(4, 0, 50, 76)).toBe(304);
  });
});

describe("slots", () => {
  it("are never fewer than the rows that are drawn, wherever the list is scrolled to", () => {
    for (const height of [1, 75, 76, 77, 600, 1440]) {
      const most = slots(height, 76, 6);
      for (let top = 0; top < 76 * 40; top += 13) {
        const { from, to } = inSight(top, height, 76, 100_000, 6);
        expect(to - from).toBeLessThanOrEqual(most);
      }
    }
  });
});
