// A sign-in at a provider's own page: begun, waited for, given up; and what came of it.

import { call, failure, host, type AccountView, type CheckView, type Failure, type Params, type Prompt, type SignedIn } from "../../host";

export class SigningIn {
  /** What the person is to do in the browser; `null` when nothing is waited for. */
  prompt: Prompt | null = $state.raw(null);

  #ticket: number | null = $state(null);

  /** A sign-in was made, and waits for its test to go well. */
  held = $derived(this.#ticket !== null && this.prompt === null);

  /** Begins, opens the provider's page and waits; `null` when it was given up. */
  async begin(params: Params<"signin.begin">): Promise<SignedIn | null> {
    const begun = await call("signin.begin", params);
    this.#ticket = begun.ticket;
    this.prompt = begun.prompt;
    if (begun.prompt.way === "browser") void host().openExternal(begun.prompt.url);
    return this.#wait(begun.ticket, false);
  }

  /** Tests again with the sign-in that was made. */
  async again(anyway: boolean): Promise<SignedIn | null> {
    return this.#ticket === null ? null : this.#wait(this.#ticket, anyway);
  }

  /** Gives up; nothing is left of it. */
  async cancel(): Promise<void> {
    const ticket = this.#ticket;
    this.#ticket = this.prompt = null;
    if (ticket !== null) await call("signin.cancel", { ticket }).catch(() => {});
  }

  async #wait(ticket: number, anyway: boolean): Promise<SignedIn | null> {
    try {
      const done = await call("signin.wait", { ticket, anyway });
      // Given up, or begun anew, meanwhile.
      if (this.#ticket !== ticket) return null;
      this.prompt = null;
      if (done.account) this.#ticket = null;
      return done;
    } catch (error) {
      if (this.#ticket !== ticket && failure(error).code === "cancelled") return null;
      this.#ticket = this.prompt = null;
      throw error;
    }
  }
}

/** A sign-in from its first button to the account: what goes on, what was found, what was in the way. */
export class Attempt {
  busy: "begin" | "test" | null = $state(null);
  check: CheckView | null = $state.raw(null);
  problem: Failure | null = $state.raw(null);
  account: AccountView | null = $state.raw(null);
  readonly signing = new SigningIn();

  #turn = 0;

  /** Signs in, tests and connects. */
  async begin(params: Params<"signin.begin">): Promise<void> {
    this.check = null;
    await this.#run("begin", () => this.signing.begin(params));
  }

  /** Tests again with the sign-in that was made, or connects although something failed. */
  async again(anyway = false): Promise<void> {
    await this.#run("test", () => this.signing.again(anyway));
  }

  /** Gives up; nothing is left of it. */
  async cancel(): Promise<void> {
    this.check = null;
    this.problem = null;
    await this.signing.cancel();
  }

  async #run(busy: "begin" | "test", work: () => Promise<SignedIn | null>): Promise<void> {
    // One that was given up for another ends after that has begun.
    const turn = ++this.#turn;
    this.busy = busy;
    this.problem = null;
    let done: SignedIn | null = null;
    let problem: Failure | null = null;
    try {
      done = await work();
    } catch (error) {
      problem = failure(error);
    }
    if (turn !== this.#turn) return;
    this.check = done?.check ?? null;
    this.account = done?.account ?? null;
    this.problem = problem;
    this.busy = null;
  }
}
