import { describe, expect, it } from "vitest";

import type { ItemView } from "../../host";
import { Format } from "../../parts/format";
import { frameHeight, LEAST } from "./frame";
import { linkify } from "./linkify";
import { ticked } from "./todo";
import { days, tail } from "./turns";

const links = (text: string) => linkify(text).filter((piece) => piece.href !== null);

describe("linkify", () => {
  it("loses no text", () => {
    const text = "See https://a.example/x(y), and (https://b.example/). mail me: bo@c.example!";
    expect(linkify(text).map((piece) => piece.text).join("")).toBe(text);
  });
  it("leaves the sentence out of the link", () => {
    expect(links("Go to https://a.example/b. Now")[0]?.href).toBe("https://a.example/b");
    expect(links("(see https://a.example/b)")[0]?.href).toBe("https://a.example/b");
    expect(links("https://a.example/b_(c)")[0]?.href).toBe("https://a.example/b_(c)");
    expect(links("“https://a.example/b”")[0]?.href).toBe("https://a.example/b");
  });
  it("completes what is short", () => {
    expect(links("www.a.example")[0]?.href).toBe("https://www.a.example");
    expect(links("bo@c.example")[0]?.href).toBe("mailto:bo@c.example");
  });
  it("makes no link of other schemes", () => {
    expect(links("javascript:alert(1) file:///etc/passwd data:text/html,x")).toEqual([]);
  });
  it("is quick on hostile text", () => {
    const start = performance.now();
    linkify(`${"a.".repeat(40_000)}@${"(".repeat(20_000)} https://${")".repeat(20_000)}`);
    linkify(`${"a".repeat(200)}@ `.repeat(2_000));
    linkify("www.".repeat(40_000));
    expect(performance.now() - start).toBeLessThan(1500);
  });
});

const item = (id: string, handle: string, at: string, mine = false): ItemView =>
  ({ id, at, from_me: mine, from: { name: null, handle } }) as ItemView;

describe("days", () => {
  const words = new Format("en-GB", "UTC");
  it("puts the messages of one writer together until somebody else or a pause", () => {
    const [day] = days(
      [
        item("i1", "ana", "2026-11-21T09:00:00Z"),
        item("i2", "ana", "2026-11-21T09:03:00Z"),
        item("i3", "bo", "2026-11-21T09:04:00Z"),
        item("i4", "bo", "2026-11-21T09:30:00Z"),
      ],
      words,
    );
    expect(day?.turns.map((turn) => turn.items.map((one) => one.id))).toEqual([["i1", "i2"], ["i3"], ["i4"]]);
  });
  it("begins anew at midnight", () => {
    const all = days([item("i1", "ana", "2026-11-20T23:59:00Z"), item("i2", "ana", "2026-11-21T00:01:00Z")], words);
    expect(all.map((day) => day.turns.length)).toEqual([1, 1]);
  });
  it("tells me from somebody with the same handle", () => {
    const [day] = days([item("i1", "x", "2026-11-21T09:00:00Z", true), item("i2", "x", "2026-11-21T09:00:01Z")], words);
    expect(day?.turns).toHaveLength(2);
  });
  it("begins a turn where the unread ones begin", () => {
    const all = [item("i1", "ana", "2026-11-21T09:00:00Z"), item("i2", "ana", "2026-11-21T09:00:01Z")];
    expect(days(all, words, "i2")[0]?.turns.map((turn) => turn.key)).toEqual(["i1", "i2"]);
  });
  it("makes nothing of nothing", () => {
    expect(days([], words)).toEqual([]);
  });
});

describe("tail", () => {
  const words = new Format("en-GB", "UTC");
  const all = days(
    [
      item("i1", "ana", "2026-11-20T09:00:00Z"),
      item("i2", "bo", "2026-11-20T09:01:00Z"),
      item("i3", "ana", "2026-11-21T09:00:00Z"),
      item("i4", "bo", "2026-11-21T09:01:00Z"),
      item("i5", "bo", "2026-11-21T09:02:00Z"),
    ],
    words,
  );
  const shown = (messages: number) => tail(all, messages).map((day) => day.turns.map((turn) => turn.key));
  it("is whole turns, so that none changes when those above it come", () => {
    expect(shown(1)).toEqual([["i4"]]);
    expect(shown(2)).toEqual([["i4"]]);
    expect(shown(3)).toEqual([["i3", "i4"]]);
    expect(shown(4)).toEqual([["i2"], ["i3", "i4"]]);
  });
  it("keeps the name of a day of which it shows a part", () => {
    expect(tail(all, 4).map((day) => day.key)).toEqual(all.map((day) => day.key));
  });
  it("is everything where there is no more, and nothing of nothing", () => {
    expect(tail(all, Infinity)).toEqual(all);
    expect(tail([], 5)).toEqual([]);
  });
});

describe("ticked", () => {
  it("shows to-dos as boxes and leaves all else", () => {
    expect(ticked("To do\n- [ ] milk\n  - [x] eggs\n* [X] oil\nsee [ ] - [ ] here")).toBe("To do\n☐ milk\n  ☑ eggs\n☑ oil\nsee [ ] - [ ] here");
  });
});

describe("frameHeight", () => {
  it("fits the text between a least and a most", () => {
    expect(frameHeight("", 500)).toBe(LEAST);
    expect(frameHeight("line\n".repeat(10), 500)).toBeGreaterThan(LEAST);
    expect(frameHeight("x".repeat(100_000), 500)).toBe(500);
    expect(frameHeight("x", 10)).toBe(LEAST);
  });
});
