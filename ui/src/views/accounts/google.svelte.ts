// A Google account being connected: the registration that signs in, and where it does so.

import { call, sentence, type ImapConfig, type ProviderView } from "../../host";

import { Filling } from "./filling.svelte";
import { imapConfig, toForm, toParams, type FieldName } from "./settings";
import { Attempt } from "./signing.svelte";

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
  readonly attempt = new Attempt();

  account = $derived(this.attempt.account);
  signedIn = $derived(this.attempt.check !== null);
  tested = $derived(this.attempt.check?.ok === true);
  /** There is a registration to sign in with. */
  registered = $derived(this.app.clientId.trim() !== "");

  #usual: ImapConfig | null = null;
  #loading: Promise<void> | null = null;

  protected byProvider(): boolean {
    return true;
  }

  override touch(name: FieldName): void {
    super.touch(name);
    this.attempt.problem = null;
  }

  /** Fetches the provider's addresses, once. */
  load(): Promise<void> {
    return (this.#loading ??= this.#load());
  }

  async #load(): Promise<void> {
    try {
      const view: ProviderView = await call("accounts.provider", { provider: "google" });
      const usual = imapConfig(view.config);
      if (!usual?.oauth) return;
      this.#usual = usual;
      this.guide = view.guide;
      // What was typed meanwhile stays.
      const typed = Object.fromEntries([...this.touched].map((name) => [name, this.form[name]]));
      this.fill({ ...toForm(usual), ...typed });
      const { clientId, clientSecret, authorizeUrl, tokenUrl } = this.app;
      this.app = { clientId: clientId || usual.oauth.client_id, clientSecret, authorizeUrl: authorizeUrl || usual.oauth.authorize_url, tokenUrl: tokenUrl || usual.oauth.token_url };
    } catch (error) {
      this.problem = sentence(error);
      this.#loading = null;
    }
  }

  /** Signs in, tests and connects; what was in the way is said. */
  async signIn(): Promise<void> {
    await this.load();
    const usual = this.#usual?.oauth;
    if (!usual) return;
    const { clientId, clientSecret, authorizeUrl, tokenUrl } = this.app;
    const oauth = { ...usual, client_id: clientId.trim(), authorize_url: authorizeUrl.trim(), token_url: tokenUrl.trim() };
    const config = { platform: "imap" as const, ...toParams(this.form).config, auth: "xoauth2" as const, oauth };
    await this.attempt.begin({ config, client_secret: clientSecret === "" ? null : clientSecret });
    if (this.account) this.app.clientSecret = "";
  }
}
