/** Spreads the engine's events to whoever keeps something that they make stale. */
import { host, type Event, type Stop } from "../host";

const listeners = new Set<(event: Event) => void>();

/** Hears every event until stopped. */
export function onEvent(hear: (event: Event) => void): Stop {
  listeners.add(hear);
  return () => listeners.delete(hear);
}

/** Starts to listen to the host. */
export function startEvents(): Stop {
  return host().events((event) => {
    for (const hear of listeners) hear(event);
  });
}

/**
 * Runs `work` soon after it was asked for, once for many requests; at most one run is going, and a
 * request during a run leads to one more.
 */
export function coalesce(wait: number, work: () => Promise<void>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let again = false;
  const run = async () => {
    timer = undefined;
    if (running) {
      again = true;
      return;
    }
    running = true;
    try {
      await work();
    } finally {
      running = false;
      if (again) {
        again = false;
        ask();
      }
    }
  };
  const ask = () => {
    timer ??= setTimeout(() => void run(), wait);
  };
  return ask;
}
