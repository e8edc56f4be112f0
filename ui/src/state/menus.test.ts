import { beforeEach, describe, expect, it } from "vitest";

import { useHost } from "../host";
import { MockHost } from "../host/mock";
import { PRESETS } from "../keys/presets";
import { words } from "./menus";
import { settings } from "./settings.svelte";

/** The letters of the menu bar, by command. */
function letters(): Record<string, string> {
  const items = words(0, false, { set: false, locked: false }).menus.flatMap((menu) => menu.items);
  return Object.fromEntries(items.flatMap(({ command, key }): [string, string][] => (key ? [[command, key]] : [])));
}

beforeEach(async () => {
  useHost(new MockHost());
  await settings.refresh();
});

describe("the menu bar", () => {
  it.each(PRESETS)("has a letter only for what changes no conversation (%s)", async (preset) => {
    await settings.set("keyboard.preset", preset);
    const harmless = ["palette", "settings", "send", "compose", "search", "print"];
    expect(Object.keys(letters()).filter((command) => !harmless.includes(command))).toEqual([]);
  });

  it("keeps the letters one expects of a mail program", async () => {
    await settings.set("keyboard.preset", "outlook");
    expect(letters()).toMatchObject({ compose: "n", palette: "k", print: "p" });
    expect(letters()["delete"]).toBeUndefined();
    expect(letters()["unread"]).toBeUndefined();
  });

  it("leaves the letters of the Edit menu to it", async () => {
    await settings.set("keyboard.bindings", '{"compose":["Mod+v","Mod+y"]}');
    expect(letters()["compose"]).toBe("y");
  });
});
