/**
 * Which answers count. Questions that are on their way at once may overtake each other, and what was
 * asked before a change does not know of it: an answer that comes late would take back what is shown
 * already, or what the person has done meanwhile.
 *
 * Not only the newest answer counts: something that is read again and again is shown as it was
 * meanwhile, not only once nobody asks any more.
 */
export class Order {
  #asked = 0;
  /** The first question whose answer is not older than what is shown. */
  #first = 1;
  #changing = 0;

  /** A question is asked; the function it gives says, once the answer is here, whether that counts. */
  ask(): () => boolean {
    this.#asked += 1;
    const mine = this.#asked;
    return () => {
      if (this.#changing > 0 || mine < this.#first) return false;
      this.#first = mine;
      return true;
    };
  }

  /** What was asked so far is old. */
  stale(): void {
    this.#first = this.#asked + 1;
  }

  /**
   * Has the engine do what is shown here already, or will be: what is asked until that is done does
   * not count. Whoever changes something reads again afterwards, or shows what the engine answers.
   */
  async during<T>(change: () => Promise<T>): Promise<T> {
    this.#changing += 1;
    this.stale();
    try {
      return await change();
    } finally {
      this.#changing -= 1;
      this.stale();
    }
  }
}
