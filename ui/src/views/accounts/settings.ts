// The settings of a mailbox as a form has them: text in every field, and what is wrong with it.

import type { AccountConfig, ImapConfig, ImapParams, Suggested, Tls } from "../../host";
import { t } from "../../strings";
import { isAddress } from "../compose/addresses";

/** A field for addresses, hosts and tokens: typed to the letter, whatever the language. */
export const LITERAL = { dir: "ltr", spellcheck: "false", autocapitalize: "off" } as const;

export interface Form {
  address: string;
  password: string;
  /** What recipients see. */
  name: string;
  user: string;
  imapHost: string;
  imapPort: string;
  smtpHost: string;
  smtpPort: string;
  tls: Tls;
  /** Path of a PEM file. */
  ca: string;
}

export type FieldName = keyof Form;

const TLS: readonly Tls[] = ["implicit", "starttls", "loopback-plain"];

/** The kinds of protection one can choose from, the usual one first. */
export function tlsChoices(): { value: Tls; label: string }[] {
  return TLS.map((value) => ({ value, label: t(`tls-${value}`) }));
}

/** The usual ports by protection (RFC 8314 §7.3, RFC 6409). */
const PORTS: Record<Tls, { imap: string; smtp: string }> = {
  implicit: { imap: "993", smtp: "465" },
  starttls: { imap: "143", smtp: "587" },
  "loopback-plain": { imap: "143", smtp: "25" },
};

export function emptyForm(): Form {
  return {
    address: "",
    password: "",
    name: "",
    user: "",
    imapHost: "",
    imapPort: PORTS.implicit.imap,
    smtpHost: "",
    smtpPort: PORTS.implicit.smtp,
    tls: "implicit",
    ca: "",
  };
}

/** The form with the guessed servers in every field the person has not touched. */
export function suggested(form: Form, touched: ReadonlySet<FieldName>, guess: Suggested): Form {
  const untouched = Object.entries(servers(guess.config)).filter(([name]) => !touched.has(name as FieldName));
  return { ...form, ...Object.fromEntries(untouched) };
}

/** The form after another protection was chosen: ports that were the usual ones stay the usual ones. */
export function protectedBy(form: Form, before: Tls): Form {
  const was = PORTS[before];
  const now = PORTS[form.tls];
  return {
    ...form,
    imapPort: form.imapPort === was.imap ? now.imap : form.imapPort,
    smtpPort: form.smtpPort === was.smtp ? now.smtp : form.smtpPort,
  };
}

function port(text: string): number | null {
  const value = /^\d{1,5}$/u.test(text.trim()) ? Number(text) : 0;
  return value >= 1 && value <= 65_535 ? value : null;
}

const onThisComputer = (host: string) => /^(localhost|127(\.\d+){3}|\[?::1\]?)$/iu.test(host.trim());

/** What is wrong, by field, each in one sentence that says what to do. A provider's page knows address and password itself. */
export function faults(form: Form, byProvider = false): Partial<Record<FieldName, string>> {
  const out: Partial<Record<FieldName, string>> = {};
  if (form.address.trim() === "") {
    if (!byProvider) out.address = t("fault-address");
  } else if (!isAddress(form.address.trim())) out.address = t("fault-address-part");
  if (form.password === "" && !byProvider) out.password = t("fault-password");
  if (form.imapHost.trim() === "") out.imapHost = t("fault-imap");
  if (port(form.imapPort) === null) out.imapPort = t("fault-port", { usual: PORTS.implicit.imap });
  if (form.smtpHost.trim() !== "" && port(form.smtpPort) === null) out.smtpPort = t("fault-port", { usual: PORTS.implicit.smtp });
  if (form.tls === "loopback-plain") {
    const only = t("fault-plain");
    if (!out.imapHost && !onThisComputer(form.imapHost)) out.imapHost = only;
    if (form.smtpHost.trim() !== "" && !onThisComputer(form.smtpHost)) out.smtpHost = only;
  }
  return out;
}

/** Fields that stand under "Servers and sign-in". */
export const ADVANCED: readonly FieldName[] = ["user", "imapHost", "imapPort", "smtpHost", "smtpPort", "tls", "ca"];

const or = (text: string) => (text.trim() === "" ? null : text.trim());

/** What the engine is given. Only for a form without {@link faults}. */
export function toParams(form: Form): ImapParams {
  const smtp = or(form.smtpHost);
  const config: ImapConfig = {
    address: form.address.trim(),
    display_name: or(form.name),
    user: or(form.user),
    imap: { host: form.imapHost.trim(), port: port(form.imapPort) ?? 0 },
    smtp: smtp === null ? null : { host: smtp, port: port(form.smtpPort) ?? 0 },
    tls: form.tls,
    auth: "password",
    oauth: null,
    ca: or(form.ca),
  };
  return { config, password: form.password, name: null, id: null };
}

/** What a form says of the servers of these settings. */
function servers(config: ImapConfig): Pick<Form, "user" | "imapHost" | "imapPort" | "smtpHost" | "smtpPort" | "tls"> {
  return {
    user: config.user ?? "",
    imapHost: config.imap.host,
    imapPort: String(config.imap.port),
    smtpHost: config.smtp?.host ?? "",
    smtpPort: String(config.smtp?.port ?? PORTS[config.tls].smtp),
    tls: config.tls,
  };
}

/** The form with these settings in it. */
export function toForm(config: ImapConfig): Form {
  return {
    ...emptyForm(),
    ...servers(config),
    address: config.address,
    name: config.display_name ?? "",
    ca: config.ca ?? "",
  };
}

/** The settings of a mailbox without the word that tells platforms apart; `null` for other platforms. */
export function imapConfig(account: AccountConfig): ImapConfig | null {
  if (account.platform !== "imap") return null;
  const { platform: _, ...config } = account;
  return config;
}
