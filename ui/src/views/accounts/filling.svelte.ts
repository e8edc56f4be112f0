// The settings of a mailbox while they are filled in: what was touched, and what is wrong.

import { ADVANCED, emptyForm, faults, protectedBy, type FieldName, type Form } from "./settings";

export abstract class Filling {
  form: Form = $state(emptyForm());
  /** Fields that were left or tested once: only those show what is wrong with them. */
  looked: FieldName[] = $state([]);
  problem: string | null = $state(null);
  advanced = $state(false);

  faults = $derived(faults(this.form, this.byProvider()));

  protected readonly touched = new Set<FieldName>();
  #tls = this.form.tls;

  /** The provider's page asks for the password, and knows the address. */
  protected abstract byProvider(): boolean;

  /** What is wrong with a field, once the person has left it. */
  fault(name: FieldName): string | null {
    return this.looked.includes(name) ? (this.faults[name] ?? null) : null;
  }

  /** A field was changed by hand: an earlier test says nothing about it. */
  touch(name: FieldName): void {
    this.touched.add(name);
    this.problem = null;
    if (name !== "tls") return;
    this.form = protectedBy(this.form, this.#tls);
    this.#tls = this.form.tls;
  }

  look(name: FieldName): void {
    if (this.form[name] !== "" && !this.looked.includes(name)) this.looked = [...this.looked, name];
  }

  /** Puts in what was guessed, or known. */
  protected fill(form: Form): void {
    this.form = form;
    this.#tls = form.tls;
  }

  /** Everything needed is there; else the fields say what is missing, and the first of them is named. */
  complete(): FieldName | null {
    // Without an address no server could be guessed: that is not one more thing that is wrong.
    const wrong = (Object.keys(this.faults) as FieldName[]).filter((name) => name !== "imapHost" || !this.faults.address);
    this.looked = [...new Set([...this.looked, ...wrong])];
    if (wrong.some((name) => ADVANCED.includes(name))) this.advanced = true;
    return wrong[0] ?? null;
  }
}
