/**
 * The ways back from what the person did, the newest last. Whatever can be undone has one, also what
 * no toast speaks of; a toast only points at its way. So `Z` goes back step by step in the order in
 * which things were done, whatever is still on show. Kept with the toasts, an archive whose toast
 * had gone would have been undone before the star that was given after it.
 */
export type Way = number;

interface Step {
  way: Way;
  take: () => unknown;
  until: number;
}

/** More steps back nobody remembers. */
const MOST = 100;

let next: Way = 1;
let steps: Step[] = [];

/**
 * Remembers a way back.
 *
 * @param until when it ends, in milliseconds of the clock: a message that has gone out stays out
 */
export function offer(take: () => unknown, until = Infinity): Way {
  const way = next++;
  steps = [...steps, { way, take, until }].slice(-MOST);
  return way;
}

/** The newest way that has not ended. */
export function newest(): Way | undefined {
  const now = Date.now();
  return steps.findLast((step) => step.until > now)?.way;
}

/** Goes back, once. */
export async function goBack(way: Way): Promise<void> {
  const step = steps.find((one) => one.way === way);
  steps = steps.filter((one) => one !== step);
  await step?.take();
}
