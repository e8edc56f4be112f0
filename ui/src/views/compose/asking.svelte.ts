// From a press on Send to the outbox: what is missing is told, what is worth asking is asked, each
// question once for a message.

import type { OpView } from "../../host";
import { label } from "../../parts/format";
import { t } from "../../strings";

import { names } from "./addresses";
import { asks, everybody, missing, type Ask } from "./asks";
import type { Here } from "./here.svelte";
import { isFarStranger, learn } from "./known.svelte";
import { unfilled } from "./variables";
import type { Writing } from "./writing.svelte";

export class Asking {
  /** The question that stands before sending. */
  ask: Ask | null = $state(null);
  readonly #here: Here;
  readonly #sent: (op: OpView, writing: Writing) => void;
  #at: string | null = null;

  constructor(here: Here, sent: (op: OpView, writing: Writing) => void) {
    this.#here = here;
    this.#sent = sent;
  }

  /** Hands the message over unless something is missing or worth asking; `at` sends it later. */
  async submit(at: string | null = null): Promise<void> {
    this.ask = null;
    this.#at = at;
    const { writing } = this.#here;
    // Who it goes to may not be here yet, however fast it was written, nor what goes along.
    if (!(await writing.begun()) || !(await writing.arrived())) return;
    const { kind, home, source, limit } = this.#here;
    const { message } = writing;
    const lack = missing(message, kind, source && limit);
    if (lack !== null) {
      writing.problem = lack;
      return;
    }
    if (kind === "mail") await learn(everybody(message));
    const open = asks(message, kind, { elsewhere: home !== undefined, strangers: everybody(message).filter(isFarStranger) })[0];
    if (open) {
      this.ask = open;
      return;
    }
    const op = await writing.send(at);
    if (op) this.#sent(op, writing);
  }

  /** What the question speaks of by name. */
  get what(): string {
    const { writing, home } = this.#here;
    const { message } = writing;
    if (this.ask === "account") return home?.identity ?? home?.name ?? "";
    if (this.ask === "stranger") return names(everybody(message).filter(isFarStranger));
    if (this.ask === "variable") return unfilled(`${message.subject}\n${message.text}`).join(", ");
    return message.to[0] ? label(message.to[0]) : t("the-author");
  }

  /** The question was answered with yes. */
  yes(): void {
    if (this.ask === null) return;
    this.#here.writing.answer(this.ask);
    void this.submit(this.#at);
  }
}
