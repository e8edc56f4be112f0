// From a press on Send to the outbox: what is missing is told, what is worth asking is asked, each
// question once for a message.

import type { Kind, OpView, SourceView } from "../../host";
import { label } from "../../parts/format";
import { t } from "../../strings";

import { names } from "./addresses";
import { asks, everybody, missing, type Ask } from "./asks";
import { isFarStranger, learn } from "./known.svelte";
import { unfilled } from "./variables";
import type { Writing } from "./writing.svelte";

/** What is known where the message is written. */
export interface Place {
  writing: Writing;
  kind: Kind;
  /** The account an answer was written to, when this goes out from another one. */
  home: SourceView | undefined;
}

export class Asking {
  /** The question that stands before sending. */
  ask: Ask | null = $state(null);
  readonly #place: () => Place;
  readonly #sent: (op: OpView) => void;
  #at: string | null = null;

  constructor(place: () => Place, sent: (op: OpView) => void) {
    this.#place = place;
    this.#sent = sent;
  }

  /** Hands the message over unless something is missing or worth asking; `at` sends it later. */
  async submit(at: string | null = null): Promise<void> {
    this.ask = null;
    this.#at = at;
    const { writing } = this.#place();
    // Who it goes to may not be here yet, however fast it was written.
    if (!(await writing.begun())) return;
    const { kind, home } = this.#place();
    const { message } = writing;
    const lack = missing(message, kind);
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
    if (op) this.#sent(op);
  }

  /** What the question speaks of by name. */
  get what(): string {
    const { writing, home } = this.#place();
    const { message } = writing;
    if (this.ask === "account") return home?.identity ?? home?.name ?? "";
    if (this.ask === "stranger") return names(everybody(message).filter(isFarStranger));
    if (this.ask === "variable") return unfilled(`${message.subject}\n${message.text}`).join(", ");
    return message.to[0] ? label(message.to[0]) : t("the-author");
  }

  /** The question was answered with yes. */
  yes(): void {
    if (this.ask === null) return;
    this.#place().writing.answer(this.ask);
    void this.submit(this.#at);
  }
}
