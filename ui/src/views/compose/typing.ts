// Telling whoever is written to that somebody writes. Whether that is told at all, to whom and how often, the
// engine decides; here it is only not asked with every key.

import { call } from "../../host";

/** Milliseconds within which it is not asked again. */
const AGAIN = 3000;

const told = new Map<string, number>();

/** Somebody writes an answer in this conversation. */
export function tellTyping(thread: string): void {
  const now = Date.now();
  if (now - (told.get(thread) ?? -AGAIN) < AGAIN) return;
  told.set(thread, now);
  // Nobody waits for it, and nothing is lost with it.
  void call("thread.typing", { thread }).catch(() => {});
}
