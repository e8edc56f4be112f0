import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { Failure, useHost, type CommandName, type Compose, type ComposeAttachment, type Host } from "../../host";

import { bytesOfAll } from "./files";
import { blank, saveAll, Writing } from "./writing.svelte";

/** An engine that keeps drafts and can be told to fail or to be slow. */
class Engine {
  drafts = new Map<string, Compose>();
  sent: Compose[] = [];
  calls: string[] = [];
  failing: CommandName | null = null;
  /** Saves wait for this. */
  gate: Promise<void> = Promise.resolve();
  given: Partial<Compose> = {};
  /** What a message is filled in with waits for this. */
  slow: Promise<void> = Promise.resolve();
  signatures: unknown[] = [];
  /** The files of the mail that is forwarded. */
  files: Record<string, ComposeAttachment> = {};
  /** The engine has them after this. */
  bytes: Promise<void> = Promise.resolve();
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
      case "compose.prepare": {
        const { given } = this;
        await this.slow;
        return [...this.drafts.values()].find((draft) => draft.thread === params.thread && params.thread !== null) ?? { ...blank(params.mode, params.thread), source: "s1", ...given };
      }
      case "draft.save": {
        await this.gate;
        const id = params.id ?? `d${this.#next++}`;
        const kept = { ...structuredClone(params), id, saved_at: "2026-11-21T09:00:00Z" };
        this.drafts.set(id, kept);
        return kept;
      }
      case "item.get": {
        const kept = Object.entries(this.files).map(([id, { name, held }]) => ({ id, name, size: held?.size ?? 0, inline: false, link: null }));
        // What lies elsewhere has no bytes to bring.
        return { attachments: [...kept, { id: "away", name: "CV.docx", size: 0, inline: false, link: "https://x.example/CV.docx" }] };
      }
      case "attachment.along":
        await this.bytes;
        return this.files[params.id ?? ""];
      case "kept.list":
        return this.signatures;
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
  it("keeps whom, from where and about what, chosen before the engine has answered", async () => {
    engine.given = { subject: "From the engine", signature: { text: "Yours", html: null } };
    engine.signatures = [{ data: { source: "s2", text: "Sent by phone" } }];
    const writing = Writing.start("new");
    writing.message.source = "s2";
    writing.message.to = [{ name: null, handle: "+491701234567" }];
    writing.touch();
    await settle();
    expect(writing.ready).toBe(true);
    expect(writing.message).toMatchObject({ source: "s2", to: [{ handle: "+491701234567" }], subject: "From the engine" });
    expect(writing.message.signature?.text).toBe("Sent by phone");
  });

  it("keeps the files that were attached before the engine has answered, and sends them along", async () => {
    const file = { name: "a.png", type: "image/png", base64: "AAAA" };
    const writing = Writing.start("reply", "t1");
    writing.message.attachments = [file];
    writing.touch();
    await settle();
    expect(writing.message.attachments).toEqual([file]);
    await writing.send();
    expect(engine.sent[0]?.attachments).toEqual([file]);
  });

  it("makes one draft of what was saved before the engine has answered", async () => {
    let open = () => {};
    engine.slow = new Promise((done) => (open = done));
    engine.drafts.set("d9", { ...blank("reply", "t1"), id: "d9", text: "Dear Ana" });
    const writing = Writing.start("reply", "t1");
    type(writing, "P.S.");
    await vi.advanceTimersByTimeAsync(1000);
    open();
    await vi.advanceTimersByTimeAsync(1000);
    expect([...engine.drafts.values()].map((draft) => draft.text)).toEqual(["Dear Ana\nP.S."]);
  });

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

