/** One action after the other. */

/** Ends when everything that was asked of the engine so far has been answered. */
let turn: Promise<unknown> = Promise.resolve();

/**
 * Actions reach the engine in the order they were meant. Requests that are on their way at once may
 * overtake each other, and "the last action" would be another one there than here.
 */
export function inTurn(job: () => Promise<void>): Promise<void> {
  const mine = turn.then(job);
  turn = mine.catch(() => {});
  return mine;
}
