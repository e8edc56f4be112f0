// The outbox in words: where an operation stands, when it goes on, and what can be done about it.

import type { OpKind, OpState, OpView } from "../../host";
import { format } from "../../parts/format";
import { t } from "../../strings";

/** How an attempt ends: delivered, or by the code of its error. */
const OUTCOMES = ["queued", "done", "auth_needed", "throttled", "offline", "transient", "cursor_expired", "unknown", "permanent"] as const;

/** Where it stands, in one or two words. */
export function stateWord(op: OpView): string {
  if (cameBack(op)) return t("receipt-failed");
  if (op.kind === "send" && op.state === "done") return t("state-sent");
  if (op.kind !== "send" && op.state === "sending") return t("state-under-way");
  return t(`state-${op.state}`);
}

/** It went out, and somebody it was for did not get it. */
export function cameBack(op: OpView): boolean {
  return op.delivery.some((status) => status.reported === "failed");
}

/** What it does, in a word. */
export function kindWord(kind: OpKind): string {
  return t(`change-${kind}`);
}

/** How an attempt ended; a code that is not known here is shown as it is. */
export function outcomeWord(outcome: string): string {
  const known = OUTCOMES.find((one) => one === outcome);
  return known === undefined ? outcome.replaceAll("_", " ") : t(`outcome-${known}`);
}

/** When it goes on; `null` when nobody waits for a time. */
export function nextTry(op: OpView, now: number): string | null {
  if (op.state === "unknown") return t("try-checking");
  if (op.state !== "queued") return null;
  const what = op.attempts > 0 ? "try" : "goes";
  const left = Date.parse(op.not_before) - now;
  if (left <= 0) return t(`${what}-now`);
  if (left < 60_000) return t(`${what}-soon`, { seconds: Math.ceil(left / 1000) });
  return t(`${what}-later`, { when: format.ago(op.not_before, now), time: format.medium(op.not_before, now) });
}

/** How often it was tried; `null` when it was not. */
export function attemptsWord(op: OpView): string | null {
  return op.attempts === 0 ? null : t("attempts", { count: op.attempts });
}

/** It stopped, and only the person can make it go on. */
export function canRetry(op: OpView): boolean {
  return op.state === "parked" || (op.state === "queued" && op.attempts > 0);
}

/** It was not sent yet, so it can be taken back. */
export function canCancel(op: OpView): boolean {
  return op.state === "queued" || op.state === "parked";
}

/** What was written can be opened again; what a channel is told was not written by anybody. */
export function canEdit(op: OpView): boolean {
  return op.kind === "send" && op.thread !== null && canCancel(op);
}

const ORDER: OpState[] = ["parked", "unknown", "sending", "queued", "done", "cancelled"];

/** What needs the person first, then what is on its way, then what is over, newest first. */
export function sorted(ops: readonly OpView[]): OpView[] {
  return ops.toSorted(
    (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state) || b.created_at.localeCompare(a.created_at),
  );
}
