import { cleanup, render, screen } from "@testing-library/svelte";
import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import ListSkeleton from "../views/list/Skeleton.svelte";
import Skeleton from "./Skeleton.svelte";

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

describe("a place that is held", () => {
  const places = { "in a view": () => render(Skeleton), "in a list": () => render(ListSkeleton) };
  for (const [name, hold] of Object.entries(places)) {
    it(`comes after a blink of 150 ms ${name}, also where nothing may move`, () => {
      hold();
      vi.advanceTimersByTime(149);
      flushSync();
      expect(screen.queryByTestId("skeleton")).toBeNull();
      vi.advanceTimersByTime(1);
      flushSync();
      expect(screen.getByRole("status", { name: "Loading" })).toBe(screen.getByTestId("skeleton"));
    });
  }
});
