import { expect, it } from "vitest";

import type { OpState, OpView } from "../../host";

import { attemptsWord, canCancel, canEdit, canRetry, nextTry, sorted, stateWord } from "./op";

const NOW = Date.parse("2026-11-21T09:00:00Z");
const op = (change: Partial<OpView> = {}): OpView => ({
  id: "o1", source: "s1", thread: "t1", kind: "send", state: "queued", reason: null, attempts: 0,
  not_before: "2026-11-21T09:00:08Z", key: "k", title: "Ana: Plan", created_at: "2026-11-21T09:00:00Z", delivery: [], ...change,
});

it("counts down to the moment a message goes out, and says when it is tried again", () => {
  expect(nextTry(op(), NOW)).toBe("Goes out in 8 s");
  expect(nextTry(op(), NOW + 20_000)).toBe("Goes out now");
  expect(nextTry(op({ attempts: 2, not_before: "2026-11-21T09:09:00Z" }), NOW)).toMatch(/^Tries again .*9 min/u);
  expect(nextTry(op({ state: "unknown" }), NOW)).toMatch(/whether it arrived/u);
  for (const state of ["parked", "done", "cancelled", "sending"] as const) expect(nextTry(op({ state }), NOW)).toBeNull();
});

it("offers what the state allows", () => {
  const offers = (change: Partial<OpView>) => [canRetry(op(change)), canEdit(op(change)), canCancel(op(change))];
  expect(offers({ state: "parked" })).toEqual([true, true, true]);
  // Told through a channel: nobody wrote it.
  expect(offers({ state: "parked", thread: null })).toEqual([true, false, true]);
  expect(offers({ state: "queued" })).toEqual([false, true, true]);
  expect(offers({ state: "queued", attempts: 1 })).toEqual([true, true, true]);
  expect(offers({ state: "queued", kind: "move" })).toEqual([false, false, true]);
  for (const state of ["sending", "unknown", "done", "cancelled"] as const) expect(offers({ state })).toEqual([false, false, false]);
});

it("has a word for every state, and for attempts", () => {
  const states: OpState[] = ["queued", "sending", "unknown", "done", "parked", "cancelled"];
  expect(new Set(states.map((state) => stateWord(op({ state })))).size).toBe(states.length);
  expect(stateWord(op({ state: "done", kind: "flags" }))).toBe("Done");
  expect([attemptsWord(op()), attemptsWord(op({ attempts: 1 })), attemptsWord(op({ attempts: 4 }))]).toEqual([null, "1 attempt", "4 attempts"]);
});

it("puts what needs the person first, and the newest before the older", () => {
  const ids = sorted([
    op({ id: "done", state: "done" }),
    op({ id: "old", created_at: "2026-11-21T08:00:00Z" }),
    op({ id: "new" }),
    op({ id: "stuck", state: "parked", created_at: "2026-11-20T08:00:00Z" }),
  ]).map((one) => one.id);
  expect(ids).toEqual(["stuck", "new", "old", "done"]);
});
