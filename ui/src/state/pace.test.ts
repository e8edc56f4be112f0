import { expect, test } from "vitest";

import { Pace } from "./pace";

test("a steady pace tells what is left, after a moment", () => {
  const pace = new Pace();
  pace.saw(0, 0);
  pace.saw(100, 1000);
  expect(pace.left(1000)).toBeNull();
  pace.saw(400, 4000);
  expect(pace.left(1000)).toBeCloseTo(6);
});

test("what stands still has no end in sight", () => {
  const pace = new Pace();
  pace.saw(10, 0);
  pace.saw(10, 9000);
  expect(pace.left(100)).toBeNull();
});

test("only the last moments count", () => {
  const pace = new Pace();
  for (let second = 0; second <= 60; second += 1) pace.saw(second <= 30 ? second : 30 + (second - 30) * 10, second * 1000);
  expect(pace.left(430)).toBeCloseTo(10, 0);
});

test("after a rest, or from the beginning again, it is measured anew", () => {
  const pace = new Pace();
  pace.saw(0, 0);
  pace.saw(1000, 5000);
  pace.rest();
  expect(pace.left(2000)).toBeNull();
  pace.saw(1000, 60_000);
  pace.saw(0, 61_000);
  pace.saw(10, 66_000);
  expect(pace.left(20)).toBeCloseTo(5);
});
