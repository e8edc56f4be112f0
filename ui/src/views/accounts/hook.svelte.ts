// GitHub or Jira being connected: who I am there, and the secret that is typed there as well.

import { call, sentence, type AccountView, type CheckView, type Service } from "../../host";

/** What is typed. */
export interface Typed {
  me: string;
  secret: string;
  url: string;
  listen: string;
}

export class HookWizard {
  typed: Typed = $state({ me: "", secret: "", url: "", listen: "127.0.0.1:8775" });
  /** Missing fields are marked from the first try on. */
  tried = $state(false);
  check: CheckView | null = $state.raw(null);
  problem: string | null = $state(null);
  busy: "test" | "connect" | null = $state(null);
  account: AccountView | null = $state.raw(null);
  readonly service: Service;

  signedIn = $derived(this.check?.ok === true);
  tested = $derived(this.check?.ok === true);
  complete = $derived(this.typed.me.trim() !== "" && this.typed.secret.trim() !== "");
  /** What is typed there: the tunnel, and the path that tells this account from others. */
  address = $derived.by(() => {
    const tunnel = this.typed.url.trim().replace(/\/+$/u, "");
    const me = this.typed.me.trim().replace(/^@/u, "").replaceAll(/[^\w.-]/gu, "-");
    return `${tunnel === "" ? "https://…" : tunnel}/${this.service}/${me === "" ? "…" : me}`;
  });

  constructor(service: Service) {
    this.service = service;
  }

  missing(name: "me" | "secret"): boolean {
    return this.tried && this.typed[name].trim() === "";
  }

  /** What was tried is no longer what stands there. */
  touch(): void {
    this.check = null;
    this.problem = null;
  }

  async mint(): Promise<void> {
    if (this.typed.secret !== "") return;
    try {
      const { secret } = await call("channels.secret", {});
      if (this.typed.secret === "") this.typed.secret = secret;
    } catch (error) {
      this.problem = sentence(error);
    }
  }

  #params() {
    const { me, secret, url, listen } = this.typed;
    const public_url = url.trim() === "" ? null : url.trim();
    return { config: { service: this.service, me: me.trim(), listen: listen.trim(), public_url }, secret, name: null };
  }

  async test(): Promise<void> {
    this.touch();
    this.busy = "test";
    try {
      this.check = await call("accounts.test_hook", this.#params());
    } catch (error) {
      this.problem = sentence(error);
    } finally {
      this.busy = null;
    }
  }

  async connect(): Promise<void> {
    if (!this.tested) await this.test();
    if (!this.tested) return;
    this.busy = "connect";
    try {
      this.account = await call("accounts.add_hook", this.#params());
      this.typed.secret = "";
    } catch (error) {
      this.problem = sentence(error);
    } finally {
      this.busy = null;
    }
  }
}
