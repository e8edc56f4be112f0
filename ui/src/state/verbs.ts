/** What an action does to a row and a list, before the engine has answered. */
import type { ThreadRow, Verb, View } from "../host";
import { t } from "../strings";

const OUT_OF: Record<Verb, readonly View[]> = {
  read: [],
  unread: [],
  star: [],
  unstar: ["starred"],
  archive: ["inbox", "snoozed", "waiting", "junk", "trash"],
  inbox: ["archive", "snoozed", "junk", "trash"],
  delete: ["inbox", "waiting", "snoozed", "sent", "archive", "notes", "starred", "junk", "trash", "all"],
  move: ["inbox"],
  label: [],
  unlabel: [],
  snooze: ["inbox", "archive", "waiting"],
  mute: [],
  unmute: [],
};

/** Rows acted on so do not belong in this view any more. */
export function leaves(verb: Verb, view: View): boolean {
  return OUT_OF[verb].includes(view);
}

/** The row as it is after the action. */
export function after(verb: Verb, row: ThreadRow, until: string | null = null): ThreadRow {
  switch (verb) {
    case "read":
      return { ...row, unread: 0 };
    case "unread":
      return { ...row, unread: Math.max(1, row.unread) };
    case "star":
      return { ...row, starred: true };
    case "unstar":
      return { ...row, starred: false };
    case "archive":
      return { ...row, place: "archive", snoozed_until: null };
    case "inbox":
      return { ...row, place: "inbox", snoozed_until: null };
    case "delete":
      return { ...row, place: "trash", snoozed_until: null };
    case "snooze":
      return { ...row, place: "snoozed", snoozed_until: until };
    case "mute":
      return { ...row, muted: true };
    case "unmute":
      return { ...row, muted: false };
    case "move":
    case "label":
    case "unlabel":
      return row;
  }
}

/**
 * Where the focus goes when rows leave: the row that takes the place of the focused one, else the
 * last one, else nowhere (-1).
 *
 * @param gone positions that leave, in any order
 */
export function focusAfter(focus: number, gone: readonly number[], total: number): number {
  const left = total - gone.length;
  if (left <= 0) return -1;
  const before = gone.filter((index) => index < focus).length;
  return Math.min(Math.max(0, focus - before), left - 1);
}

/** What to say about an action: the window knows it before the engine has answered. */
export function said(verb: Verb, count: number): string {
  return t(`did-${verb}`, { count });
}
