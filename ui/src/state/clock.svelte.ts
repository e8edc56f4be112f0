/** The present, to the minute: what "3 min ago" and "today" hang on. */
import type { Stop } from "../host";

const MINUTE = 60_000;

class Clock {
  now = $state(Date.now());

  /** Ticks once a minute until stopped. */
  start(): Stop {
    const timer = setInterval(() => {
      this.now = Date.now();
    }, MINUTE);
    return () => clearInterval(timer);
  }
}

export const clock = new Clock();
