/** What the engine answers late takes nothing back: neither what is shown already nor what the person has done meanwhile. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { useHost, type ActionView, type CommandName, type LockView, type Params, type Result } from "../host";
import { LateHost } from "../host/mock-late";
import { dismiss, toasts, undo } from "../parts/toast.svelte";
import { act, look, tickTodo } from "./acts";
import { startEvents } from "./events";
import { keptSearches } from "./kept.svelte";
import { list } from "./list.svelte";
import { lock } from "./lock.svelte";
import { meetings } from "./meetings.svelte";
import { next } from "./next.svelte";
import { search } from "./search.svelte";
import { settings } from "./settings.svelte";
import { status } from "./status.svelte";
import { thread } from "./thread.svelte";
import { ui } from "./ui.svelte";

/** An engine with a lock, and with cards. */
class World extends LateHost {
  locked = false;
  cards = ["t1", "t2", "t3"];

  protected override async answer<K extends CommandName>(name: K, params?: Params<K>): Promise<Result<K>> {
    const lockView = (): LockView => ({ locked: this.locked, set: true, wrong: 0, not_before: null });
    if (name === "lock.now") this.locked = true;
    if (name === "lock.unlock") this.locked = false;
    if (name.startsWith("lock.")) return lockView() as Result<K>;
    if (name === "actions.list") return { actions: this.cards.map((id) => ({ thread: { id }, sentence: id, todo: null })) as unknown as ActionView[], behind: 0 } as Result<K>;
    if (name === "act" && params !== undefined && "threads" in params) this.cards = this.cards.filter((id) => !(params.threads as string[]).includes(id));
    return super.answer(name, params);
  }
}

let host: World;
let stops: (() => void)[];

/** Everything that can go on without an answer has gone on. */
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(async () => {
  vi.useFakeTimers();
  host = new World({ now: Date.parse("2026-11-21T10:00:00Z"), rows: 250 });
  useHost(host);
  stops = [startEvents(), list.start(), thread.start()];
  for (const one of [...toasts()]) dismiss(one.id);
  Object.assign(ui, { query: "", thread: null, screen: "list" });
  list.open({ view: "inbox", source: null, split: "all" });
  await settled();
});

afterEach(async () => {
  host.releaseAll();
  // What is to be read soon is, before this clock stops for good.
  await vi.advanceTimersByTimeAsync(10_000);
  for (const stop of stops) stop();
  vi.useRealTimers();
});

describe("an older answer", () => {
  it("about everything is not shown over a newer one", async () => {
    host.late.add("status");
    const first = status.refresh();
    await host.call("draft.save", { id: null });
    const drafts = status.count("drafts");
    const second = status.refresh();
    await settled();
    host.release("status", 1);
    await second;
    expect(status.count("drafts")).toBe(3);
    host.release("status");
    await first;
    expect(status.count("drafts")).toBe(3);
    expect(drafts).not.toBe(3);
  });

  it("does not bring back the world that was left", async () => {
    host.late.add("status");
    const before = status.refresh();
    await status.after(() => host.call("demo.remove"));
    host.release("status");
    await before;
    expect(status.empty).toBe(true);
  });

  it("of the kept searches is not shown over a newer one", async () => {
    host.late.add("kept.list");
    const first = keptSearches.refresh();
    await settled();
    host.late.delete("kept.list");
    await keptSearches.put({ id: null, kind: "search", name: "Kitchen", position: null, data: { query: "kitchen" } });
    expect(keptSearches.searches.map((kept) => kept.name)).toEqual(["Kitchen"]);
    host.releaseAll();
    await first;
    expect(keptSearches.searches.map((kept) => kept.name)).toEqual(["Kitchen"]);
  });

  it("does not open a window that was locked", async () => {
    lock.set = true;
    host.late.add("lock.get");
    const asked = lock.refresh();
    await lock.now();
    expect(lock.locked).toBe(true);
    host.release("lock.get");
    await asked;
    expect(lock.locked).toBe(true);
    await lock.unlock("right");
    expect(lock.locked).toBe(false);
  });

  it("of a conversation is neither shown nor kept after news of it", async () => {
    host.late.add("thread.get");
    thread.prefetch("t9");
    await settled();
    await host.call("act", { verb: "star", threads: ["t9"] });
    host.emit({ event: "changed", rev: 2, threads: ["t9"] });
    host.releaseAll();
    await settled();
    await thread.open("t9");
    expect(thread.value?.thread.starred).toBe(true);
    await thread.open(null);
  });
});

describe("a setting", () => {
  beforeEach(() => settings.refresh());

  it("stands as it was chosen while an older reading is answered", async () => {
    host.late.add("config.list");
    const read = settings.refresh();
    host.slow.add("config.set");
    const change = settings.set("appearance.density", "compact");
    const again = settings.refresh();
    await settled();
    host.release("config.list");
    host.release("config.list");
    await Promise.all([read, again]);
    expect(settings.value("appearance.density")).toBe("compact");
    host.release("config.set");
    await change;
    expect(settings.find("appearance.density")).toMatchObject({ value: "compact", origin: "file" });
  });
});

