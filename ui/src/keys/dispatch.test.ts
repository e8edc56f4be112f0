import { afterEach, describe, expect, it } from "vitest";

import { CHORD_WAIT, Dispatcher, strokeOf } from "./dispatch";
import { shown, TABLE, type CommandId } from "./table";

function press(key: string, options: KeyboardEventInit & { at?: number; target?: HTMLElement } = {}): KeyboardEvent {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...options });
  Object.defineProperty(event, "timeStamp", { value: options.at ?? 0 });
  Object.defineProperty(event, "target", { value: options.target ?? document.body });
  return event;
}

function dispatcher(inList = true) {
  const ran: CommandId[] = [];
  return { ran, keys: new Dispatcher((command) => ran.push(command), () => inList) };
}

afterEach(() => document.body.replaceChildren());

describe("Dispatcher", () => {
  it("runs a single key and takes it", () => {
    const { ran, keys } = dispatcher();
    const event = press("j");
    expect(keys.press(event)).toBe(true);
    expect(event.defaultPrevented).toBe(true);
    expect(ran).toEqual(["next"]);
  });

  it("tells Shift+U from U, and takes signs whatever keys they need", () => {
    const { ran, keys } = dispatcher();
    keys.press(press("U", { shiftKey: true }));
    keys.press(press("u"));
    keys.press(press("#", { shiftKey: true }));
    keys.press(press("#"));
    keys.press(press("?", { shiftKey: true }));
    expect(ran).toEqual(["unread", "back", "delete", "delete", "sheet"]);
  });

  it("waits for the second key of a chord", () => {
    const { ran, keys } = dispatcher();
    keys.press(press("g", { at: 0 }));
    expect(ran).toEqual([]);
    keys.press(press("s", { at: 200 }));
    expect(ran).toEqual(["go_sent"]);
    keys.press(press("s", { at: 300 }));
    expect(ran).toEqual(["go_sent", "star"]);
  });

  it("forgets a chord that is not finished in time or goes nowhere", () => {
    const { ran, keys } = dispatcher();
    keys.press(press("g", { at: 0 }));
    keys.press(press("s", { at: CHORD_WAIT + 1 }));
    expect(ran).toEqual(["star"]);
    keys.press(press("g", { at: 5000 }));
    expect(keys.press(press("q", { at: 5100 }))).toBe(false);
    keys.press(press("e", { at: 5200 }));
    expect(ran).toEqual(["star", "archive"]);
  });

  it("leaves text fields, menus and input methods alone", () => {
    const { ran, keys } = dispatcher();
    const input = document.body.appendChild(document.createElement("input"));
    const menu = document.body.appendChild(document.createElement("div"));
    menu.setAttribute("role", "menu");
    expect(keys.press(press("e", { target: input }))).toBe(false);
    expect(keys.press(press("e", { target: menu }))).toBe(false);
    expect(keys.press(press("e", { isComposing: true }))).toBe(false);
    expect(keys.press(press("e", { altKey: true }))).toBe(false);
    expect(ran).toEqual([]);
  });

  it("runs from a text field only what writes nothing there", () => {
    const { ran, keys } = dispatcher();
    const input = document.body.appendChild(document.createElement("input"));
    expect(keys.press(press("k", { target: input, ctrlKey: true }))).toBe(true);
    expect(keys.press(press("a", { target: input, ctrlKey: true }))).toBe(false);
    const dialog = document.body.appendChild(document.createElement("dialog"));
    dialog.open = true;
    expect(keys.press(press("k", { target: dialog.appendChild(document.createElement("input")), ctrlKey: true }))).toBe(false);
    expect(ran).toEqual(["palette"]);
  });

  it("does not run a chord whose first key was typed into a field", () => {
    const { ran, keys } = dispatcher();
    const input = document.body.appendChild(document.createElement("input"));
    keys.press(press("g", { target: input, at: 0 }));
    keys.press(press("i", { at: 100 }));
    expect(ran).toEqual(["inspector"]);
  });

  it("gives Tab to the list only while the list has the keyboard", () => {
    const away = dispatcher(false);
    expect(away.keys.press(press("Tab"))).toBe(false);
    const here = dispatcher(true);
    here.keys.press(press("Tab", { shiftKey: true }));
    expect(here.ran).toEqual(["previous_split"]);
  });

  it("leaves a key of the list alone that has nothing to do there", () => {
    const ran: CommandId[] = [];
    const keys = new Dispatcher((command) => ran.push(command), (command) => command === "first");
    expect(keys.press(press("Tab"))).toBe(false);
    expect(keys.press(press("Home"))).toBe(true);
    expect(ran).toEqual(["first"]);
  });

  it("leaves alone what the text has taken, and runs the rest from there", () => {
    const { ran, keys } = dispatcher();
    const text = document.body.appendChild(document.createElement("textarea"));
    const bold = press("k", { target: text, ctrlKey: true });
    bold.preventDefault();
    expect(keys.press(bold)).toBe(false);
    expect(keys.press(press(",", { target: text, ctrlKey: true }))).toBe(true);
    expect(keys.press(press("Enter", { target: text, ctrlKey: true }))).toBe(true);
    expect(ran).toEqual(["settings", "send"]);
  });

  it("sends also from a button of the composer", () => {
    const { ran, keys } = dispatcher();
    const button = document.body.appendChild(document.createElement("button"));
    expect(keys.press(press("Enter", { target: button, ctrlKey: true }))).toBe(true);
    expect(ran).toEqual(["send"]);
  });

  it("lets Enter press the button that has the focus", () => {
    const { ran, keys } = dispatcher();
    const button = document.body.appendChild(document.createElement("button"));
    expect(keys.press(press("Enter", { target: button }))).toBe(false);
    keys.press(press("Enter"));
    expect(ran).toEqual(["open"]);
  });
});

