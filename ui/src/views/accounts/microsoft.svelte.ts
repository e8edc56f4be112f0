// A Microsoft account being connected: what is switched on of it, and the registration that signs in.

import { call, sentence, type AccountConfig, type AccountView, type MicrosoftConfig, type SourceType } from "../../host";

import { Attempt } from "./signing.svelte";

/** What one sign-in can yield, as far as there are words for it. */
const SOURCES = ["outlook", "teams", "onenote"] as const satisfies readonly SourceType[];

export type MicrosoftSource = (typeof SOURCES)[number];

/** Those of the engine's sources that there are words for. */
export function offered(readable: readonly SourceType[]): MicrosoftSource[] {
  return SOURCES.filter((one) => readable.includes(one));
}

/** The settings with these sources switched on; channels belong to Teams. */
export function switched(config: MicrosoftConfig, sources: SourceType[], channels: boolean): AccountConfig {
  return { platform: "microsoft", ...config, sources, channels: channels && sources.includes("teams") };
}

/** The settings of a Microsoft account without the word that tells platforms apart; `null` for other platforms. */
export function microsoftConfig(account: AccountConfig): MicrosoftConfig | null {
  if (account.platform !== "microsoft") return null;
  const { platform: _, ...config } = account;
  return config;
}

/** The login host and the tenant of a page to sign in at; nothing where it is another kind of page. */
export function authorityOf(page: string): { host: string; tenant: string } {
  const [, host = "", tenant = ""] = /^(https?:\/\/[^/]+)\/([^/]+)\/oauth2\/v2\.0\/authorize$/u.exec(page) ?? [];
  return { host, tenant };
}

/** A field of the form that a refusal is about. */
export type Correctable = "microsoft-tenant" | "provider-client-id";

export class MicrosoftWizard {
  clientId = $state("");
  /** The login host. */
  host = $state("");
  /** Who may sign in there. */
  tenant = $state("");
  apiRoot = $state("");
  offered: MicrosoftSource[] = $state([]);
  sources: MicrosoftSource[] = $state(["outlook"]);
  channels = $state(false);
  advanced = $state(false);
  guide = $state("");
  /** What was wrong before a sign-in could begin. */
  problem: string | null = $state(null);
  readonly attempt = new Attempt();

  registered = $derived(this.clientId.trim() !== "");
  account = $derived(this.attempt.account);
  signedIn = $derived(this.attempt.check !== null);
  tested = $derived(this.attempt.check?.ok === true);

  /** The account whose registration is corrected; `null`: a new one is connected. */
  readonly of: string | null;

  #usual: MicrosoftConfig | null = null;
  #from = "";
  #known: MicrosoftConfig | null = null;

  constructor(of: AccountView | null = null) {
    this.of = of?.id ?? null;
    const known = of && microsoftConfig(of.config);
    if (!known) return;
    this.#known = known;
    this.clientId = known.oauth.client_id;
    this.apiRoot = known.api_root;
    ({ host: this.host, tenant: this.tenant } = authorityOf(known.oauth.authorize_url));
    this.sources = offered(known.sources);
    this.channels = known.channels;
    this.advanced = true;
  }

  /** Fetches the provider's addresses: the usual ones, or those of the host and the tenant that stand in the form. */
  async load(): Promise<boolean> {
    const { host, tenant } = this;
    if (this.#usual && `${host.trim()} ${tenant.trim()}` === this.#from) return true;
    try {
      const view = await call("accounts.provider", { provider: "microsoft", authority: host, tenant });
      const usual = microsoftConfig(view.config);
      if (!usual || !view.authority) return false;
      // What was typed meanwhile stays.
      if (this.apiRoot === (this.#usual?.api_root ?? "")) this.apiRoot = usual.api_root;
      if (!this.#usual && this.clientId === "") this.clientId = usual.oauth.client_id;
      this.#usual = usual;
      this.guide = view.guide;
      this.offered = offered(view.sources);
      if (this.host === host) this.host = view.authority.host;
      if (this.tenant === tenant) this.tenant = view.authority.tenant;
      this.#from = `${view.authority.host} ${view.authority.tenant}`;
      this.problem = null;
      return true;
    } catch (error) {
      this.problem = sentence(error);
      return false;
    }
  }

  switch(source: MicrosoftSource, on: boolean): void {
    this.sources = this.offered.filter((one) => (one === source ? on : this.sources.includes(one)));
  }

  /** The account as it would be. */
  config(): AccountConfig | null {
    const usual = this.#usual;
    if (!usual) return null;
    // Addresses that were given one by one stay where the page to sign in at does.
    const same = this.#known?.oauth.authorize_url === usual.oauth.authorize_url;
    const oauth = { ...(same && this.#known ? this.#known.oauth : usual.oauth), client_id: this.clientId.trim() };
    const address = this.#known?.address ?? usual.address;
    return switched({ ...usual, address, oauth, api_root: this.apiRoot.trim() }, this.sources, this.channels);
  }

  /** Signs in, tests and connects; what was in the way is said. */
  async signIn(device: boolean): Promise<void> {
    if (!(await this.load())) return;
    const config = this.config();
    if (config) await this.attempt.begin({ id: this.of, config, device });
  }
}
