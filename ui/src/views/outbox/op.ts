// The outbox in words: where an operation stands, when it goes on, and what can be done about it.

import type { OpKind, OpState, OpView } from "../../host";
import { format } from "../../parts/format";

const STATES: Record<OpState, string> = {
  queued: "Waiting",
  sending: "Sending",
  unknown: "Checking",
  done: "Done",
  parked: "Needs you",
  cancelled: "Cancelled",
};

const KINDS: Record<OpKind, string> = {
  send: "Message",
  flags: "Change of marks",
  move: "Move",
  label: "Label",
  expunge: "Removal",
};

/** Where it stands, in one or two words. */
export function stateWord(op: OpView): string {
  if (op.kind === "send" && op.state === "done") return "Sent";
  if (op.kind !== "send" && op.state === "sending") return "Under way";
  return STATES[op.state];
}

/** What it does, in a word. */
export function kindWord(kind: OpKind): string {
  return KINDS[kind];
}

/** When it goes on; `null` when nobody waits for a time. */
export function nextTry(op: OpView, now: number): string | null {
  if (op.state === "unknown") return "Looking whether it arrived";
  if (op.state !== "queued") return null;
  const left = Date.parse(op.not_before) - now;
  if (left <= 0) return op.attempts > 0 ? "Tries again now" : "Goes out now";
  const when = left < 60_000 ? `in ${Math.ceil(left / 1000)} s` : `${format.ago(op.not_before, now)} (${format.medium(op.not_before, now)})`;
  return op.attempts > 0 ? `Tries again ${when}` : `Goes out ${when}`;
}

/** How often it was tried; `null` when it was not. */
export function attemptsWord(op: OpView): string | null {
  if (op.attempts === 0) return null;
  return op.attempts === 1 ? "1 attempt" : `${op.attempts} attempts`;
}

/** It stopped, and only the person can make it go on. */
export function canRetry(op: OpView): boolean {
  return op.state === "parked" || (op.state === "queued" && op.attempts > 0);
}

/** It was not sent yet, so it can be taken back. */
export function canCancel(op: OpView): boolean {
  return op.state === "queued" || op.state === "parked";
}

/** What was written can be opened again. */
export function canEdit(op: OpView): boolean {
  return op.kind === "send" && canCancel(op);
}

const ORDER: OpState[] = ["parked", "unknown", "sending", "queued", "done", "cancelled"];

/** What needs the person first, then what is on its way, then what is over, newest first. */
export function sorted(ops: readonly OpView[]): OpView[] {
  return ops.toSorted(
    (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || b.created_at.localeCompare(a.created_at),
  );
}
