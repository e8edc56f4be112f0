// A number of a WhatsApp Business account being connected: what Meta's pages say about it, and the tunnel
// that brings its messages here.

import { call, sentence, type AccountView, type CheckView } from "../../host";

/** What is typed. */
export interface Typed {
  number: string;
  business: string;
  token: string;
  secret: string;
  url: string;
  listen: string;
  root: string;
}

/** Without these nothing can be tried. */
const NEEDED = ["number", "business", "token", "secret"] as const;

export class WhatsAppWizard {
  typed: Typed = $state({
    number: "",
    business: "",
    token: "",
    secret: "",
    url: "",
    listen: "127.0.0.1:8775",
    root: "https://graph.facebook.com/v23.0",
  });
  /** Missing fields are marked from the first try on. */
  tried = $state(false);
  check: CheckView | null = $state.raw(null);
  problem: string | null = $state(null);
  busy: "test" | "connect" | null = $state(null);
  account: AccountView | null = $state.raw(null);

  signedIn = $derived(this.check?.ok === true);
  tested = $derived(this.check?.ok === true);
  complete = $derived(NEEDED.every((name) => this.typed[name].trim() !== ""));

  missing(name: keyof Typed): boolean {
    return this.tried && this.typed[name].trim() === "";
  }

  /** What was tried is no longer what stands there. */
  touch(): void {
    this.check = null;
    this.problem = null;
  }

  #params() {
    const { number, business, token, secret, url, listen, root } = this.typed;
    const config = {
      phone_number_id: number.trim(),
      business_account_id: business.trim(),
      api_root: root.trim(),
      listen: listen.trim(),
      public_url: url.trim() === "" ? null : url.trim(),
      number: this.check?.identity ?? null,
      relay: null,
    };
    return { config, token, app_secret: secret, name: null };
  }

  async test(): Promise<void> {
    this.touch();
    this.busy = "test";
    try {
      this.check = await call("accounts.test_whatsapp", this.#params());
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
      this.account = await call("accounts.add_whatsapp", this.#params());
      this.typed.token = this.typed.secret = "";
    } catch (error) {
      this.problem = sentence(error);
    } finally {
      this.busy = null;
    }
  }
}
