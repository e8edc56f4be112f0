// A workspace of Slack being connected, or given other tokens: what was pasted, and what came of it.

import { call, type AccountView, type CheckView } from "../../host";

import { Tested } from "./tested.svelte";

/** How a token begins; what begins otherwise is another one, and copied from the wrong field. */
const BEGINNINGS = { token: "xoxp-", appToken: "xapp-" } as const;

export class SlackWizard extends Tested {
  token = $state("");
  appToken = $state("");
  apiRoot = $state("");

  override signedIn = $derived(this.check !== null);

  /** The account that gets other tokens; a new one without it. */
  readonly id: string | null;

  constructor(id: string | null = null) {
    super();
    this.id = id;
  }

  /** What is wrong with a field. */
  fault(field: keyof typeof BEGINNINGS): "missing" | "other" | null {
    const pasted = this[field].trim();
    if (pasted === "") return field === "token" && this.tried && this.id === null ? "missing" : null;
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
