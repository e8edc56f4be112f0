import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { t } from "../strings";
import { goBack, newest, offer } from "./back";
import { dismiss, toast, toasts, undoNewest } from "./toast.svelte";

const shown = () => toasts().map((one) => one.text);

beforeEach(() => vi.useFakeTimers());

afterEach(async () => {
  for (const one of [...toasts()]) dismiss(one.id);
  for (let way = newest(); way !== undefined; way = newest()) await goBack(way);
  vi.useRealTimers();
});

describe("toasts", () => {
  it("make room for a new one, what cannot be taken back first", () => {
    toast("Sent", { until: Date.now() + 10_000, undo: () => {} });
    toast("Archived", { undo: () => {} });
    toast("Synced");
    toast("Muted", { undo: () => {} });
    expect(shown()).toEqual(["Sent", "Archived", "Muted"]);
    toast("Snoozed", { undo: () => {} });
    expect(shown()).toEqual(["Sent", "Muted", "Snoozed"]);
  });

  it("keep a problem until somebody has read it, and say it once", () => {
    toast("The disk is full.", { tone: "problem" });
    for (const text of ["a", "b", "c", "d"]) toast(text);
    toast("The disk is full.", { tone: "problem" });
    vi.advanceTimersByTime(60_000);
    expect(shown()).toEqual(["The disk is full."]);
  });

  it("leave their way back behind when they go", async () => {
    const back = vi.fn();
    toast("Archived", { undo: back });
    vi.advanceTimersByTime(60_000);
    expect(shown()).toEqual([]);
    expect(await undoNewest()).toBe(true);
    expect(back).toHaveBeenCalledOnce();
    expect(await undoNewest()).toBe(false);
  });

  it("go with the way back they point at, which leads back once", async () => {
    const back = vi.fn();
    toast("Archived", { undo: back });
    const way = newest()!;
    await undoNewest();
    await goBack(way);
    expect(shown()).toEqual([]);
    expect(back).toHaveBeenCalledOnce();
  });

  it("say once of what cannot be taken back that it cannot, and go on with what was before", async () => {
    const back = vi.fn();
    toast("Archived", { undo: back });
    toast("Rejected", { final: true });
    expect(toasts().at(-1)?.way).toBeNull();
    expect(await undoNewest()).toBe(true);
    expect(shown()).toEqual(["Archived", "Rejected", t("undo-never")]);
    expect(back).not.toHaveBeenCalled();
    expect(await undoNewest()).toBe(true);
    expect(back).toHaveBeenCalledOnce();
    expect(await undoNewest()).toBe(false);
  });

  it("say it when there is no way back after all", async () => {
    toast("Sent", { undo: () => Promise.reject(new Error("This has been sent.")) });
    await undoNewest();
    expect(toasts().at(-1)?.tone).toBe("problem");
  });
});

it("a way back ends when it was said to", async () => {
  const late = vi.fn();
  const early = vi.fn();
  offer(early);
  offer(late, Date.now() + 1000);
  vi.advanceTimersByTime(1001);
  await goBack(newest()!);
  expect(late).not.toHaveBeenCalled();
  expect(early).toHaveBeenCalledOnce();
});
