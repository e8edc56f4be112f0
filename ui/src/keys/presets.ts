/**
 * Keys people bring along from other programs. A preset names the commands whose keys differ from
 * the table's. Sources: Microsoft, "Keyboard shortcuts for Outlook" (Outlook on the web); Apple,
 * "Keyboard shortcuts and gestures in Mail on Mac". What neither program has keeps our keys, as long
 * as theirs leave them free.
 */
import type { CommandId } from "./table";

export type Preset = "inlet" | "outlook" | "apple";
export const PRESETS: readonly Preset[] = ["inlet", "outlook", "apple"];

type Keys = Partial<Record<CommandId, readonly string[]>>;

/** Whoever works with these moves by the arrows; letters are left to what they stand for there. */
const ARROWS: Keys = {
  next: ["ArrowDown"],
  previous: ["ArrowUp"],
  extend_next: ["Shift+ArrowDown"],
  extend_previous: ["Shift+ArrowUp"],
  back: ["Escape"],
};

export const KEYS: Record<Preset, Keys> = {
  inlet: {},
  outlook: {
    ...ARROWS,
    open: ["Enter", "Mod+o"],
    compose: ["n", "Mod+n"],
    new_page: ["Shift+n"],
    reply: ["r", "Mod+r"],
    reply_all: ["Shift+r", "Mod+Shift+r"],
    forward: ["Shift+f", "Mod+Shift+f"],
    archive: ["e", "Backspace"],
    delete: ["Delete", "Mod+d"],
    star: ["Insert"],
    unread: ["u", "q", "Mod+u", "Mod+q"],
    undo: ["Mod+z"],
    select: ["Mod+Space"],
    search: ["/", "Mod+e", "F3"],
    mute: ["Mod+Delete"],
  },
  apple: {
    ...ARROWS,
    open: ["Enter", "Mod+o"],
    compose: ["Mod+n"],
    send: ["Mod+Shift+d", "Mod+Enter"],
    reply: ["Mod+r"],
    reply_all: ["Mod+Shift+r"],
    forward: ["Mod+Shift+f"],
    archive: ["Ctrl+Mod+a", "e"],
    delete: ["Delete", "Backspace"],
    star: ["Mod+Shift+l"],
    unread: ["Mod+Shift+u"],
    undo: ["Mod+z"],
    search: ["Mod+f", "/"],
    mute: ["m"],
    go_inbox: ["Mod+1", "g i"],
  },
};
