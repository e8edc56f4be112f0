// A channel that only sends, being connected or given other settings: where it leads, and what it takes to send there.

import { call, type AccountView, type ChannelParams, type CheckView, type Tls, type Via } from "../../host";

import { Tested } from "./tested.svelte";

export type ChannelKind = Via["kind"];

/** What it takes to send: the address, the token, the key or the password, each typed in a field of its own. */
export type SecretField = "address" | "token" | "key" | "password";

export type Typed = Record<SecretField | "url" | "chat" | "root" | "from" | "to" | "host" | "port" | "user" | "ca" | "most" | "name", string>;

/** The field of the secret by kind, and what has to be filled in besides. */
const NEEDED: Record<ChannelKind, { secret: SecretField; fields: readonly (keyof Typed)[] }> = {
  webhook: { secret: "key", fields: ["url"] },
  slack_webhook: { secret: "address", fields: [] },
  telegram: { secret: "token", fields: ["chat", "root"] },
  smtp: { secret: "password", fields: ["from", "to", "host", "port"] },
};

const EMPTY: Typed = {
  url: "", address: "", token: "", key: "", password: "", chat: "", root: "https://api.telegram.org",
  from: "", to: "", host: "", port: "465", user: "", ca: "", most: "", name: "",
};

/** What stands in the form for an account that is there. */
function typedOf(account: AccountView): Partial<Typed> {
  if (account.config.platform !== "channel") return {};
  const { via, per_minute } = account.config;
  const common = { name: account.name, most: per_minute === null ? "" : String(per_minute) };
  if (via.kind === "telegram") return { ...common, chat: via.chat, root: via.api_root };
  if (via.kind === "webhook") return { ...common, url: via.url };
  if (via.kind === "slack_webhook") return common;
  return { ...common, from: via.from, to: via.to, host: via.server.host, port: String(via.server.port), user: via.user ?? "", ca: via.ca ?? "" };
}

export class ChannelWizard extends Tested {
  kind: ChannelKind = $state("webhook");
  typed: Typed = $state({ ...EMPTY });
  tls: Tls = $state("implicit");
  /** The channel that gets other settings; a new one without it. */
  readonly id: string | null;


  constructor(account: AccountView | null = null) {
    super();
    this.id = account?.id ?? null;
    if (account?.config.platform !== "channel") return;
    this.kind = account.config.via.kind;
    this.typed = { ...EMPTY, ...typedOf(account) };
    if (account.config.via.kind === "smtp") this.tls = account.config.via.tls;
  }

  /** It is needed, and not there. */
  #lacks(name: keyof Typed): boolean {
    const { secret, fields } = NEEDED[this.kind];
    const needed = fields.includes(name) || (name === secret && this.id === null);
    return needed && this.typed[name].trim() === "";
  }

  get complete(): boolean {
    this.tried = true;
    return (Object.keys(EMPTY) as (keyof Typed)[]).every((name) => !this.#lacks(name) && !this.#odd(name));
  }

  /** What cannot be read as a number: it would be taken for none. */
  #odd(name: keyof Typed): boolean {
    const typed = this.typed[name].trim();
    return (name === "most" || name === "port") && typed !== "" && !/^\d+$/u.test(typed);
  }

  /** What is wrong with a field. */
  fault(name: keyof Typed): "missing" | "number" | null {
    if (!this.tried) return null;
    if (this.#odd(name)) return "number";
    return this.#lacks(name) ? "missing" : null;
  }

  /** Another kind of channel. */
  choose(): void {
    this.touch();
    this.tried = false;
  }

  /** A receiver is given its secret before anything is sent to it: there has to be one. */
  async mint(): Promise<void> {
    if (this.typed.key !== "" || this.id !== null) return;
    const secret = await this.minted();
    if (this.typed.key === "") this.typed.key = secret;
  }

  #via(): Via {
    const { url, chat, root, from, to, host, port, user, ca } = this.typed;
    if (this.kind === "webhook") return { kind: "webhook", url: url.trim() };
    if (this.kind === "telegram") return { kind: "telegram", chat: chat.trim(), api_root: root.trim() };
    if (this.kind === "slack_webhook") return { kind: "slack_webhook" };
    const or = (text: string) => (text.trim() === "" ? null : text.trim());
    const server = { host: host.trim(), port: Number(port) };
    return { kind: "smtp", from: from.trim(), to: to.trim(), user: or(user), server, tls: this.tls, ca: or(ca) };
  }

  #params(): ChannelParams {
    const secret = this.typed[NEEDED[this.kind].secret].trim();
    const most = this.typed.most.trim();
    return {
      config: { via: this.#via(), per_minute: most === "" ? null : Number(most) },
      secret: secret === "" ? null : secret,
      name: this.typed.name.trim() === "" ? null : this.typed.name.trim(),
      id: this.id,
    };
  }

  protected override ask(): Promise<CheckView> {
    return call("accounts.test_channel", this.#params());
  }

  protected override add(): Promise<AccountView> {
    return call("accounts.add_channel", this.#params());
  }

  protected override clear(): void {
    this.typed = { ...EMPTY };
  }
}
