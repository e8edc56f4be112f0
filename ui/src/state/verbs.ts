/** What an action does to a row and a list, before the engine has answered. */
import type { ThreadRow, Verb, View } from "../host";
import { t } from "../strings";

/** What an action needs beside its verb. */
export type Extra = {
  /** End of a snooze, moment of a reminder. */
  until?: string;
  /** A folder or label, where there is one already, */
  to?: string | null;
  /** and its name, by which it is made where there is none. */
  name?: string;
};

const OUT_OF: Record<Verb, readonly View[]> = {
  read: [],
  unread: [],
  star: [],
  unstar: ["starred"],
  archive: ["inbox", "snoozed", "junk", "trash"],
  inbox: ["archive", "snoozed", "junk", "trash"],
  delete: ["inbox", "waiting", "snoozed", "sent", "archive", "notes", "starred", "junk", "trash", "all"],
  move: ["inbox"],
  label: [],
  unlabel: [],
  remind: [],
  unremind: [],
  snooze: ["inbox", "archive"],
  mute: [],
  unmute: [],
  tick: [],
  untick: [],
  accept: [],
  tentative: [],
  decline: [],
  react: [],
  unreact: [],
  settle: [],
  dismiss: [],
};

/** Rows acted on so do not belong in this view any more. */
export function leaves(verb: Verb, view: View): boolean {
  return OUT_OF[verb].includes(view);
}

/** The row as it is after the action. */
export function after(verb: Verb, row: ThreadRow, { until, name }: Extra = {}): ThreadRow {
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
      return { ...row, place: "archive", snoozed_until: null, unanswered_since: null };
    case "inbox":
      return { ...row, place: "inbox", snoozed_until: null };
    case "delete":
      return { ...row, place: "trash", snoozed_until: null, remind_at: null, unanswered_since: null };
    case "snooze":
      return { ...row, place: "snoozed", snoozed_until: until ?? null };
    case "mute":
      return { ...row, muted: true };
    case "unmute":
      return { ...row, muted: false };
    case "remind":
      return { ...row, remind_at: until ?? null, unanswered_since: null };
    case "unremind":
      return { ...row, remind_at: null, unanswered_since: null };
    case "label":
      return name === undefined || row.labels.includes(name) ? row : { ...row, labels: [...row.labels, name].sort() };
    case "unlabel":
      return { ...row, labels: row.labels.filter((label) => label !== name) };
    case "move":
    case "react":
    case "unreact":
    case "tick":
    case "untick":
    case "accept":
    case "tentative":
    case "decline":
      return row;
    case "settle":
    case "dismiss":
      return { ...row, next: null };
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
