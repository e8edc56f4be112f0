/** A stand-in engine that answers late, and in any order: for tests of what is done meanwhile. */
import type { CommandName, Params, Result } from "./index";
import { MockHost } from "./mock";

export class LateHost extends MockHost {
  /** Commands whose answers are held back. */
  readonly late = new Set<CommandName>();
  /** Commands that do not reach the engine before they are let go. */
  readonly slow = new Set<CommandName>();
  #held: { name: CommandName; go: () => void }[] = [];

  override async call<K extends CommandName>(name: K, params?: Params<K>): Promise<Result<K>> {
    if (this.slow.has(name)) await this.#hold(name);
    const answer = await this.answer(name, params);
    // What it says was so when it was asked.
    if (this.late.has(name)) await this.#hold(name);
    return answer;
  }

  /** What the engine says. */
  protected answer<K extends CommandName>(name: K, params?: Params<K>): Promise<Result<K>> {
    return super.call(name, params);
  }

  /** How many calls of a command are held back. */
  waiting(name: CommandName): number {
    return this.#held.filter((one) => one.name === name).length;
  }

  /** Lets a call go on: the oldest of that command, or the one at a place. */
  release(name: CommandName, at = 0): void {
    const one = this.#held.filter((held) => held.name === name).at(at);
    if (!one) throw new Error(`no ${name} waits there`);
    this.#held = this.#held.filter((held) => held !== one);
    one.go();
  }

  /** Holds nothing back any more. */
  releaseAll(): void {
    this.late.clear();
    this.slow.clear();
    for (const { go } of this.#held.splice(0)) go();
  }

  #hold(name: CommandName): Promise<void> {
    return new Promise((go) => this.#held.push({ name, go }));
  }
}
