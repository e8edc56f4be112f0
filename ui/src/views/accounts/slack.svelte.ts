// A workspace of Slack being connected, or given other tokens: what was pasted, and what came of it.

import { call, sentence, type AccountView, type CheckView } from "../../host";

/** How a token begins; what begins otherwise is another one, and copied from the wrong field. */
const BEGINNINGS = { token: "xoxp-", appToken: "xapp-" } as const;

export class SlackWizard {
  token = $state("");
  appToken = $state("");
  apiRoot = $state("");
  check: CheckView | null = $state.raw(null);
  busy: "test" | "connect" | null = $state(null);
  account: AccountView | null = $state.raw(null);
  problem: string | null = $state(null);
  /** What is not there yet is told only after somebody wanted to go on. */
  asked = $state(false);

  signedIn = $derived(this.check !== null);
  /** The test passed with exactly what stands in the form. */
  tested = $derived(this.check?.ok === true);

  /** The account that gets other tokens; a new one without it. */
  readonly id: string | null;

  constructor(id: string | null = null) {
    this.id = id;
  }

  touch(): void {
    this.check = null;
    this.problem = null;
  }

  /** What is wrong with a field. */
  fault(field: keyof typeof BEGINNINGS): "missing" | "other" | null {
    const pasted = this[field].trim();
    if (pasted === "") return field === "token" && this.asked && this.id === null ? "missing" : null;
    return pasted.startsWith(BEGINNINGS[field]) ? null : "other";
  }

  get #params() {
    const given = (text: string) => (text.trim() === "" ? null : text.trim());
    return { id: this.id, token: given(this.token), app_token: given(this.appToken), api_root: given(this.apiRoot), name: null };
  }

  async test(): Promise<boolean> {
    this.asked = true;
    if (this.fault("token") || this.fault("appToken")) return false;
    this.busy = "test";
    this.touch();
    try {
      this.check = await call("accounts.test_slack", this.#params);
    } catch (error) {
      this.problem = sentence(error);
    }
    this.busy = null;
    return this.tested;
  }

  async connect(): Promise<void> {
    if (!this.tested && !(await this.test())) return;
    this.busy = "connect";
    try {
      this.account = await call("accounts.add_slack", this.#params);
      this.token = this.appToken = "";
    } catch (error) {
      this.problem = sentence(error);
    }
    this.busy = null;
  }
}