describe("strokeOf", () => {
  it("takes the modifier of the system", () => {
    expect(strokeOf(press("a", { ctrlKey: true }), false)).toBe("Mod+a");
    expect(strokeOf(press("a", { metaKey: true }), true)).toBe("Mod+a");
    expect(strokeOf(press("a", { ctrlKey: true }), true)).toBe("Ctrl+a");
    expect(strokeOf(press(" ", { ctrlKey: true }), false)).toBe("Mod+Space");
  });
});

describe("a keyboard of another script", () => {
  const stroke = (key: string, code: string, options: KeyboardEventInit = {}) => strokeOf(press(key, { code, ...options }), false);

  it("runs the command of the Latin letter on the same key", () => {
    expect(stroke("о", "KeyJ")).toBe("j");
    expect(stroke("О", "KeyJ", { shiftKey: true })).toBe("Shift+j");
    expect(stroke("л", "KeyK", { ctrlKey: true })).toBe("Mod+k");
    expect(stroke("κ", "KeyK", { ctrlKey: true })).toBe("Mod+k");
    expect(stroke("ח", "KeyJ")).toBe("j");
    expect(stroke("ש", "KeyA", { ctrlKey: true })).toBe("Mod+a");
    expect(stroke("ن", "KeyK", { ctrlKey: true })).toBe("Mod+k");
  });

  it("leaves Latin letters what they are, wherever they stand", () => {
    expect(stroke("a", "KeyQ")).toBe("a");
    expect(stroke("z", "KeyY")).toBe("z");
    expect(stroke("ı", "KeyI")).toBe("ı");
    expect(stroke("?", "Digit7", { shiftKey: true })).toBe("?");
    expect(stroke("х", "BracketLeft")).toBe("х");
  });
});

describe("the table", () => {
  it("gives no key to two commands", () => {
    const keys = TABLE.flatMap((binding) => binding.keys);
    expect(new Set(keys).size).toBe(keys.length);
  });
  it("uses no first key of a chord alone", () => {
    const keys = TABLE.flatMap((binding) => binding.keys);
    const firsts = new Set(keys.filter((key) => key.includes(" ")).map((key) => key.split(" ")[0]));
    expect(keys.filter((key) => firsts.has(key))).toEqual([]);
  });
  it("is shown as the keyboard says it", () => {
    expect(shown("Mod+a", false)).toBe("Ctrl+A");
    expect(shown("Mod+a", true)).toBe("⌘A");
    expect(shown("g i", false)).toBe("G then I");
    expect(shown("Shift+ArrowDown", false)).toBe("Shift+↓");
  });
});
