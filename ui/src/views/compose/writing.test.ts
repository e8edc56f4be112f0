import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Failure, useHost, type CommandName, type Compose, type Host } from "../../host";

import { blank, Writing } from "./writing.svelte";

/** An engine that keeps drafts and can be told to fail or to be slow. */
class Engine {
  drafts = new Map<string, Compose>();
  sent: Compose[] = [];
  calls: string[] = [];
  failing: CommandName | null = null;
  /** Saves wait for this. */
  gate: Promise<void> = Promise.resolve();
  given: Partial<Compose> = {};
  #next = 1;

  readonly host = {
    kind: "mock",
    call: async (name: CommandName, params: never) => this.#answer(name, params),
    events: () => () => {},
    links: () => () => {},
    openExternal: async () => {},
  } as unknown as Host;

  async #answer(name: CommandName, params: Compose & { message: Compose; mode: Compose["mode"] }): Promise<unknown> {
    this.calls.push(name);
    if (this.failing === name) throw new Failure({ code: "offline", message: "The engine does not answer." });
    switch (name) {
      case "compose.prepare":
        return [...this.drafts.values()].find((draft) => draft.thread === params.thread && params.thread !== null) ?? { ...blank(params.mode, params.thread), source: "s1", ...this.given };
      case "draft.save": {
        await this.gate;
        const id = params.id ?? `d${this.#next++}`;
        const kept = { ...structuredClone(params), id, saved_at: "2026-11-21T09:00:00Z" };
        this.drafts.set(id, kept);
        return kept;
      }
      case "draft.discard":
        this.drafts.delete(params.id ?? "");
        return {};
      case "send":
        await this.gate;
        this.sent.push(params.message);
        this.drafts.delete(params.message.id ?? "");
        return { id: "o1", not_before: "2026-11-21T09:00:10Z" };
      default:
        throw new Error(name);
    }
  }
}

let engine: Engine;

beforeEach(() => {
  vi.useFakeTimers();
  engine = new Engine();
  useHost(engine.host);
});

afterEach(() => vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);

async function begun(thread: string | null = "t1"): Promise<Writing> {
  const writing = Writing.start(thread === null ? "new" : "reply", thread);
  await settle();
  return writing;
}

function type(writing: Writing, text: string): void {
  writing.message.text = text;
  writing.touch();
}

describe("saving", () => {
  it("happens within a second however fast the keys follow, and makes one draft", async () => {
    const writing = await begun();
    for (let i = 1; i <= 40; i++) {
      type(writing, "x".repeat(i));
      await vi.advanceTimersByTimeAsync(100);
      const saved = [...engine.drafts.values()][0]?.text.length ?? 0;
      expect(i - saved).toBeLessThanOrEqual(10);
    }
    await vi.advanceTimersByTimeAsync(1000);
    expect([...engine.drafts.values()].map((draft) => draft.text)).toEqual(["x".repeat(40)]);
    expect(writing.saved).toBe("saved");
  });

  it("makes one draft when the first save is slow and another follows", async () => {
    let open = () => {};
    engine.gate = new Promise((done) => (open = done));
    const writing = await begun();
    type(writing, "a");
    const first = writing.flush();
    type(writing, "ab");
    const second = writing.flush();
    open();
    await Promise.all([first, second]);
    expect([...engine.drafts.values()].map((draft) => draft.text)).toEqual(["ab"]);
  });

  it("keeps nothing of an answer nobody has written in", async () => {
    const writing = await begun();
    writing.touch();
    writing.leave();
    await vi.advanceTimersByTimeAsync(2000);
    expect(engine.drafts.size).toBe(0);
  });

  it("throws the draft away when everything was deleted", async () => {
    const writing = await begun();
    type(writing, "a");
    await writing.flush();
    type(writing, "");
    await writing.flush();
    expect(engine.drafts.size).toBe(0);
    expect(writing.saved).toBe("clean");
  });

  it("says when it fails, tries again, and loses nothing", async () => {
    const writing = await begun();
    engine.failing = "draft.save";
    type(writing, "keep me");
    await vi.advanceTimersByTimeAsync(1000);
    expect(writing.saved).toBe("failed");
    expect(writing.problem).toMatch(/does not answer/u);
    engine.failing = null;
    await vi.advanceTimersByTimeAsync(5000);
    expect(writing.saved).toBe("saved");
    expect(writing.problem).toBeNull();
    expect([...engine.drafts.values()].map((draft) => draft.text)).toEqual(["keep me"]);
  });

  it("gives back what could not be saved when its conversation is opened again", async () => {
    const writing = await begun("t7");
    engine.failing = "draft.save";
    type(writing, "stranded");
    writing.leave();
    await settle();
    engine.failing = null;
    const again = await begun("t7");
    expect(again.message.text).toBe("stranded");
    await again.flush();
    expect([...engine.drafts.values()].map((draft) => draft.text)).toEqual(["stranded"]);
  });
});

