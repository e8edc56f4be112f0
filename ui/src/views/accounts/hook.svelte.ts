// GitHub or Jira being connected: who I am there, and the secret that is typed there as well.

import { call, type AccountView, type CheckView, type Service } from "../../host";

import { Tested } from "./tested.svelte";

/** What is typed. */
export interface Typed {
  me: string;
  secret: string;
  url: string;
  listen: string;
}

export class HookWizard extends Tested {
  typed: Typed = $state({ me: "", secret: "", url: "", listen: "127.0.0.1:8775" });
  readonly service: Service;

  complete = $derived(this.typed.me.trim() !== "" && this.typed.secret.trim() !== "");
  /** What is typed there: the tunnel, and the path that tells this account from others. */
  address = $derived.by(() => {
    const tunnel = this.typed.url.trim().replace(/\/+$/u, "");
    const me = this.typed.me.trim().replace(/^@/u, "").replaceAll(/[^\w.-]/gu, "-");
    return `${tunnel === "" ? "https://…" : tunnel}/${this.service}/${me === "" ? "…" : me}`;
  });

  constructor(service: Service) {
    super();
    this.service = service;
  }

  missing(name: "me" | "secret"): boolean {
    return this.tried && this.typed[name].trim() === "";
  }

  async mint(): Promise<void> {
    if (this.typed.secret !== "") return;
    const secret = await this.minted();
    if (this.typed.secret === "") this.typed.secret = secret;
  }

  #params() {
    const { me, secret, url, listen } = this.typed;
    const public_url = url.trim() === "" ? null : url.trim();
    return { config: { service: this.service, me: me.trim(), listen: listen.trim(), public_url, relay: null }, secret, name: null };
  }

  protected override ask(): Promise<CheckView> {
    return call("accounts.test_hook", this.#params());
  }

  protected override add(): Promise<AccountView> {
    return call("accounts.add_hook", this.#params());
  }

  protected override clear(): void {
    this.typed.secret = "";
  }
}