  it("ends as what was asked for last, and keeps whom the person has chosen meanwhile", async () => {
    const [ana, ben, cleo] = ["ana", "ben", "cleo"].map((name) => ({ name, handle: `${name}@x.example` }));
    engine.given = { to: [ana!] };
    const writing = await begun();
    let open = () => {};
    engine.slow = new Promise((done) => (open = done));
    engine.given = { to: [ana!, ben!] };
    const turns = [writing.become("reply_all"), writing.become("reply")];
    await settle();
    open();
    await Promise.all(turns);
    expect(writing.message).toMatchObject({ mode: "reply", to: [ana] });

    engine.slow = new Promise((done) => (open = done));
    const all = writing.become("reply_all");
    await settle();
    writing.message.to = [cleo!];
    open();
    await all;
    expect(writing.message).toMatchObject({ mode: "reply_all", to: [cleo] });
  });

  it("knows whether it is still as the engine has given it", async () => {
    const writing = await begun();
    expect(writing.asGiven).toBe(true);
    await writing.become("reply_all");
    expect([writing.untouched, writing.asGiven]).toEqual([true, false]);
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

  it("does not go before the files that are on their way", async () => {
    const writing = await begun();
    let come = (_: boolean) => {};
    writing.expect(new Promise((done) => (come = done)));
    const arrived = writing.arrived();
    come(false);
    expect(await arrived).toBe(false);
    expect(await writing.arrived()).toBe(true);
  });

  it("takes the files of a forwarded mail along by name, however large, and tells which are on their way", async () => {
    const size = 150_000_000;
    const file = (id: string) => ({ name: `${id}.zip`, type: "application/zip", base64: "", held: { id, size } });
    let come = () => {};
    engine.files = { a1: file("a1"), a2: file("a2") };
    engine.bytes = new Promise((done) => (come = done));
    engine.given = { item: "i1" };
    const writing = Writing.start("forward", "t1", "i1");
    await settle();
    expect(writing.bringing).toEqual(["a1", "a2"].map((id) => ({ id, name: `${id}.zip`, done: 0, total: size })));
    come();
    await settle();
    expect(writing.bringing).toEqual([]);
    expect(writing.message.attachments).toEqual([file("a1"), file("a2")]);
    expect(bytesOfAll(writing.message.attachments)).toBe(2 * size);
  });

  it("does not go when a file of the forwarded mail cannot come", async () => {
    engine.given = { item: "i1" };
    engine.files = { a1: { name: "a.zip", type: "application/zip", base64: "" } };
    engine.failing = "attachment.along";
    const writing = Writing.start("forward", "t1", "i1");
    type(writing, "see below");
    expect(await writing.send()).toBeNull();
    expect(writing.problem).toContain("The engine does not answer.");
    expect(writing.bringing).toEqual([]);
    expect(engine.sent).toEqual([]);
  });

  it("leaves behind what was written while it was handed over", async () => {
    const writing = await begun();
    let open = () => {};
    engine.gate = new Promise((done) => (open = done));
    type(writing, "Hi");
    const sending = writing.send();
    await settle();
    type(writing, "Hi, and one more");
    open();
    await sending;
    expect(engine.sent.map((message) => message.text)).toEqual(["Hi"]);
    expect(writing.since).toBe(", and one more");
  });

  it("sends once when asked twice", async () => {
    const writing = await begun();
    type(writing, "once");
    await Promise.all([writing.send(), writing.send()]);
    expect(engine.sent).toHaveLength(1);
  });
});

describe("a template in the place of what was written", () => {
  const use = { name: "sale", language: "en", values: [], file: null };
  const file = { name: "a.png", type: "image/png", base64: "AAAA" };

  it("keeps the words and files, on the disk too, and gives them back", async () => {
    const writing = await begun();
    type(writing, "Half a thou");
    writing.message.attachments = [file];
    writing.instead({ text: "Hi {{1}}", use }, true);
    writing.instead({ text: "Hi Ana", use });
    await vi.advanceTimersByTimeAsync(1000);
    const [saved] = [...engine.drafts.values()];
    expect(saved).toMatchObject({ text: "Hi Ana", attachments: [], aside: { text: "Half a thou", attachments: [file] } });

    const again = Writing.of(saved!);
    again.own();
    expect(again.message).toMatchObject({ text: "Half a thou", attachments: [file], template: null, aside: null });
    await again.flush();
    expect([...engine.drafts.values()]).toMatchObject([{ text: "Half a thou" }]);
  });

  it("begins without a file when another one is chosen, and keeps the file while its blanks are filled", async () => {
    const writing = await begun();
    writing.instead({ text: "One", use }, true);
    writing.message.attachments = [file];
    writing.instead({ text: "One, filled", use });
    expect(writing.message.attachments).toEqual([file]);
    writing.instead({ text: "Two", use }, true);
    expect(writing.message.attachments).toEqual([]);
    writing.own();
    expect(writing.message.text).toBe("");
  });

  it("changes nothing where no template was chosen", async () => {
    const writing = await begun();
    type(writing, "Mine");
    writing.own();
    expect(writing.message.text).toBe("Mine");
  });

  it("keeps the keys pressed before the draft with its template was here", async () => {
    engine.drafts.set("d9", { ...blank("reply", "t1"), id: "d9", text: "Hi Ana", template: use, aside: { text: "Dear", attachments: [] } });
    const writing = Writing.start("reply", "t1");
    type(writing, "P.S.");
    await settle();
    expect(writing.message).toMatchObject({ text: "Hi Ana", aside: { text: "Dear\nP.S." } });
  });
});

describe("a page of notes", () => {
  function page(): Writing {
    const writing = Writing.page();
    writing.message.source = "s9";
    writing.message.section = "sec1";
    return writing;
  }

  it("is a draft within a second, and none before something was written", async () => {
    const writing = page();
    writing.touch();
    await vi.advanceTimersByTimeAsync(1000);
    expect(engine.drafts.size).toBe(0);
    writing.message.subject = "Packing list";
    writing.touch();
    await vi.advanceTimersByTimeAsync(1000);
    expect([...engine.drafts.values()]).toMatchObject([{ subject: "Packing list", section: "sec1", source: "s9" }]);
  });

  it("that could not be saved comes back as a page, not in a new mail", async () => {
    const writing = page();
    engine.failing = "draft.save";
    type(writing, "- [ ] passport");
    writing.leave();
    await settle();
    engine.failing = null;
    expect((await begun(null)).message.text).toBe("");
    const again = Writing.page();
    expect(again.message.text).toBe("- [ ] passport");
    await again.flush();
    expect([...engine.drafts.values()]).toMatchObject([{ text: "- [ ] passport", section: "sec1" }]);
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

it("is the mail it was after it went to a number for a while", async () => {
  const ana = { name: "Ana", handle: "ana@x.example" };
  const writing = await begun();
  Object.assign(writing.message, { to: [ana], cc: [ana], html: "<b>Hi</b>" });
  type(writing, "Hi");
  writing.numbered();
  expect(writing.message).toMatchObject({ to: [], cc: [], html: null, text: "Hi" });
  writing.message.to = [{ name: null, handle: "+491701234567" }];
  writing.addressed();
  expect(writing.message).toMatchObject({ to: [ana], cc: [ana], html: "<b>Hi</b>", text: "Hi" });
  writing.numbered();
  type(writing, "Hi there");
  writing.addressed();
  expect(writing.message).toMatchObject({ to: [ana], html: null, text: "Hi there" });
});

describe("a lock", () => {
  it("saves everything at once before it, and goes on with it afterwards", async () => {
    const writing = await begun();
    type(writing, "half a thought");
    await saveAll();
    expect([...engine.drafts.values()].map((draft) => draft.text)).toContain("half a thought");
    const request = {};
    expect(Writing.parked(request)).toBeNull();
    writing.park(request);
    expect(Writing.parked(request)).toBe(writing);
    expect(Writing.parked(request)).toBeNull();
  });

  it("that came from elsewhere loses no word: it is saved once it is open", async () => {
    const writing = await begun();
    type(writing, "half a thought");
    engine.failing = "draft.save";
    await saveAll();
    expect(writing.saved).toBe("failed");
    writing.park({});
    engine.failing = null;
    await vi.advanceTimersByTimeAsync(5000);
    expect([...engine.drafts.values()].map((draft) => draft.text)).toContain("half a thought");
  });
});
