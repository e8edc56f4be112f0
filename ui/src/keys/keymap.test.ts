import { describe, expect, it } from "vitest";

import { useHost } from "../host";
import { MockHost } from "../host/mock";
import { settings } from "../state/settings.svelte";
import { Dispatcher } from "./dispatch";
import { conflictsOf, effective, keymap, parseOwn } from "./keymap.svelte";
import { PRESETS } from "./presets";
import { keyOf, shown, type CommandId } from "./table";

/** A press of a stroke as a keyboard tells it; `Mod` is Ctrl here. */
function press(stroke: string, target: HTMLElement = document.body): KeyboardEvent {
  const parts = stroke === "+" ? ["+"] : stroke.split("+");
  const name = parts.at(-1)!;
  const shiftKey = parts.includes("Shift");
  const key = name === "Space" ? " " : shiftKey ? name.replace(/^.$/u, (letter) => letter.toUpperCase()) : name;
  const event = new KeyboardEvent("keydown", { key, shiftKey, ctrlKey: parts.includes("Mod"), bubbles: true, cancelable: true });
  Object.defineProperty(event, "target", { value: target });
  return event;
}

/** What somebody presses who knows the contract for the window, and what has to come of it. */
const CONTRACT: readonly [keys: string, command: CommandId][] = [
  ["j", "next"], ["k", "previous"], ["Enter", "open"], ["o", "open"], ["u", "back"], ["Escape", "back"],
  ["e", "archive"], ["#", "delete"], ["r", "reply"], ["a", "reply_all"], ["f", "forward"], ["c", "compose"],
  ["h", "snooze"], ["s", "star"], ["Shift+u", "unread"], ["x", "select"], ["Shift+j", "extend_next"], ["Shift+k", "extend_previous"],
  ["Mod+a", "select_all"], ["l", "file"], ["m", "mute"], ["/", "search"], ["Mod+k", "palette"], ["i", "inspector"],
  ["g t", "go_today"], ["g i", "go_inbox"], ["g w", "go_waiting"], ["g d", "go_drafts"], ["g o", "go_outbox"], ["g s", "go_sent"], ["g n", "go_notes"],
  ["z", "undo"], ["Mod+Enter", "send"], ["Tab", "next_split"], ["Shift+Tab", "previous_split"], ["?", "sheet"],
];

/** What people bring along from the other two programs. */
const BROUGHT: Record<(typeof PRESETS)[number], readonly [keys: string, command: CommandId][]> = {
  inlet: CONTRACT,
  outlook: [
    ["ArrowDown", "next"], ["ArrowUp", "previous"], ["Enter", "open"], ["Escape", "back"], ["n", "compose"], ["Mod+n", "compose"],
    ["r", "reply"], ["Shift+r", "reply_all"], ["Shift+f", "forward"], ["e", "archive"], ["Backspace", "archive"], ["Delete", "delete"],
    ["Insert", "star"], ["u", "unread"], ["q", "unread"], ["Mod+z", "undo"], ["/", "search"], ["Shift+ArrowDown", "extend_next"],
    ["Mod+a", "select_all"], ["Mod+k", "palette"], ["Mod+Enter", "send"], ["g d", "go_drafts"], ["?", "sheet"], ["Tab", "next_split"],
  ],
  apple: [
    ["ArrowDown", "next"], ["ArrowUp", "previous"], ["Enter", "open"], ["Escape", "back"], ["Mod+n", "compose"],
    ["Mod+r", "reply"], ["Mod+Shift+r", "reply_all"], ["Mod+Shift+f", "forward"], ["e", "archive"], ["Delete", "delete"], ["Backspace", "delete"],
    ["Mod+Shift+l", "star"], ["Mod+Shift+u", "unread"], ["Mod+z", "undo"], ["Mod+f", "search"], ["/", "search"], ["Mod+1", "go_inbox"],
    ["Mod+Shift+d", "send"], ["Mod+Enter", "send"], ["Mod+k", "palette"], ["g s", "go_sent"], ["?", "sheet"], ["Shift+Tab", "previous_split"],
  ],
};

describe.each(PRESETS)("the preset %s", (preset) => {
  const table = effective(preset, {});

  it("gives every command a key, and no key to two commands", () => {
    expect(table.filter((row) => row.keys.length === 0)).toEqual([]);
    for (const row of table) {
      for (const key of row.keys) expect(conflictsOf(table, row.command, key), `${row.command}: ${key}`).toEqual([]);
    }
  });

  it("does what its people expect, key by key", () => {
    for (const [keys, command] of BROUGHT[preset]) {
      const ran: CommandId[] = [];
      const dispatcher = new Dispatcher((one) => ran.push(one), () => true, () => table);
      for (const stroke of keys.split(" ")) dispatcher.press(press(stroke));
      expect(ran, keys).toEqual([command]);
    }
  });

  it("has no key that another computer's keyboard would be needed for", () => {
    const all = (mac: boolean) => effective(preset, {}, mac).flatMap((row) => row.keys);
    expect(all(false).filter((key) => key.includes("Ctrl+"))).toEqual([]);
    expect(effective(preset, {}, true).filter((row) => row.keys.length === 0)).toEqual([]);
  });

  it("names strokes as the dispatcher does", () => {
    const order = /^(Ctrl\+)?(Mod\+)?(Shift\+)?(\S|[A-Z]\w+)$/u;
    for (const key of table.flatMap((row) => row.keys)) expect(key.split(" ").every((stroke) => order.test(stroke)), key).toBe(true);
  });
});

it("the preset of Apple Mail archives with ⌃⌘A on a Mac, and says so nowhere else", () => {
  const first = (mac: boolean) => shown(effective("apple", {}, mac).find((row) => row.command === "archive")?.keys[0] ?? "", mac);
  expect(first(true)).toBe("⌃⌘A");
  expect(first(false)).toBe("E");
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

  it("tells what a key collides with: the same key, the first of a chord", () => {
    const table = effective("inlet", {});
    const found = (key: string) => conflictsOf(table, "archive", key).map((one) => one.command);
    expect(found("y")).toEqual([]);
    expect(found("e")).toEqual([]);
    expect(found("s")).toEqual(["star"]);
    expect(found("s x")).toEqual(["star"]);
    expect(found("g")).toContain("go_inbox");
    expect(found("g i")).toEqual(["go_inbox"]);
    expect(found("Mod+Enter")).toEqual(["send"]);
  });

  it("sends by another key when that is wished for, also in the middle of a text", async () => {
    await fresh();
    await keymap.add("send", "Mod+s");
    await keymap.remove("send", "Mod+Enter");
    const ran: string[] = [];
    const dispatcher = new Dispatcher((command) => ran.push(command), () => false, () => keymap.table);
    const text = document.body.appendChild(document.createElement("textarea"));
    dispatcher.press(press("Mod+Enter", text));
    dispatcher.press(press("Mod+s", text));
    expect(ran).toEqual(["send"]);
    expect(keymap.pressed("send", press("Mod+s"))).toBe(true);
    expect(keyOf("send")).toBe("Ctrl+S");
    text.remove();
    await keymap.resetAll();
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
