/**
 * Every key and what it does. The dispatcher and the sheet (`?`) both read this table, so what is
 * shown is what works.
 */

export type CommandId =
  | "next" | "previous" | "first" | "last" | "open" | "back"
  | "archive" | "delete" | "inbox" | "reply" | "reply_all" | "forward" | "compose"
  | "snooze" | "star" | "unread" | "mute" | "undo"
  | "select" | "extend_next" | "extend_previous" | "select_all"
  | "search" | "next_split" | "previous_split" | "sheet"
  | "go_inbox" | "go_snoozed" | "go_drafts" | "go_outbox" | "go_sent" | "go_archive" | "go_notes" | "go_starred" | "go_all";

export type Group = "Move" | "Do" | "Write" | "Select" | "Go to" | "Window";

export type Binding = {
  command: CommandId;
  /** Keys, each alone enough: `j`, `Shift+u`, `Mod+a`, or a chord `g i`. `Mod` is Ctrl, or ⌘ on a Mac. */
  keys: readonly string[];
  label: string;
  group: Group;
  /** Only while the list has the keyboard. */
  inList?: true;
};

export const TABLE: readonly Binding[] = [
  { command: "next", keys: ["j", "ArrowDown"], label: "Next conversation", group: "Move" },
  { command: "previous", keys: ["k", "ArrowUp"], label: "Previous conversation", group: "Move" },
  { command: "first", keys: ["Home"], label: "First conversation", group: "Move", inList: true },
  { command: "last", keys: ["End"], label: "Last conversation", group: "Move", inList: true },
  { command: "open", keys: ["Enter", "o"], label: "Open", group: "Move" },
  { command: "back", keys: ["u", "Escape"], label: "Back to the list", group: "Move" },
  { command: "next_split", keys: ["Tab"], label: "Next tab", group: "Move", inList: true },
  { command: "previous_split", keys: ["Shift+Tab"], label: "Previous tab", group: "Move", inList: true },
  { command: "archive", keys: ["e"], label: "Archive", group: "Do" },
  { command: "delete", keys: ["#", "Delete"], label: "Delete", group: "Do" },
  { command: "snooze", keys: ["h"], label: "Snooze", group: "Do" },
  { command: "inbox", keys: ["Shift+i"], label: "Back to the inbox", group: "Do" },
  { command: "star", keys: ["s"], label: "Star or remove the star", group: "Do" },
  { command: "unread", keys: ["Shift+u"], label: "Mark unread or read", group: "Do" },
  { command: "mute", keys: ["m"], label: "Mute or unmute", group: "Do" },
  { command: "undo", keys: ["z", "Mod+z"], label: "Undo", group: "Do" },
  { command: "compose", keys: ["c"], label: "New message", group: "Write" },
  { command: "reply", keys: ["r"], label: "Reply", group: "Write" },
  { command: "reply_all", keys: ["a"], label: "Reply to all", group: "Write" },
  { command: "forward", keys: ["f"], label: "Forward", group: "Write" },
  { command: "select", keys: ["x"], label: "Select", group: "Select" },
  { command: "extend_next", keys: ["Shift+j", "Shift+ArrowDown"], label: "Extend down", group: "Select" },
  { command: "extend_previous", keys: ["Shift+k", "Shift+ArrowUp"], label: "Extend up", group: "Select" },
  { command: "select_all", keys: ["Mod+a"], label: "Select all", group: "Select" },
  { command: "go_inbox", keys: ["g i"], label: "Inbox", group: "Go to" },
  { command: "go_snoozed", keys: ["g h"], label: "Snoozed", group: "Go to" },
  { command: "go_drafts", keys: ["g d"], label: "Drafts", group: "Go to" },
  { command: "go_outbox", keys: ["g o"], label: "Outbox", group: "Go to" },
  { command: "go_sent", keys: ["g s"], label: "Sent", group: "Go to" },
  { command: "go_archive", keys: ["g e"], label: "Archive", group: "Go to" },
  { command: "go_notes", keys: ["g n"], label: "Notes", group: "Go to" },
  { command: "go_starred", keys: ["g *"], label: "Starred", group: "Go to" },
  { command: "go_all", keys: ["g a"], label: "All", group: "Go to" },
  { command: "search", keys: ["/", "Mod+f"], label: "Search", group: "Window" },
  { command: "sheet", keys: ["?"], label: "This sheet", group: "Window" },
];

/** Keys that a view handles itself; the sheet shows them as well. */
export const ELSEWHERE: readonly { keys: string; label: string; group: Group }[] = [
  { keys: "Mod+Enter", label: "Send", group: "Write" },
];

/** The first key of a command, for tooltips. */
export function keyOf(command: CommandId): string {
  const key = TABLE.find((binding) => binding.command === command)?.keys[0] ?? "";
  return shown(key);
}

/** A key as a person reads it. */
export function shown(key: string, mac = isMac()): string {
  return key
    .split(" ")
    .map((stroke) =>
      stroke
        .split("+")
        .map((part) => {
          if (part === "Mod") return mac ? "⌘" : "Ctrl";
          if (part === "ArrowDown") return "↓";
          if (part === "ArrowUp") return "↑";
          if (part === "Escape") return "Esc";
          return part.length === 1 ? part.toUpperCase() : part;
        })
        .join(mac && stroke.startsWith("Mod") ? "" : "+"),
    )
    .join(" then ");
}

export function isMac(): boolean {
  return typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);
}
