import { beforeEach, expect, it, vi } from "vitest";

import { useHost, type Kept } from "../host";
import { MockHost } from "../host/mock";
import { toasts, undo } from "../parts/toast.svelte";
import { startEvents } from "./events";
import { keptSearches, queryOf, splitOf } from "./kept.svelte";
import { paramsOf } from "./list.svelte";
import { ui } from "./ui.svelte";

let host: MockHost;

beforeEach(async () => {
  host = new MockHost({ now: Date.parse("2026-11-21T10:00:00Z"), rows: 40 });
  useHost(host);
  ui.show({ view: "inbox", split: "all" });
  await keptSearches.refresh();
});

const keep = (kind: "search" | "split", name: string, query: string) => keptSearches.put({ id: null, kind, name, position: null, data: { query } });
const names = (all: readonly Kept[]) => all.map((kept) => kept.name);

it("stands searches and tabs apart, each in its order, tabs after those that are always there", async () => {
  await keep("search", "Kitchen", "kitchen");
  await keep("split", "Decks", "deck");
  await keep("split", "Tickets", "ticket");
  expect(names(keptSearches.searches)).toEqual(["Kitchen"]);
  const [decks, tickets] = keptSearches.splits.map(splitOf);
  expect(keptSearches.tabs).toEqual(["all", "people", "mail", "chat", "updates", "note", decks, tickets]);
  await keptSearches.put({ ...keptSearches.splits[1]!, position: 0 });
  expect(names(keptSearches.splits)).toEqual(["Tickets", "Decks"]);
});

it("knows which search is kept already", async () => {
  await keep("search", "Kitchen", "kitchen plan");
  expect(keptSearches.saved(" kitchen plan ")?.name).toBe("Kitchen");
  expect(keptSearches.saved("kitchen")).toBeUndefined();
  expect(keptSearches.saved("")).toBeUndefined();
});

it("asks the engine for what a tab searches for", async () => {
  await keep("split", "Decks", "deck");
  ui.showSplit(splitOf(keptSearches.splits[0]!));
  expect(paramsOf(ui.spot)).toEqual({ in: "inbox", source: null, query: "deck" });
});

it("counts what is unread of each: in the inbox for a tab, anywhere for a search", async () => {
  const stops = [startEvents(), keptSearches.start()];
  await keep("search", "Everything with a deck", "deck");
  await keep("split", "Decks", "deck");
  const unread = async (view: "all" | "inbox") => (await host.call("threads.list", { in: view, query: "deck", unread: true })).total;
  expect(await unread("inbox")).toBeGreaterThan(0);
  const deck = (await host.call("threads.list", { in: "inbox", query: "deck", unread: true })).threads[0]!;
  await host.call("act", { verb: "archive", threads: [deck.id] });
  const [inbox, all] = [await unread("inbox"), await unread("all")];
  await vi.waitFor(() => expect([keptSearches.splits, keptSearches.searches].map(([one]) => keptSearches.unread(one!))).toEqual([inbox, all]), { timeout: 10_000 });
  expect(all).toBe(inbox + 1);
  for (const stop of stops) stop();
});

it("shows everything when the tab on show is removed, and puts it back where it was", async () => {
  await keep("split", "Decks", "deck");
  await keep("split", "Tickets", "ticket");
  ui.showSplit(splitOf(keptSearches.splits[0]!));
  await keptSearches.remove(keptSearches.splits[0]!);
  expect(ui.spot.split).toBe("all");
  expect(names(keptSearches.splits)).toEqual(["Tickets"]);
  const last = toasts().at(-1)!;
  expect(last.text).toContain("Decks");
  await undo(last);
  expect(names(keptSearches.splits)).toEqual(["Decks", "Tickets"]);
});

it("reads the list anew when the tab on show searches for something else", async () => {
  await keep("split", "Decks", "deck");
  ui.showSplit(splitOf(keptSearches.splits[0]!));
  const before = ui.spot;
  await keptSearches.put({ ...keptSearches.splits[0]!, name: "Slides" });
  expect(ui.spot).toBe(before);
  await keptSearches.put({ ...keptSearches.splits[0]!, data: { query: "slides" } });
  expect(ui.spot).not.toBe(before);
  expect(queryOf(keptSearches.own(ui.spot.split)!)).toBe("slides");
});

it("says why one could not be kept", async () => {
  host.call = async () => Promise.reject(Object.assign(new Error(), { code: "invalid", message: "Give it a name." }));
  expect(await keep("search", "", "x")).toBeNull();
  expect(toasts().at(-1)).toMatchObject({ text: "Give it a name.", tone: "problem" });
});

it("takes back what was kept: a new one goes, another one is as it was", async () => {
  const fresh: Kept = { id: null, kind: "split", name: "Decks", position: null, data: { query: "deck" } };
  const made = (await keptSearches.put(fresh))!;
  const before = keptSearches.splits[0]!;
  const changed = (await keptSearches.put({ ...before, name: "Slides" }))!;
  expect(names(keptSearches.splits)).toEqual(["Slides"]);
  await keptSearches.back(changed, before);
  expect(names(keptSearches.splits)).toEqual(["Decks"]);
  await keptSearches.back(made, fresh);
  expect(keptSearches.splits).toEqual([]);
});
