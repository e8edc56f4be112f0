// What just happened, said once and briefly, with a way back. One list for the whole window.

import { sentence } from "../host";
import { t } from "../strings";
import { goBack, newest, offer, type Way } from "./back";

export interface Toast {
  id: number;
  text: string;
  /** A problem stays until it is dismissed: a sentence one has to act on must not run away. */
  tone: "plain" | "problem";
  /** The way back from what it speaks of. */
  way: Way | null;
  /** It stays until the way back has ended, as long as there is room. */
  promised: boolean;
}

export interface ToastOptions {
  /** Takes it back. */
  undo?: (() => unknown) | null;
  /** When the way back ends, in milliseconds of the clock; it has no end when left out. */
  until?: number;
  /** It cannot be taken back: undoing says so, once, before it goes on with what was done earlier. */
  final?: boolean;
  /** Milliseconds it stays; 7000 when left out. */
  lasts?: number;
  tone?: Toast["tone"];
}

/** The clock of one toast, in milliseconds. */
interface Clock {
  handle: ReturnType<typeof setTimeout> | undefined;
  left: number;
  since: number;
}

const LASTS = 7000;

/** More than these at once would cover what they speak of; problems stay all the same. */
const MOST = 3;

/** Somebody who reached for a toast gets at least this long after letting go, in milliseconds. */
const GRACE = 1500;

let next = 1;
const clocks = new Map<number, Clock>();
const shown: Toast[] = $state([]);

/** The toasts on show, oldest first. */
export function toasts(): readonly Toast[] {
  return shown;
}

/** Shows a toast and returns its id. */
export function toast(text: string, { undo = null, until, final = false, lasts = LASTS, tone = "plain" }: ToastOptions = {}): number {
  const id = next++;
  // The same problem again is no other one.
  if (tone === "problem") for (const one of shown.filter((other) => other.tone === tone && other.text === text)) dismiss(one.id);
  shown.push({ id, text, tone, way: undo === null ? null : offer(undo, until), promised: undo !== null && until !== undefined });
  if (final) offer(() => toast(t("undo-never")));
  makeRoom(id);
  if (tone === "plain") {
    clocks.set(id, { handle: undefined, left: Math.max(lasts, 1000), since: 0 });
    resume();
  }
  return id;
}

/** What has told its story goes before what can be taken back only from here for a while; what is new stays. */
function makeRoom(id: number): void {
  while (shown.length > MOST) {
    const old = shown.filter((one) => one.id !== id && one.tone === "plain");
    const goes = old.find((one) => one.way === null) ?? old.find((one) => !one.promised) ?? old[0];
    if (!goes) return;
    dismiss(goes.id);
  }
}

/** Takes a toast away; its way back stays. */
export function dismiss(id: number): void {
  clearTimeout(clocks.get(id)?.handle);
  clocks.delete(id);
  const at = shown.findIndex((one) => one.id === id);
  if (at >= 0) shown.splice(at, 1);
}

/** Takes back what was done last, whether a toast speaks of it or not; `false` when nothing is known of here. */
export async function undoNewest(): Promise<boolean> {
  const way = newest();
  if (way === undefined) return false;
  const told = shown.find((one) => one.way === way);
  if (told) dismiss(told.id);
  await back(way);
  return true;
}

/** Takes back what a toast speaks of. */
export async function undo(one: Toast): Promise<void> {
  dismiss(one.id);
  if (one.way !== null) await back(one.way);
}

async function back(way: Way): Promise<void> {
  try {
    await goBack(way);
  } catch (error) {
    toast(sentence(error), { tone: "problem" });
  }
}

/** The clocks stand still while somebody reads or reaches for a toast. */
export function pause(): void {
  for (const clock of clocks.values()) {
    if (clock.handle === undefined) continue;
    clearTimeout(clock.handle);
    clock.handle = undefined;
    clock.left = Math.max(clock.left - (performance.now() - clock.since), GRACE);
  }
}

/** The clocks go on. */
export function resume(): void {
  for (const [id, clock] of clocks) {
    if (clock.handle !== undefined) continue;
    clock.since = performance.now();
    clock.handle = setTimeout(() => dismiss(id), clock.left);
  }
}
