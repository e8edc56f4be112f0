// Reading an account's events from a relay: what the relay has to know, and where it is.

import { call, sentence, type AccountView, type CheckView, type RelayView, type Service } from "../../host";
import { status } from "../../state/status.svelte";

export class RelayWork {
  typed = $state({ nats: "", login: "", ca: "", url: "" });
  view: RelayView | null = $state.raw(null);
  check: CheckView | null = $state.raw(null);
  problem: string | null = $state(null);
  busy: "load" | "connect" | "off" | null = $state(null);
  /** What it still has could not be taken. */
  stuck = $state(false);
  /** Who has to be told by hand where to send to; `null` where Inlet does it. */
  readonly service: Service | null = null;
  /** A missing address is marked from the first try on. */
  tried = $state(false);

  /** What is typed at the service: the relay's address and the path of this account. */
  address = $derived.by(() => {
    const url = this.typed.url.trim().replace(/\/+$/u, "");
    return `${url === "" ? "https://…" : url}${this.view?.path ?? "/…"}`;
  });
  missing = $derived(this.tried && this.typed.nats.trim() === "");

  readonly #account: AccountView;

  constructor(account: AccountView) {
    this.#account = account;
    const { config } = account;
    if (config.platform === "whatsapp" || config.platform === "hook") this.typed.url = config.public_url ?? "";
    if (config.platform === "hook") this.service = config.service;
    void this.#run("load", async () => {
      this.view = await call("accounts.relay", { id: account.id });
      // What was typed meanwhile stays.
      this.typed.nats ||= this.view.relay?.nats ?? "";
      this.typed.ca ||= this.view.relay?.ca ?? "";
    });
  }

  async connect(): Promise<void> {
    this.tried = true;
    const { nats, login, ca, url } = this.typed;
    if (nats.trim() === "") return;
    await this.#run("connect", async () => {
      const given = (text: string) => (text.trim() === "" ? null : text);
      await call("accounts.set_relay", { id: this.#account.id, nats, ca: given(ca), login: given(login), public_url: given(url), leave: false });
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
