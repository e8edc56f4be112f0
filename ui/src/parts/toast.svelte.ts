// What just happened, said once and briefly, with a way back. One list for the whole window.

export interface Toast {
  id: number;
  text: string;
  /** A problem stays until it is dismissed: a sentence one has to act on must not run away. */
  tone: "plain" | "problem";
  undo: (() => unknown) | null;
}

export interface ToastOptions {
  /** Takes it back. */
  undo?: (() => unknown) | null;
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

/** More than these at once would cover what they speak of. */
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
export function toast(text: string, { undo = null, lasts = LASTS, tone = "plain" }: ToastOptions = {}): number {
  const id = next++;
  shown.push({ id, text, tone, undo });
  while (shown.length > MOST) dismiss(shown[0]!.id);
  if (tone === "plain") {
    clocks.set(id, { handle: undefined, left: Math.max(lasts, 1000), since: 0 });
    resume();
  }
  return id;
}

/** Takes a toast away. */
export function dismiss(id: number): void {
  clearTimeout(clocks.get(id)?.handle);
  clocks.delete(id);
  const at = shown.findIndex((one) => one.id === id);
  if (at >= 0) shown.splice(at, 1);
}

/** Takes back what the newest toast with a way back speaks of; `false` when there is none. */
export async function undoNewest(): Promise<boolean> {
  const last = shown.findLast((one) => one.undo !== null);
  if (!last) return false;
  await undo(last);
  return true;
}

/** Takes back what a toast speaks of. */
export async function undo(one: Toast): Promise<void> {
  dismiss(one.id);
  await one.undo?.();
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
