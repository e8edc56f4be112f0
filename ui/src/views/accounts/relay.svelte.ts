// Reading an account's events from a relay: what the relay has to know, and where it is.

import { call, sentence, type AccountView, type CheckView, type RelayView } from "../../host";
import { status } from "../../state/status.svelte";

export class RelayWork {
  typed = $state({ nats: "", login: "", url: "" });
  view: RelayView | null = $state.raw(null);
  check: CheckView | null = $state.raw(null);
  problem: string | null = $state(null);
  busy: "load" | "connect" | "off" | null = $state(null);
  /** What it still has could not be taken. */
  stuck = $state(false);
  /** A missing address is marked from the first try on. */
  tried = $state(false);

  missing = $derived(this.tried && this.typed.nats.trim() === "");

  readonly #account: AccountView;

  constructor(account: AccountView) {
    this.#account = account;
    if (account.config.platform === "whatsapp") this.typed.url = account.config.public_url ?? "";
    void this.#run("load", async () => {
      this.view = await call("accounts.relay", { id: account.id });
      this.typed.nats = this.view.relay?.nats ?? "";
    });
  }

  async connect(): Promise<void> {
    this.tried = true;
    const { nats, login, url } = this.typed;
    if (nats.trim() === "") return;
    await this.#run("connect", async () => {
      const ca = this.view?.relay?.ca ?? null;
      await call("accounts.set_relay", { id: this.#account.id, nats, ca, login: login === "" ? null : login, public_url: url.trim() === "" ? null : url, leave: false });
      this.typed.login = "";
      await this.#tried();
    });
  }

  /** Takes what it still has, or leaves that, and reads it no longer. */
  async off(leave: boolean): Promise<void> {
    await this.#run("off", async () => {
      this.stuck = !leave;
      await call("accounts.set_relay", { id: this.#account.id, nats: null, ca: null, login: null, public_url: null, leave });
      this.stuck = false;
      await this.#tried();
    });
  }

  /** What was just set is tried, and shown as it is now. */
  async #tried(): Promise<void> {
    this.view = await call("accounts.relay", { id: this.#account.id });
    await status.refresh();
    this.check = await call("accounts.check", { id: this.#account.id });
  }

  async #run(what: NonNullable<RelayWork["busy"]>, work: () => Promise<void>): Promise<void> {
    // Enter may come again meanwhile.
    if (this.busy !== null) return;
    this.busy = what;
    this.problem = this.check = null;
    try {
      await work();
    } catch (error) {
      this.problem = sentence(error);
    }
    this.busy = null;
  }
}