describe("beginning", () => {
  it("keeps the keys pressed before the engine has answered, behind the saved draft", async () => {
    engine.drafts.set("d9", { ...blank("reply", "t1"), id: "d9", text: "Dear Ana" });
    const writing = Writing.start("reply", "t1");
    type(writing, "P.S.");
    await settle();
    expect(writing.message.text).toBe("Dear Ana\nP.S.");
    expect(writing.message.id).toBe("d9");
  });

  it("ends as an answer to all when that was asked for before the engine had answered", async () => {
    const writing = Writing.start("reply", "t1");
    void writing.become("reply_all");
    await settle();
    expect(writing.message.mode).toBe("reply_all");
  });

  it("waits for the last save of the same conversation", async () => {
    const writing = await begun("t3");
    let open = () => {};
    engine.gate = new Promise((done) => (open = done));
    type(writing, "just now");
    writing.leave();
    const again = Writing.start("reply", "t3");
    open();
    await settle();
    expect(again.message.text).toBe("just now");
  });
});

describe("sending", () => {
  it("leaves no draft behind, also when a save was under way", async () => {
    const writing = await begun();
    let open = () => {};
    engine.gate = new Promise((done) => (open = done));
    type(writing, "off you go");
    void writing.flush();
    const sending = writing.send();
    open();
    expect(await sending).not.toBeNull();
    await vi.advanceTimersByTimeAsync(5000);
    expect(engine.sent.map((message) => message.text)).toEqual(["off you go"]);
    expect(engine.drafts.size).toBe(0);
  });

  it("leaves no draft behind when the focus moves on while it is sent", async () => {
    const writing = await begun();
    let open = () => {};
    engine.gate = new Promise((done) => (open = done));
    type(writing, "off you go");
    const sending = writing.send();
    await settle();
    void writing.flush();
    writing.leave();
    open();
    expect(await sending).not.toBeNull();
    await vi.advanceTimersByTimeAsync(5000);
    expect(engine.drafts.size).toBe(0);
  });

  it("keeps the text and the draft when it fails", async () => {
    const writing = await begun();
    engine.failing = "send";
    type(writing, "stay");
    expect(await writing.send()).toBeNull();
    expect(writing.problem).toBe("The engine does not answer.");
    await vi.advanceTimersByTimeAsync(1000);
    expect([...engine.drafts.values()].map((draft) => draft.text)).toEqual(["stay"]);
  });

  it("sends once when asked twice", async () => {
    const writing = await begun();
    type(writing, "once");
    await Promise.all([writing.send(), writing.send()]);
    expect(engine.sent).toHaveLength(1);
  });
});

it("goes from all to the author alone when the saved draft is to all", async () => {
  const people = ["ana", "ben", "cleo"].map((name) => ({ name, handle: `${name}@x.example` }));
  engine.drafts.set("d1", { ...blank("reply_all", "t1"), id: "d1", to: people, cc: [people[2]!], text: "Hi all" });
  const writing = await begun();
  await writing.become("reply");
  expect(writing.message.to).toEqual([people[0]]);
  expect(writing.message.cc).toEqual([]);
  expect(writing.message.text).toBe("Hi all");
});