describe("a card", () => {
  it("that was settled does not come back with a reading from before", async () => {
    ui.screen = "today";
    const stop = next.start("today");
    await settled();
    expect(next.cards).toHaveLength(3);
    host.late.add("actions.list");
    const read = next.refresh();
    await settled();
    host.slow.add("act");
    const done = next.act("settle", "t1");
    host.release("actions.list");
    await read;
    expect(next.cards.map((card) => card.thread.id)).toEqual(["t2", "t3"]);
    host.releaseAll();
    await done;
    expect(next.cards.map((card) => card.thread.id)).toEqual(["t2", "t3"]);
    stop();
  });
});

describe("the first cards", () => {
  it("come together with what stands above them, which would push them down", async () => {
    next.cards = [];
    host.slow.add("meetings.list");
    const stops = [meetings.start(), next.start("today", [meetings.read])];
    await settled();
    expect(next.loading).toBe(true);
    host.release("meetings.list");
    await settled();
    expect([next.loading, next.cards.length]).toEqual([false, 3]);
    stops.forEach((stop) => stop());
  });
});

describe("what is done to the open conversation", () => {
  it("stays on show while it is read from before, and is read again afterwards", async () => {
    await thread.open("t3");
    expect(thread.value?.thread.starred).toBe(false);
    host.slow.add("act");
    const starring = act("star", { ids: ["t3"] });
    expect(thread.value?.thread.starred).toBe(true);
    // News of something else in it, before the engine has heard of the star.
    host.emit({ event: "changed", rev: 2, threads: ["t3"] });
    await vi.advanceTimersByTimeAsync(1000);
    expect(thread.value?.thread.starred).toBe(true);
    host.releaseAll();
    await starring;
    await vi.advanceTimersByTimeAsync(1000);
    expect(thread.value?.thread.starred).toBe(true);
    await thread.open(null);
  });

  it("is as the engine has it once that has refused", async () => {
    await thread.open("t3");
    const done = tickTodo("nothing", "nothing", true);
    const call = host.call.bind(host);
    host.call = async (name, params) => {
      if (name === "act") throw Object.assign(new Error(), { code: "failed", message: "No." });
      return call(name, params);
    };
    const starring = act("star", { ids: ["t3"] });
    expect(thread.value?.thread.starred).toBe(true);
    await Promise.all([done, starring]);
    await vi.advanceTimersByTimeAsync(1000);
    expect(thread.value?.thread.starred).toBe(false);
    await thread.open(null);
  });

  it("does not keep another one from being shown", async () => {
    await thread.open("t3");
    host.slow.add("act");
    const starring = act("star", { ids: ["t3"] });
    await thread.open("t4");
    expect(thread.value?.thread.id).toBe("t4");
    host.releaseAll();
    await starring;
    expect(thread.value?.thread.id).toBe("t4");
    await thread.open(null);
  });

  it("wins where it was marked as unread before it was looked at for long enough", async () => {
    const calls = () => host.calls.filter((one) => one.name === "act").map((one) => (one.params as { verb: string }).verb);
    const stop = look("t1", 600);
    await act("unread", { ids: ["t1"] });
    await vi.advanceTimersByTimeAsync(1000);
    expect(calls()).toEqual(["unread"]);
    stop();
    look("t1", 600);
    await vi.advanceTimersByTimeAsync(1000);
    expect(calls()).toEqual(["unread", "read"]);
  });
});

describe("a list", () => {
  it("that was being read when something was done is read afterwards", async () => {
    host.late.add("threads.list");
    list.open({ view: "all", source: null, split: "all" });
    await settled();
    host.slow.add("act");
    // It changes nothing in the engine, which then has no news to tell.
    const starring = act("star", { ids: ["t3"] });
    expect(list.loading).toBe(true);
    host.releaseAll();
    await starring;
    await settled();
    expect([list.loading, list.total]).toEqual([false, 250]);
  });

  it("gets no rows of another one, which were taken out of that", async () => {
    await act("archive", { ids: ["t2"] });
    list.open({ view: "starred", source: null, split: "all" });
    await settled();
    const before = list.total;
    host.slow.add("undo");
    const back = undo(toasts().at(-1)!);
    await settled();
    expect([list.total, list.find("t2")]).toEqual([before, undefined]);
    host.releaseAll();
    await back;
  });

  it("of which all but one is chosen stays so when it is read meanwhile", async () => {
    list.selection.all();
    host.late.add("threads.list");
    const left = [list.leaveOut("t3"), list.leaveOut("t5")];
    await settled();
    host.late.delete("threads.list");
    await list.reload();
    host.releaseAll();
    await Promise.all(left);
    expect([list.selection.whole, list.selection.has("t3"), list.selection.has("t5"), list.selection.ids.size]).toEqual([false, false, false, 248]);
    list.selection.clear();
  });
});

it("the next page of a search is not one of the search before", async () => {
  host.late.add("search");
  const first = search.run("a", false);
  await settled();
  host.release("search");
  await first;
  search.value = { ...search.value!, next: "cursor" };
  const second = search.run("deck", false);
  await settled();
  const asked = host.waiting("search");
  await search.more();
  expect(host.waiting("search")).toBe(asked);
  host.releaseAll();
  await second;
});
