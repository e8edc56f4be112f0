import { flushSync, tick } from "svelte";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { Failure, useHost, type CommandName, type ListParams, type Params, type Result } from "../host";
import { MockHost } from "../host/mock";
import { dismiss, toast, toasts } from "../parts/toast.svelte";
import { act, react, seen, undoLast } from "./acts";
import { startEvents } from "./events";
import { ThreadList, list } from "./list.svelte";
import { ui } from "./ui.svelte";

/** A host whose actions wait until they are let go. */
class SlowHost extends MockHost {
  #held: (() => void)[] = [];
  hold = false;
  fail = false;

  override async call<K extends CommandName>(name: K, params?: Params<K>): Promise<Result<K>> {
    if (name === "act" && this.hold) await new Promise<void>((resolve) => this.#held.push(resolve));
    if (name === "act" && this.fail) throw new Failure({ code: "failed", message: "The disk is full. Free some space." });
    return super.call(name, params);
  }

  release(): void {
    this.hold = false;
    for (const go of this.#held.splice(0)) go();
  }
}

let slow: SlowHost;

/** Waits until it holds; patient, since the machine may be busy. */
function eventually(holds: () => void): Promise<void> {
  return vi.waitFor(holds, { timeout: 10_000 });
}

async function settle(): Promise<void> {
  await eventually(() => expect(list.loading).toBe(false));
  await tick();
}

beforeEach(async () => {
  slow = new SlowHost({ now: Date.parse("2026-11-21T10:00:00Z"), rows: 250 });
  useHost(slow);
  startEvents();
  for (const one of [...toasts()]) dismiss(one.id);
  ui.query = "";
  ui.thread = null;
  list.open({ view: "inbox", source: null, split: "all" });
  await settle();
  list.setFocus(1);
});

describe("act", () => {
  it("takes the row out before the engine has answered, and moves the focus to the next", async () => {
    slow.hold = true;
    const going = act("archive", { ids: ["t2"] });
    expect(list.total).toBe(249);
    expect(list.row(1)?.id).toBe("t3");
    expect(list.focused?.id).toBe("t3");
    expect(ui.said).toContain("Archived");
    slow.release();
    await going;
    expect(toasts().at(-1)?.text).toBe("Archived");
  });

  it("does not let a page that was asked before bring the row back", async () => {
    slow.hold = true;
    const stale = list.reload();
    const going = act("archive", { ids: ["t2"] });
    await stale;
    flushSync();
    expect(list.find("t2")).toBeUndefined();
    expect(list.total).toBe(249);
    slow.release();
    await going;
  });

  it("does not read again while it is on its way, and does afterwards", async () => {
    slow.hold = true;
    const going = act("archive", { ids: ["t2"] });
    await list.reload();
    expect(list.find("t2")).toBeUndefined();
    slow.release();
    await going;
    await eventually(() => expect(slow.calls.at(-1)?.name).toBe("threads.list"));
    await settle();
    expect(list.find("t2")).toBeUndefined();
    expect(list.total).toBe(249);
  });

  it("puts the row back and says why when the engine refuses", async () => {
    slow.fail = true;
    await act("delete", { ids: ["t2"] });
    expect(list.row(1)?.id).toBe("t2");
    expect(list.total).toBe(250);
    const problem = toasts().at(-1);
    expect(problem?.tone).toBe("problem");
    expect(problem?.text).toBe("The disk is full. Free some space.");
  });

  it("is undone where it was", async () => {
    await act("archive", { ids: ["t2", "t5"] });
    expect(list.total).toBe(248);
    await undoLast();
    await settle();
    expect(list.total).toBe(250);
    expect(list.row(1)?.id).toBe("t2");
    expect(list.row(4)?.id).toBe("t5");
    expect(list.focused?.id).toBe("t2");
  });

  it("changes a row in place when it stays", async () => {
    await act("star", { ids: ["t3"] });
    expect(list.find("t3")?.starred).toBe(true);
    expect(list.total).toBe(250);
    expect(toasts()).toHaveLength(0);
  });

  it("opens the next conversation when the open one leaves", async () => {
    ui.openThread("t2");
    await act("archive", { ids: ["t2"] });
    expect(ui.thread).toBe("t3");
  });
});

describe("ThreadList", () => {
  it("reads the pages that come into view, each once", async () => {
    const own = new ThreadList();
    own.open({ view: "inbox", source: null, split: "all" });
    await eventually(() => expect(own.total).toBe(250));
    slow.calls.length = 0;
    own.ensure(150, 240);
    own.ensure(160, 245);
    await eventually(() => expect(own.row(200)?.id).toBe("t201"));
    const offsets = slow.calls.map((one) => (one.params as { offset: number }).offset);
    expect(offsets.filter((offset) => offset > 0)).toEqual([100, 200]);
  });

  it("keeps the focus on its row when new rows come above it", async () => {
    const own = new ThreadList();
    own.open({ view: "inbox", source: null, split: "all" });
    await eventually(() => expect(own.total).toBe(250));
    own.setFocus(7);
    await slow.call("act", { verb: "archive", threads: ["t1", "t2"] });
    await own.reload();
    expect(own.focused?.id).toBe("t8");
    expect(own.focus).toBe(5);
  });

  it("extends a selection both ways from where it began", async () => {
    list.setFocus(5);
    list.extendTo(7);
    expect([...list.selection.ids].sort()).toEqual(["t6", "t7", "t8"]);
    list.extendTo(4);
    expect(list.selection.has("t5")).toBe(true);
  });
});

describe("everything that is selected", () => {
  it("is told to the engine as the list it is, and a way back is offered", async () => {
    list.selection.all();
    expect(list.selection.has("never-read")).toBe(true);
    await act("archive", { list: { in: "inbox" } as ListParams, count: list.total });
    expect(slow.calls.find((one) => one.name === "act")?.params).toEqual({ verb: "archive", list: { in: "inbox" } });
    expect(list.selection.any).toBe(false);
    expect(ui.working).toBe("");
    expect(toasts().at(-1)?.way).not.toBeNull();
  });

  it("stays selected, and nothing is claimed, when the engine refuses", async () => {
    list.selection.all();
    slow.fail = true;
    await act("archive", { list: { in: "inbox" } as ListParams, count: list.total });
    expect(list.selection.whole).toBe(true);
    expect(ui.working).toBe("");
    expect(toasts().at(-1)?.tone).toBe("problem");
  });

  it("can do without one", async () => {
    list.selection.all();
    expect(await list.leaveOut("t3")).toBe(true);
    expect(list.selection.whole).toBe(false);
    expect(list.selection.ids.size).toBe(249);
    expect(list.selection.has("t3")).toBe(false);
  });
});

describe("Z", () => {
  it("goes back step by step in the order things were done, also over what no toast speaks of", async () => {
    await act("archive", { ids: ["t2"] });
    await act("star", { ids: ["t3"] });
    expect(toasts()).toHaveLength(1);
    await undoLast();
    await settle();
    await eventually(() => expect(list.find("t3")?.starred).toBe(false));
    expect(list.find("t2")).toBeUndefined();
    await undoLast();
    await settle();
    await eventually(() => expect(list.find("t2")).toBeDefined());
  });

  it("takes a star back while a message can still be taken back, and then the message", async () => {
    const back = vi.fn();
    toast("Sent to Outbox", { until: Date.now() + 60_000, undo: back });
    await act("star", { ids: ["t3"] });
    await undoLast();
    await settle();
    await eventually(() => expect(list.find("t3")?.starred).toBe(false));
    expect(back).not.toHaveBeenCalled();
    await undoLast();
    expect(back).toHaveBeenCalledOnce();
  });

  it("passes over a message that has gone out meanwhile", async () => {
    await act("archive", { ids: ["t2"] });
    const back = vi.fn();
    toast("Sent to Outbox", { until: Date.now() - 1, undo: back });
    await undoLast();
    await settle();
    await eventually(() => expect(list.find("t2")).toBeDefined());
    expect(back).not.toHaveBeenCalled();
  });

  it("takes a reaction back", async () => {
    await act("archive", { ids: ["t2"] });
    await react("i300", "👍", true, false);
    const undone = () => slow.calls.filter((one) => one.name === "undo").length;
    await undoLast();
    expect(undone()).toBe(1);
    await settle();
    expect(list.find("t2")).toBeUndefined();
  });

  it("does not take back that a conversation was looked at", async () => {
    await act("archive", { ids: ["t2"] });
    await seen("t3");
    expect(list.find("t3")?.unread).toBe(0);
    await undoLast();
    await settle();
    await eventually(() => expect(list.find("t2")).toBeDefined());
  });
});

describe("Z pressed before the engine has answered", () => {
  it("takes back what was pressed before it, and nothing else", async () => {
    await act("archive", { ids: ["t9"] });
    for (const one of [...toasts()]) dismiss(one.id);
    slow.hold = true;
    const going = act("archive", { ids: ["t2"] });
    const back = undoLast();
    slow.release();
    await Promise.all([going, back]);
    const asked = slow.calls.filter((one) => one.name === "act" || one.name === "undo").map((one) => one.name);
    expect(asked).toEqual(["act", "act", "undo"]);
    await settle();
    await eventually(() => expect(list.find("t2")).toBeDefined());
    expect(list.find("t9")).toBeUndefined();
  });
});
