import { describe, expect, it } from "vitest";

import { useHost } from "../host";
import { MockHost } from "../host/mock";
import { settings } from "../state/settings.svelte";
import { Dispatcher } from "./dispatch";
import { conflictsOf, effective, keymap, parseOwn } from "./keymap.svelte";
import { PRESETS } from "./presets";
import { keyOf, type CommandId } from "./table";

describe.each(PRESETS)("the preset %s", (preset) => {
  const table = effective(preset, {});

  it("gives every command a key, and no key to two commands", () => {
    expect(table.filter((row) => row.keys.length === 0)).toEqual([]);
    for (const row of table) {
      for (const key of row.keys) expect(conflictsOf(table, row.command, key), `${row.command}: ${key}`).toEqual([]);
    }
  });

  it("names strokes as the dispatcher does", () => {
    const order = /^(Ctrl\+)?(Mod\+)?(Shift\+)?(\S|[A-Z]\w+)$/u;
    for (const key of table.flatMap((row) => row.keys)) expect(key.split(" ").every((stroke) => order.test(stroke)), key).toBe(true);
  });
});

describe("the keymap", () => {
  async function fresh() {
    useHost(new MockHost());
    await settings.refresh();
  }

  it("puts the person's keys over the preset's, and reads no nonsense", () => {
    const table = effective("outlook", parseOwn('{"archive":["y"],"delete":[],"no_such":["e"],"reply":"r"}'));
    const keys = (command: CommandId) => table.find((row) => row.command === command)?.keys;
    expect(keys("archive")).toEqual(["y"]);
    expect(keys("delete")).toEqual([]);
    expect(keys("reply")).toEqual(["r", "Mod+r"]);
    expect(table.find((row) => row.command === "archive")?.label).toBe("Archive");
    for (const text of ["", "[", "null", "3", '{"archive":[1]}']) expect(parseOwn(text)).toEqual({});
  });

  it("leaves a key the person has chosen to its command, whatever the preset says", () => {
    const table = effective("outlook", { archive: ["n"] });
    expect(table.filter((row) => row.keys.includes("n")).map((row) => row.command)).toEqual(["archive"]);
    expect(table.find((row) => row.command === "compose")?.keys).toEqual(["Mod+n"]);
  });

  it("tells what a key collides with: the same key, the first of a chord, one that cannot be taken", () => {
    const table = effective("inlet", {});
    const found = (key: string) => conflictsOf(table, "archive", key).map((one) => one.command);
    expect(found("y")).toEqual([]);
    expect(found("e")).toEqual([]);
    expect(found("s")).toEqual(["star"]);
    expect(found("s x")).toEqual(["star"]);
    expect(found("g")).toContain("go_inbox");
    expect(found("g i")).toEqual(["go_inbox"]);
    expect(found("Mod+Enter")).toEqual([null]);
  });

  it("takes a key from another command, is used at once, and gives it back", async () => {
    await fresh();
    await keymap.add("archive", "s");
    expect(keyOf("archive", 1)).toBe("S");
    expect(keyOf("star")).toBe("");
    const ran: string[] = [];
    const dispatcher = new Dispatcher((command) => ran.push(command), () => true, () => keymap.table);
    dispatcher.press(new KeyboardEvent("keydown", { key: "s" }));
    expect(ran).toEqual(["archive"]);
    await keymap.reset("star");
    expect(keyOf("star")).toBe("S");
    expect(keymap.table.find((row) => row.command === "archive")?.keys).toEqual(["e"]);
    await keymap.remove("archive", "e");
    expect(keymap.isOwn("archive")).toBe(true);
    await keymap.resetAll();
    expect(keymap.table).toEqual(effective("inlet", {}));
    expect(settings.find("keyboard.bindings")?.origin).toBe("default");
  });
});
