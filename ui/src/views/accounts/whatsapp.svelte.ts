// A number of a WhatsApp Business account being connected: what Meta's pages say about it, and the tunnel
// that brings its messages here.

import { call, type AccountView, type CheckView } from "../../host";

import { Tested } from "./tested.svelte";

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

export class WhatsAppWizard extends Tested {
  typed: Typed = $state({
    number: "",
    business: "",
    token: "",
    secret: "",
    url: "",
    listen: "127.0.0.1:8775",
    root: "https://graph.facebook.com/v23.0",
  });

  complete = $derived(NEEDED.every((name) => this.typed[name].trim() !== ""));

  missing(name: keyof Typed): boolean {
    return this.tried && this.typed[name].trim() === "";
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

  protected override ask(): Promise<CheckView> {
    return call("accounts.test_whatsapp", this.#params());
  }

  protected override add(): Promise<AccountView> {
    return call("accounts.add_whatsapp", this.#params());
  }

  protected override clear(): void {
    this.typed.token = this.typed.secret = "";
  }
}
