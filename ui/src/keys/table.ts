/**
 * Every command and the keys it has when nobody chose others. What is in force, with a preset and
 * the person's own keys, is the keymap's table: dispatcher, sheet (`?`), tooltips and palette read
 * that one, so what is shown is what works.
 */
import { t } from "../strings";

export type CommandId =
  | "next" | "previous" | "first" | "last" | "open" | "back"
  | "archive" | "delete" | "inbox" | "reply" | "reply_all" | "forward" | "compose" | "send"
  | "snooze" | "remind" | "file" | "leave_list" | "rsvp_accept" | "rsvp_tentative" | "rsvp_decline" | "dismiss" | "star" | "unread" | "mute" | "undo"
  | "select" | "extend_next" | "extend_previous" | "select_all"
  | "inspector" | "source" | "print" | "new_page"
  | "search" | "save_search" | "next_split" | "previous_split" | "rail" | "sheet" | "palette" | "settings" | "lock"
  | "go_today" | "go_inbox" | "go_waiting" | "go_snoozed" | "go_drafts" | "go_outbox" | "go_sent" | "go_archive" | "go_notes" | "go_people" | "go_starred" | "go_all" | "go_notices";

export type Group = "move" | "do" | "write" | "select" | "go" | "window";
export const GROUPS: readonly Group[] = ["move", "do", "write", "select", "go", "window"];

export type Binding = {
  command: CommandId;
  /** Keys, each alone enough: `j`, `Shift+u`, `Mod+a`, or a chord `g i`. `Mod` is Ctrl, or ⌘ on a Mac. */
  keys: readonly string[];
  /** What it does, in the language of the window. */
  readonly label: string;
  group: Group;
  /** Only while the list has the keyboard. */
  inList?: true;
  /** Also while text is being written: for keys that write none. */
  always?: true;
};

const ROWS: readonly Omit<Binding, "label">[] = [
  { command: "next", keys: ["j", "ArrowDown"], group: "move" },
  { command: "previous", keys: ["k", "ArrowUp"], group: "move" },
  { command: "first", keys: ["Home"], group: "move", inList: true },
  { command: "last", keys: ["End"], group: "move", inList: true },
  { command: "open", keys: ["Enter", "o"], group: "move" },
  { command: "back", keys: ["u", "Escape"], group: "move" },
  { command: "next_split", keys: ["Tab"], group: "move", inList: true },
  { command: "previous_split", keys: ["Shift+Tab"], group: "move", inList: true },
  { command: "archive", keys: ["e"], group: "do" },
  { command: "delete", keys: ["#", "Delete"], group: "do" },
  { command: "snooze", keys: ["h"], group: "do" },
  { command: "remind", keys: ["Shift+h"], group: "do" },
  { command: "file", keys: ["l"], group: "do" },
  { command: "inbox", keys: ["Shift+i"], group: "do" },
  { command: "star", keys: ["s"], group: "do" },
  { command: "unread", keys: ["Shift+u"], group: "do" },
  { command: "mute", keys: ["m"], group: "do" },
  { command: "leave_list", keys: ["Shift+l"], group: "do" },
  { command: "rsvp_accept", keys: ["Shift+y"], group: "do" },
  { command: "rsvp_tentative", keys: ["Shift+m"], group: "do" },
  { command: "rsvp_decline", keys: ["Shift+d"], group: "do" },
  { command: "dismiss", keys: ["Shift+e"], group: "do" },
  { command: "undo", keys: ["z", "Mod+z"], group: "do" },
  { command: "compose", keys: ["c"], group: "write" },
  { command: "reply", keys: ["r"], group: "write" },
  { command: "reply_all", keys: ["a"], group: "write" },
  { command: "forward", keys: ["f"], group: "write" },
  { command: "new_page", keys: ["n"], group: "write" },
  { command: "send", keys: ["Mod+Enter"], group: "write", always: true },
  { command: "select", keys: ["x"], group: "select" },
  { command: "extend_next", keys: ["Shift+j", "Shift+ArrowDown"], group: "select" },
  { command: "extend_previous", keys: ["Shift+k", "Shift+ArrowUp"], group: "select" },
  { command: "select_all", keys: ["Mod+a"], group: "select" },
  { command: "go_today", keys: ["g t"], group: "go" },
  { command: "go_inbox", keys: ["g i"], group: "go" },
  { command: "go_waiting", keys: ["g w"], group: "go" },
  { command: "go_snoozed", keys: ["g h"], group: "go" },
  { command: "go_drafts", keys: ["g d"], group: "go" },
  { command: "go_outbox", keys: ["g o"], group: "go" },
  { command: "go_sent", keys: ["g s"], group: "go" },
  { command: "go_archive", keys: ["g e"], group: "go" },
  { command: "go_notes", keys: ["g n"], group: "go" },
  { command: "go_people", keys: ["g p"], group: "go" },
  { command: "go_starred", keys: ["g *"], group: "go" },
  { command: "go_all", keys: ["g a"], group: "go" },
  { command: "inspector", keys: ["i"], group: "window" },
  { command: "rail", keys: ["b"], group: "window" },
  { command: "source", keys: ["v"], group: "window" },
  { command: "print", keys: ["Mod+p"], group: "window" },
  { command: "go_notices", keys: ["g l"], group: "go" },
  { command: "search", keys: ["/", "Mod+f"], group: "window" },
  { command: "save_search", keys: ["Shift+s"], group: "window" },
  { command: "palette", keys: ["Mod+k"], group: "window", always: true },
  { command: "settings", keys: ["Mod+,"], group: "window", always: true },
  { command: "lock", keys: ["Mod+Shift+x"], group: "window", always: true },
  { command: "sheet", keys: ["?"], group: "window" },
];

