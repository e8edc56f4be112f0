// The mailbox being connected.

import { call, sentence, type AccountView, type CheckView, type Suggested } from "../../host";
import { isAddress } from "../compose/addresses";

import { Filling } from "./filling.svelte";
import { suggested, toParams, type FieldName } from "./settings";

export class Wizard extends Filling {
  guess: Suggested | null = $state.raw(null);
  check: CheckView | null = $state.raw(null);
  busy: "test" | "connect" | null = $state(null);
  account: AccountView | null = $state.raw(null);

  /** The test passed with exactly what stands in the form. */
  tested = $derived(this.check?.ok === true);
  signedIn = $derived(Object.keys(this.faults).length === 0);

  #guessedFor = "";

  protected byProvider(): boolean {
    return false;
  }

  override touch(name: FieldName): void {
    super.touch(name);
    this.check = null;
  }

  /** Fills in the servers that belong to the address. */
  async suggest(): Promise<void> {
    const address = this.form.address.trim();
    if (!isAddress(address) || address === this.#guessedFor) return;
    this.#guessedFor = address;
    try {
      const guess = await call("accounts.suggest", { address });
      if (this.form.address.trim() !== address) return;
      this.guess = guess;
      this.fill(suggested(this.form, this.touched, guess));
    } catch {
      // A guess that cannot be made is no error: the fields wait to be filled in.
      this.guess = null;
      this.#guessedFor = "";
    }
  }

  async test(): Promise<boolean> {
    this.busy = "test";
    this.problem = null;
    this.check = null;
    const asked = toParams(this.form);
    // Something else may have been typed, or guessed, by the time it is answered.
    const counts = () => JSON.stringify(asked) === JSON.stringify(toParams(this.form));
    try {
      const found = await call("accounts.test_imap", asked);
      if (counts()) this.check = found;
      if (this.check && !this.check.ok) this.advanced ||= !this.check.steps[0]?.ok;
    } catch (error) {
      if (counts()) this.problem = sentence(error);
    } finally {
      this.busy = null;
    }
    return this.tested;
  }

  async connect(): Promise<void> {
    if (!this.tested && !(await this.test())) return;
    this.busy = "connect";
    try {
      this.account = await call("accounts.add_imap", toParams(this.form));
      this.form.password = "";
    } catch (error) {
      this.problem = sentence(error);
    } finally {
      this.busy = null;
    }
  }
}
