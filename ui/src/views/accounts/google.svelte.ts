// A Google account being connected: the registration that signs in, and where it does so.

import { call, sentence, type AccountView, type CheckView, type ImapConfig, type ProviderView, type SignedIn } from "../../host";

import { Filling } from "./filling.svelte";
import { imapConfig, toForm, toParams } from "./settings";
import { SigningIn } from "./signing.svelte";

/** The app that is registered at the provider. */
export interface Registered {
  clientId: string;
  clientSecret: string;
  authorizeUrl: string;
  tokenUrl: string;
}

export class GoogleWizard extends Filling {
  app: Registered = $state({ clientId: "", clientSecret: "", authorizeUrl: "", tokenUrl: "" });
  /** Where it says how to register. */
  guide = $state("");
  check: CheckView | null = $state.raw(null);
  busy: "begin" | "test" | null = $state(null);
  account: AccountView | null = $state.raw(null);
  readonly signing = new SigningIn();

  /** There is a registration to sign in with. */
  registered = $derived(this.app.clientId.trim() !== "");

  #usual: ImapConfig | null = null;

  protected byProvider(): boolean {
    return true;
  }

  /** Fetches the provider's addresses, once. */
  async load(): Promise<void> {
    if (this.#usual) return;
    try {
      const view: ProviderView = await call("accounts.provider", { provider: "google" });
      const usual = imapConfig(view.config);
      if (!usual?.oauth) return;
      this.#usual = usual;
      this.guide = view.guide;
      this.fill(toForm(usual));
      this.app = { clientId: usual.oauth.client_id, clientSecret: "", authorizeUrl: usual.oauth.authorize_url, tokenUrl: usual.oauth.token_url };
    } catch (error) {
      this.problem = sentence(error);
    }
  }

  /** Signs in, tests and connects; what was in the way is said. */
  async signIn(): Promise<void> {
    const usual = this.#usual?.oauth;
    if (!usual) return;
    const { clientId, clientSecret, authorizeUrl, tokenUrl } = this.app;
    const oauth = { ...usual, client_id: clientId.trim(), authorize_url: authorizeUrl.trim(), token_url: tokenUrl.trim() };
    const config = { platform: "imap" as const, ...toParams(this.form).config, auth: "xoauth2" as const, oauth };
    this.check = null;
    await this.#run("begin", () => this.signing.begin({ config, client_secret: clientSecret === "" ? null : clientSecret }));
  }

  /** Tests again with the sign-in that was made. */
  async again(): Promise<void> {
    await this.#run("test", () => this.signing.again(false));
  }

  /** Gives up; nothing is left of it. */
  async cancel(): Promise<void> {
    this.check = null;
    await this.signing.cancel();
  }

  async #run(busy: "begin" | "test", work: () => Promise<SignedIn | null>): Promise<void> {
    this.busy = busy;
    this.problem = null;
    try {
      const done = await work();
      this.check = done?.check ?? null;
      this.account = done?.account ?? null;
      if (this.account) this.app.clientSecret = "";
    } catch (error) {
      this.problem = sentence(error);
    }
    this.busy = null;
  }
}

let current = new GoogleWizard();

/** The one being filled in; a new one after the last was connected. */
export function googleWizard(): GoogleWizard {
  if (current.account) current = new GoogleWizard();
  return current;
}
