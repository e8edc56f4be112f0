// Settings that are tested before they are connected: what the test said counts for exactly what stands in
// the form. Each form says what is asked.

import { call, sentence, type AccountView, type CheckView } from "../../host";
import { Order } from "../../state/order";

export abstract class Tested {
  check: CheckView | null = $state.raw(null);
  problem: string | null = $state(null);
  busy: "test" | "connect" | null = $state(null);
  account: AccountView | null = $state.raw(null);
  /** What is missing is marked from the first try on. */
  tried = $state(false);

  tested = $derived(this.check?.ok === true);
  /** The steps of the way go by this: there is nothing to sign in at beside the test. */
  signedIn = $derived(this.tested);

  #order = new Order();

  protected abstract ask(): Promise<CheckView>;
  protected abstract add(): Promise<AccountView>;
  /** Forgets the secrets, once they are kept. */
  protected abstract clear(): void;

  /** What was tried is no longer what stands there. */
  touch(): void {
    this.#order.stale();
    this.check = null;
    this.problem = null;
  }

  async test(): Promise<void> {
    this.touch();
    this.busy = "test";
    const counts = this.#order.ask();
    try {
      const found = await this.ask();
      if (counts()) this.check = found;
    } catch (error) {
      if (counts()) this.problem = sentence(error);
    } finally {
      this.busy = null;
    }
  }

  async connect(): Promise<void> {
    if (!this.tested) await this.test();
    if (!this.tested) return;
    this.busy = "connect";
    try {
      this.account = await this.add();
      this.clear();
    } catch (error) {
      this.problem = sentence(error);
    } finally {
      this.busy = null;
    }
  }

  /** A secret for both ends, which whoever stands at the other is given before anything is tried. */
  protected async minted(): Promise<string> {
    try {
      return (await call("channels.secret", {})).secret;
    } catch (error) {
      this.problem = sentence(error);
      return "";
    }
  }
}