export const TABLE: readonly Binding[] = ROWS.map((row) => ({
  ...row,
  get label() {
    return t(`command-${row.command}`);
  },
}));

let inForce: () => readonly Binding[] = () => TABLE;

/** Names the table that is in force. */
export function useTable(read: () => readonly Binding[]): void {
  inForce = read;
}

/**
 * A key of a command, for tooltips: the first one unless another is asked for and there. Nothing
 * when the command has none.
 */
export function keyOf(command: CommandId, index = 0): string {
  const keys = inForce().find((binding) => binding.command === command)?.keys ?? [];
  return shown(keys[index] ?? keys[0] ?? "");
}

/** Keys with a name of their own on the keyboards of a language. */
const NAMES: Record<string, () => string> = {
  Shift: () => t("key-shift"),
  Enter: () => t("key-enter"),
  Escape: () => t("key-escape"),
  Tab: () => t("key-tab"),
  Delete: () => t("key-delete"),
  Home: () => t("key-home"),
  End: () => t("key-end"),
  Insert: () => t("key-insert"),
  Backspace: () => t("key-backspace"),
  Space: () => t("key-space"),
  ArrowDown: () => "↓",
  ArrowUp: () => "↑",
};

/** A key as a person reads it. */
export function shown(key: string, mac = isMac()): string {
  const [first = "", second] = key.split(" ").map((stroke) => strokeShown(stroke, mac));
  return second === undefined ? first : t("key-then", { first, second });
}

function strokeShown(stroke: string, mac: boolean): string {
  return stroke
    .split("+")
    .map((part) => {
      if (part === "Mod") return mac ? "⌘" : t("key-ctrl");
      if (part === "Ctrl") return mac ? "⌃" : t("key-ctrl");
      return NAMES[part]?.() ?? (part.length === 1 ? part.toUpperCase() : part);
    })
    .join(mac && /^(Mod|Ctrl)/.test(stroke) ? "" : "+");
}

export function isMac(): boolean {
  return typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);
}
