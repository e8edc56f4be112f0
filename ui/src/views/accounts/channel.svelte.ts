// A channel that only sends, being connected or given other settings: where it leads, and what it takes to send there.

import { call, sentence, type AccountView, type ChannelParams, type CheckView, type Tls, type Via } from "../../host";

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

export class ChannelWizard {
  kind: ChannelKind = $state("webhook");
  typed: Typed = $state({ ...EMPTY });
  tls: Tls = $state("implicit");
  /** Missing fields are marked from the first try on. */
  tried = $state(false);
  check: CheckView | null = $state.raw(null);
  problem: string | null = $state(null);
  busy: "test" | "connect" | null = $state(null);
  account: AccountView | null = $state.raw(null);
  /** The channel that gets other settings; a new one without it. */
  readonly id: string | null;

  signedIn = $derived(this.check?.ok === true);
  tested = $derived(this.check?.ok === true);

  constructor(account: AccountView | null = null) {
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
    return !(Object.keys(EMPTY) as (keyof Typed)[]).some((name) => this.#lacks(name));
  }

  missing(name: keyof Typed): boolean {
    return this.tried && this.#lacks(name);
  }

  /** What was tried is no longer what stands there. */
  touch(): void {
    this.check = null;
    this.problem = null;
  }

  /** Another kind of channel. */
  choose(): void {
    this.touch();
    this.tried = false;
  }

  /** A receiver is given its secret before anything is sent to it: there has to be one. */
  async mint(): Promise<void> {
    if (this.typed.key !== "" || this.id !== null) return;
    try {
      const { secret } = await call("channels.secret", {});
      if (this.typed.key === "") this.typed.key = secret;
    } catch (error) {
      this.problem = sentence(error);
    }
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

  async test(): Promise<void> {
    this.touch();
    this.busy = "test";
    try {
      this.check = await call("accounts.test_channel", this.#params());
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
      this.account = await call("accounts.add_channel", this.#params());
      this.typed = { ...EMPTY };
    } catch (error) {
      this.problem = sentence(error);
    } finally {
      this.busy = null;
    }
  }
}
