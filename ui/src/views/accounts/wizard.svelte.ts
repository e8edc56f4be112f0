// The mailbox being connected. It outlives the view, so that going to look something up in the
// window loses nothing of what was typed.

import { call, sentence, type AccountView, type CheckView, type Suggested } from "../../host";
import { isAddress } from "../compose/addresses";

import { ADVANCED, emptyForm, faults, protectedBy, suggested, toParams, type FieldName, type Form } from "./settings";

export class Wizard {
  form: Form = $state(emptyForm());
  /** Fields that were left or tested once: only those show what is wrong with them. */
  looked: FieldName[] = $state([]);
  guess: Suggested | null = $state.raw(null);
  check: CheckView | null = $state.raw(null);
  busy: "test" | "connect" | null = $state(null);
  problem: string | null = $state(null);
  account: AccountView | null = $state.raw(null);
  advanced = $state(false);

  faults = $derived(faults(this.form));
  /** The test passed with exactly what stands in the form. */
  tested = $derived(this.check?.ok === true);

  readonly #touched = new Set<FieldName>();
  #guessedFor = "";
  #tls = this.form.tls;

  /** What is wrong with a field, once the person has left it. */
  fault(name: FieldName): string | null {
    return this.looked.includes(name) ? (this.faults[name] ?? null) : null;
  }

  /** A field was changed by hand: an earlier test says nothing about it. */
  touch(name: FieldName): void {
    this.#touched.add(name);
    this.check = null;
    this.problem = null;
    if (name !== "tls") return;
    this.form = protectedBy(this.form, this.#tls);
    this.#tls = this.form.tls;
  }

  look(name: FieldName): void {
    if (this.form[name] !== "" && !this.looked.includes(name)) this.looked = [...this.looked, name];
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
      this.form = suggested(this.form, this.#touched, guess);
      this.#tls = this.form.tls;
    } catch {
      // A guess that cannot be made is no error: the fields wait to be filled in.
      this.guess = null;
      this.#guessedFor = "";
    }
  }

  /** Everything needed is there; else the fields say what is missing, and the first of them is named. */
  complete(): FieldName | null {
    // Without an address no server could be guessed: that is not one more thing that is wrong.
    const wrong = (Object.keys(this.faults) as FieldName[]).filter((name) => name !== "imapHost" || !this.faults.address);
    this.looked = [...new Set([...this.looked, ...wrong])];
    if (wrong.some((name) => ADVANCED.includes(name))) this.advanced = true;
    return wrong[0] ?? null;
  }

  async test(): Promise<boolean> {
    this.busy = "test";
    this.problem = null;
    this.check = null;
    try {
      this.check = await call("accounts.test_imap", toParams(this.form));
      if (!this.check.ok) this.advanced ||= !this.check.steps[0]?.ok;
    } catch (error) {
      this.problem = sentence(error);
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

let current = new Wizard();

/** The one being filled in; a new one after the last was connected. */
export function wizard(): Wizard {
  if (current.account) current = new Wizard();
  return current;
}
