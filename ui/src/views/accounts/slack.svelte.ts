// A workspace of Slack being connected, or given other tokens: what was pasted, and what came of it.

import { call, sentence, type AccountView, type CheckView } from "../../host";

import { Attempt } from "./signing.svelte";
import { Tested } from "./tested.svelte";

/** How a token begins; what begins otherwise is another one, and copied from the wrong field. */
const BEGINNINGS = { token: "xoxp-", appToken: "xapp-" } as const;

export class SlackWizard extends Tested {
  token = $state("");
  appToken = $state("");
  apiRoot = $state("");

  override signedIn = $derived(this.check !== null);

  /** The app that signs in at Slack's page. */
  clientId = $state("");
  readonly attempt = new Attempt();
  #known = false;

  /** The account that gets other tokens; a new one without it. */
  readonly id: string | null;
  /** That account signs in at Slack's page: only the app's token can be pasted. */
  readonly byPage: boolean;

  constructor(id: string | null = null, byPage = false) {
    super();
    this.id = id;
    this.byPage = byPage;
  }

  /** Fetches Slack's addresses and the registration of the settings, once. */
  async load(): Promise<void> {
    if (this.#known) return;
    try {
      const { config } = await call("accounts.provider", { provider: "slack" });
      if (config.platform !== "slack" || !config.oauth) return;
      this.#known = true;
      this.clientId ||= config.oauth.client_id;
    } catch (error) {
      this.problem = sentence(error);
    }
  }

  /** Signs in, tests and connects; what was in the way is said. */
  async signIn(): Promise<void> {
    try {
      // Whose interface is elsewhere signs in there as well.
      const there = this.apiRoot.trim();
      const { config } = await call("accounts.provider", { provider: "slack", authority: there === "" ? null : new URL(there).origin });
      if (config.platform !== "slack" || !config.oauth) return;
      await this.attempt.begin({ config: { ...config, oauth: { ...config.oauth, client_id: this.clientId.trim() } } });
      this.account = this.attempt.account;
    } catch (error) {
      this.problem = sentence(error);
    }
  }

  /** Tests again with the sign-in that was made. */
  async again(): Promise<void> {
    await this.attempt.again();
    this.account = this.attempt.account;
  }

  /** What is wrong with a field. */
  fault(field: keyof typeof BEGINNINGS): "missing" | "other" | null {
    const pasted = this[field].trim();
    if (pasted === "") {
      if (field === "appToken" && this.tried && this.byPage) return "missing";
      return field === "token" && this.tried && this.id === null ? "missing" : null;
    }
    return pasted.startsWith(BEGINNINGS[field]) ? null : "other";
  }

  get #params() {
    const given = (text: string) => (text.trim() === "" ? null : text.trim());
    return { id: this.id, token: given(this.token), app_token: given(this.appToken), api_root: given(this.apiRoot), name: null };
  }

  override async test(): Promise<void> {
    this.tried = true;
    if (!this.fault("token") && !this.fault("appToken")) await super.test();
  }

  protected override ask(): Promise<CheckView> {
    return call("accounts.test_slack", this.#params);
  }

  protected override add(): Promise<AccountView> {
    return call("accounts.add_slack", this.#params);
  }

  protected override clear(): void {
    this.token = this.appToken = "";
  }
}
