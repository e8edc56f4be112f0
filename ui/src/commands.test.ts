import { beforeEach, describe, expect, it } from "vitest";

import { inList, run } from "./commands";
import { useHost } from "./host";
import { MockHost } from "./host/mock";
import { ui } from "./state/ui.svelte";

beforeEach(() => {
  useHost(new MockHost());
  const list = document.createElement("div");
  list.id = "thread-list";
  list.tabIndex = 0;
  document.body.replaceChildren(list);
  list.focus();
  ui.show({ view: "inbox", split: "all" });
});

describe("Tab in the list", () => {
  it("goes from tab to tab where they are drawn", () => {
    expect(inList("next_split")).toBe(true);
    run("next_split");
    expect(ui.spot.split).toBe("people");
    run("previous_split");
    expect(ui.spot.split).toBe("all");
  });

  it.each([
    ["pages of notes", () => ui.show({ view: "notes" })],
    ["one source", () => ui.show({ view: "all", source: "s1", split: "all" })],
    ["what was found", () => (ui.query = "deck")],
    ["another screen", () => ui.go("outbox")],
  ])("is nobody's over %s, and filters nothing", (_, go) => {
    go();
    document.getElementById("thread-list")?.focus();
    expect(inList("next_split")).toBe(false);
    expect(inList("first")).toBe(true);
    ui.thread = "t1";
    run("next_split");
    expect(ui.spot.split).toBe("all");
    expect(ui.thread).toBe("t1");
  });
});

describe("the keyboard that a command gives to the list", () => {
  it("is not taken from a search box that the next key goes to", async () => {
    const box = document.createElement("input");
    box.id = "search-box";
    document.body.append(box);
    run("go_inbox");
    run("search");
    await new Promise((drawn) => requestAnimationFrame(drawn));
    expect(document.activeElement).toBe(box);
  });

  it("comes with the next frame", async () => {
    document.getElementById("thread-list")?.blur();
    run("go_inbox");
    await new Promise((drawn) => requestAnimationFrame(drawn));
    expect(document.activeElement?.id).toBe("thread-list");
  });
});
