/** The part of the stand-in engine that sends nothing: an outbox with every state, and mail servers that refuse. */
import type { AccountView, CheckView, Compose, Delivery, ImapParams, OpView, Suggested } from "./gen/api";
import { Failure, type CommandName } from "./index";

const MINUTE = 60_000;

/** One entry of each state. */
export function seededOps(now: number): OpView[] {
  const at = (ms: number) => new Date(now + ms).toISOString();
  const op = (id: number, change: Partial<OpView>): OpView => ({
    id: `o${id}`, source: "s1", thread: null, kind: "send", state: "queued", reason: null, attempts: 0,
    not_before: at(-MINUTE), key: `${id}.inlet@northwind.example`, title: "Ana Ferreira: Deck for Friday", created_at: at(-id * 4 * MINUTE), delivery: [], ...change,
  });
  return [
    op(901, { state: "parked", attempts: 3, source: "s2", title: "Priya Raman: Q4 budget, second pass", reason: "The server refused the recipient priya@northwind.exmple. Correct the address and send again." }),
    op(902, { attempts: 2, not_before: at(9 * MINUTE), title: "Jonas Weber: Contract draft with comments", reason: "The server did not answer in time." }),
    op(903, { state: "sending", attempts: 1, source: "s3", title: "Omar Haddad" }),
    op(904, { state: "unknown", attempts: 1, title: "Mei Tanaka: Kitchen plan v3", reason: "The connection broke after the mail was handed over." }),
    op(905, { kind: "flags", title: "Mark 3 mails read" }),
    op(906, { state: "done", attempts: 1, title: "Leila Novak: Photos from the lake" }),
    op(907, { state: "cancelled", kind: "move", title: "Archive “Standup notes”" }),
  ];
}

const LOG: Delivery[] = [
  { at: "2026-11-21T08:58:12Z", outcome: "transient", detail: "Connect to smtp.northwind.example:465: timed out after 30 s." },
  { at: "2026-11-21T09:03:40Z", outcome: "permanent", detail: "550 5.1.1 <priya@northwind.exmple>: Recipient address rejected." },
];

/** Commands of outbox and accounts; `undefined` when it is none of them. */
export function answerOutbox(name: CommandName, p: Record<string, unknown>, ops: OpView[], blank: Compose): unknown {
  switch (name) {
    case "outbox.get": {
      const op = ops.find((one) => one.id === p["id"]);
      return { op, deliveries: LOG.slice(0, op?.attempts ?? 0) };
    }
    case "outbox.cancel":
    case "outbox.retry": {
      const op = ops.find((one) => one.id === p["id"]);
      if (!op) throw new Failure({ code: "not_found", message: "The outbox entry was not found." });
      op.state = name === "outbox.retry" ? "queued" : "cancelled";
      op.reason = null;
      return op;
    }
    case "outbox.edit":
      return { ...blank, id: "d77", source: "s1", to: [{ name: "Ana Ferreira", handle: "ana@lumen.example" }], subject: "Deck for Friday", text: "Hi Ana,\n\nhere it is." };
    case "accounts.suggest":
      return suggested(String(p["address"]));
    case "accounts.test_imap":
      return tested(p as unknown as ImapParams);
    case "accounts.add_imap":
      return added(p as unknown as ImapParams);
    case "accounts.check":
      return tested(null);
    default:
      return undefined;
  }
}

function suggested(address: string): Suggested {
  const host = address.split("@")[1] ?? "";
  const gmail = host === "gmail.com";
  return {
    config: {
      address, display_name: null, user: null, tls: "implicit", auth: "password", oauth: null, ca: null,
      imap: { host: `imap.${host}`, port: 993 }, smtp: { host: `smtp.${host}`, port: 465 },
    },
    provider: gmail ? "Gmail" : null,
    advice: gmail ? "Google wants an app password here, not the password of your account. It needs two-step verification switched on." : null,
    help_url: gmail ? "https://support.google.com/accounts/answer/185833" : null,
  };
}

function tested(params: ImapParams | null): CheckView {
  const steps = [
    { name: `Connect to ${params?.config.imap.host ?? "imap.northwind.example"}:993`, ok: true, detail: "TLS 1.3, the certificate is valid.", fix: null },
    { name: "Sign in", ok: true, detail: `As ${params?.config.address ?? "you@northwind.example"}.`, fix: null as string | null },
  ];
  if (params?.password === "wrong") {
    steps[1] = { name: "Sign in", ok: false, detail: "The server said: Invalid credentials.", fix: "Check the password. With two-step verification you need an app password." };
  } else {
    steps.push({ name: "Find folders", ok: true, detail: "14 folders, among them Sent, Drafts and Trash.", fix: null });
    steps.push({ name: "Sign in for sending", ok: true, detail: "Mail up to 35 MB.", fix: null });
  }
  return { ok: steps.every((step) => step.ok), identity: params?.config.address ?? null, steps };
}

function added(params: ImapParams): AccountView {
  const account = "a9";
  return {
    id: account, name: params.config.address, config: { platform: "imap", ...params.config },
    sources: [{
      id: "s90", account, type: "imap", kind: "mail", name: params.config.address, identity: params.config.address, state: "syncing", message: null, last_heard: null, next_try: null,
      progress: { done: 50, total: 2310, since: null, complete: false },
      capabilities: { live: true, send: true, send_only: false, mark_read: true, star: true, move_items: true, labels: true, drafts: true, rsvp: false, idempotent_send: false, on_demand: false, older: false, reply_window: null, by_number: false, pace: null, choices: false, typing: false, receipts: true, reactions: "many", max_attachment: 25_000_000 }, items: 50, notify: true, unread: 9, missed: [], unreadable: null, warnings: [],
    }],
  };
}
