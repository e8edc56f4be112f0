/**
 * A stand-in engine for tests and for building views: a made-up world that answers the commands the
 * window asks, at once and the same every time. It is never part of a build.
 */
import type { AccountView, ApiError, Compose, ItemView, Kept, KeptKind, OpView, SourceType, SourceView, Status, ThreadRow, ThreadView, Verb } from "./gen/api";
import { Failure, type CommandName, type Event, type Host, type Params, type Result } from "./index";
import { MockKept } from "./mock-kept";
import { answerOutbox, seededOps } from "./mock-outbox";
import { MockSettings } from "./mock-settings";

const PEOPLE = [
  ["Ana Ferreira", "ana@lumen.example"], ["Tomáš Dvořák", "tomas@lumen.example"], ["Priya Raman", "priya.raman@northwind.example"],
  ["Jonas Weber", "jonas.weber@hafen.example"], ["Mei Tanaka", "mei@tanaka.example"], ["Omar Haddad", "+49 151 5550 142"],
  ["Leila Novak", "leila@studio-novak.example"], ["Sam O’Connor", "sam@northwind.example"], ["田中 美咲", "misaki@tanaka.example"],
  ["GitHub", "notifications@github.example"], ["Nordbahn", "tickets@nordbahn.example"], ["Ines", "+351 555 010 22"],
] as const;
const TITLES = [
  "Deck for Friday", "Re: Q4 budget, second pass", "Your ticket for 12:40", "Kitchen plan v3", "Invoice 2026-118", "Standup notes",
  "Flat viewing on Saturday?", "[inlet] Search drops the last word", "会議の議事録", "Dinner on Thursday", "Contract draft with comments", "Photos from the lake",
];
const SNIPPETS = [
  "Could you send me the deck by Friday? The client wants to read it before the call, and I would like a day for",
  "I moved travel to next quarter and cut the two contractors. See the second tab; everything in yellow is new.",
  "Coach 7, seat 42. Please be on the platform ten minutes before departure.", "Great, see you there 🙌",
  "The worktop is now oak, and the sink moved to the window side. Two questions about the", "Done! Merged and deployed to staging.",
  "来週の打ち合わせについて、資料を添付します。ご確認ください。", "Sounds good. I will bring the drinks.",
];
const TYPES: [SourceType, string, string][] = [
  ["gmail", "Gmail", "you@gmail.example"], ["outlook", "Work", "you@northwind.example"], ["whatsapp", "WhatsApp", "+49 151 5550 100"],
  ["teams", "Teams", "you@northwind.example"], ["slack", "Lumen Slack", "you"], ["onenote", "OneNote", "you@northwind.example"],
];
const SIGNATURE = "-- \nAna Ferreira\nLumen Studio";

const kindOf = (type: SourceType) => (["gmail", "outlook", "imap", "files"].includes(type) ? "mail" : type === "onenote" ? "note" : "chat");

export class MockHost implements Host {
  readonly kind = "mock";
  readonly desktop = null;
  /** Commands that were run, newest last. */
  readonly calls: { name: CommandName; params: unknown }[] = [];
  readonly #hear = new Set<(event: Event) => void>();
  readonly #now: number;
  #accounts: AccountView[];
  #rows: ThreadRow[];
  #demo: boolean;
  #drafts: Compose[] = [];
  #ops: OpView[] = [];
  /** Rows as they were before each action that stands, by the action. */
  readonly #undo = new Map<number, ThreadRow[]>();
  #acted = 0;
  #rev = 1;
  readonly #settings = new MockSettings();
  readonly #kept = new MockKept();

  constructor(options: { now?: number; rows?: number; empty?: boolean } = {}) {
    this.#now = options.now ?? Date.now();
    this.#demo = !options.empty;
    this.#accounts = options.empty ? [] : [this.#account()];
    this.#ops = options.empty ? [] : seededOps(this.#now);
    this.#rows = options.empty ? [] : Array.from({ length: options.rows ?? 400 }, (_, i) => this.#row(i));
  }

  async call<K extends CommandName>(name: K, params?: Params<K>): Promise<Result<K>> {
    this.calls.push({ name, params });
    const answer = this.#answer(name, (params ?? {}) as Record<string, unknown>);
    return structuredClone(answer) as Result<K>;
  }

  events(hear: (event: Event) => void) {
    this.#hear.add(hear);
    return () => this.#hear.delete(hear);
  }

  links() {
    return () => {};
  }

  async openExternal() {}

  async openFile() {}

  /** Says an event to whoever listens. */
  emit(event: Event): void {
    for (const hear of this.#hear) hear(event);
  }

  #answer(name: CommandName, p: Record<string, unknown>): unknown {
    switch (name) {
      case "status":
        return this.#status();
      case "accounts.list":
        return this.#accounts;
      case "threads.list":
        return this.#list(p);
      case "thread.get":
        return this.#thread(String(p["id"]));
      case "item.html":
        return { document: HTML(p["theme"] === "dark"), blocked_images: p["remote_images"] ? 0 : 3, trackers: 1, images_sender: "news@shop.example" };
      case "link.inspect":
        return { allowed: true, href: String(p["href"]), host: new URL(String(p["href"])).host, display_host: new URL(String(p["href"])).host, mismatch: false, mixed_script: false, private: false, warnings: String(p["href"]).includes("xn--") ? ["The address is written with letters of several scripts."] : [] };
      case "search":
        return this.#search(String(p["query"] ?? ""));
      case "act":
        return this.#act(p["verb"] as Verb, (p["threads"] as string[]) ?? [], (p["until"] as string) ?? null);
      case "undo":
        return this.#takeBack((p["undo"] as number | null) ?? null);
      case "compose.prepare":
        return { ...EMPTY, mode: p["mode"], thread: p["thread"] ?? null, source: "s1", subject: p["mode"] === "new" ? "" : "Re: Deck for Friday", to: p["thread"] ? [{ name: "Ana Ferreira", handle: "ana@lumen.example" }] : [] };
      case "draft.save": {
        const saved = { ...(p as unknown as Compose), id: (p["id"] as string) ?? `d${this.#drafts.length + 1}`, saved_at: this.#at(0) };
        this.#drafts = [saved, ...this.#drafts.filter((draft) => draft.id !== saved.id)];
        return saved;
      }
      case "draft.list":
        return this.#drafts;
      case "draft.elsewhere":
        return [];
      case "draft.standing":
        return { elsewhere: false, newer: null };
      case "draft.discard":
        this.#drafts = this.#drafts.filter((draft) => draft.id !== p["id"]);
        return {};
      case "send": {
        const op: OpView = { id: `o${this.#ops.length + 1}`, source: "s1", thread: null, kind: "send", state: "queued", reason: null, attempts: 0, not_before: this.#at(-10_000), key: "k", title: "Ana Ferreira: Deck for Friday", created_at: this.#at(0), delivery: [] };
        this.#ops = [op, ...this.#ops];
        return op;
      }
      case "outbox.list":
        return this.#ops;
      case "people.suggest":
        return PEOPLE.filter(([person, handle]) => `${person} ${handle}`.toLowerCase().includes(String(p["prefix"]).toLowerCase())).map(([person, handle]) => ({ name: person, handle }));
      case "people.known":
        return (p["handles"] as string[]).map((handle) => ({ handle, written: PEOPLE.some((one) => one[1] === handle), domain: true }));
      case "notices.standing":
        return { notices: [], paused_until: null };
      case "lock.get":
        return { locked: false, set: false, wrong: 0, not_before: null };
      case "notices.watch":
        return {};
      case "people.elsewhere":
      case "notices.list":
      case "scopes.list":
        return [];
      case "kept.list":
        return this.#kept.list((p["kind"] as KeptKind | null) ?? null);
      case "kept.put":
        queueMicrotask(() => this.emit({ event: "kept" }));
        return this.#kept.put(p as unknown as Kept);
      case "kept.remove":
        queueMicrotask(() => this.emit({ event: "kept" }));
        this.#kept.remove(String(p["id"]));
        return {};
      case "config.list":
        return this.#settings.all();
      case "config.set":
        queueMicrotask(() => this.emit({ event: "settings" }));
        return this.#settings.set(String(p["key"]), (p["value"] as string | null) ?? null);
      case "demo.fill":
        this.#accounts = [this.#account()];
        this.#rows = Array.from({ length: 400 }, (_, i) => this.#row(i));
        this.#demo = true;
        queueMicrotask(() => this.emit({ event: "resync" }));
        return this.#status();
      case "demo.remove":
        this.#accounts = [];
        this.#rows = [];
        this.#demo = false;
        queueMicrotask(() => this.emit({ event: "resync" }));
        return this.#status();
      case "attachment.save":
        return { path: "/home/you/Downloads/kitchen-plan.pdf" };
      case "work.list":
      case "work.pause":
      case "work.resume":
      case "work.cancel":
        return [];
      case "sync.now":
        return {};
      default: {
        const answer = answerOutbox(name, p, this.#ops, EMPTY);
        if (answer !== undefined) return answer;
        throw new Failure({ code: "failed", message: "The made-up engine does not know this command." } satisfies ApiError);
      }
    }
  }

  #at(back: number): string {
    return new Date(this.#now - back).toISOString();
  }

  #account(): AccountView {
    const sources = TYPES.map(([type, name, identity], i): SourceView => ({
      id: `s${i + 1}`, account: "a1", type, kind: kindOf(type), name, identity,
      state: type === "teams" ? "auth_needed" : type === "slack" ? "syncing" : "live",
      message: type === "teams" ? "Microsoft asks you to sign in again." : null,
      last_heard: this.#at((i + 1) * 70_000), next_try: null,
      progress: type === "slack" ? { done: 2140, total: 5300, since: this.#at(30 * 86_400_000), complete: false } : { done: 100, total: 100, since: null, complete: true },
      capabilities: { live: true, send: type !== "onenote", send_only: false, mark_read: true, star: true, move_items: true, labels: type === "gmail", drafts: true, rsvp: false, idempotent_send: false, on_demand: false, older: false, reply_window: null, by_number: false, pace: null, choices: false, typing: false, receipts: true, reactions: "many", max_attachment: 25_000_000 },
      items: 400 * (i + 1), notify: true, unread: [12, 5, 3, 0, 8, 0][i] ?? 0, missed: [], unreadable: null, warnings: [],
    }));
    return { id: "a1", name: "Demo", config: { platform: "demo", seed: 7, copies: 1, now: this.#at(0) }, sources };
  }

  #row(i: number): ThreadRow {
    const type = TYPES[(i * 7 + (i % 3)) % TYPES.length]?.[0] ?? "gmail";
    const source = TYPES.findIndex(([other]) => other === type);
    const [name, handle] = PEOPLE[(i * 5 + 3) % PEOPLE.length] ?? PEOPLE[0];
    const [other, otherHandle] = PEOPLE[(i * 3 + 1) % PEOPLE.length] ?? PEOPLE[0];
    const kind = kindOf(type);
    return {
      id: `t${i + 1}`, source: `s${source + 1}`, source_type: type, kind,
      title: kind === "chat" && i % 2 === 0 ? "" : (TITLES[(i * 5) % TITLES.length] ?? ""),
      people: i % 4 === 1 ? [{ name, handle }, { name: other, handle: otherHandle }, { name: "Leila Novak", handle: "leila@studio-novak.example" }] : [{ name, handle }],
      snippet: SNIPPETS[(i * 3) % SNIPPETS.length] ?? "", event: false, at: this.#at(i * i * 45_000 + i * 1_400_000),
      unread: i % 5 === 0 || i === 1 ? 1 + (i % 3) : 0, total: 1 + (i % 7), starred: i % 11 === 3,
      place: "inbox", labels: i % 6 === 2 ? ["Clients"] : [], has_attachment: i % 6 === 0, last_from_me: i % 5 === 4,
      muted: i % 29 === 7, snoozed_until: null, waiting: false, remind_at: null, unanswered_since: null, next: null,
    };
  }

  #list(p: Record<string, unknown>) {
    const view = (p["in"] as string) ?? "inbox";
    const all = this.#rows.filter((row) =>
      (view === "all" || (view === "starred" ? row.starred : view === "notes" ? row.kind === "note" : row.place === view)) &&
      (!p["query"] || `${row.title} ${row.snippet}`.toLowerCase().includes(String(p["query"]).toLowerCase())) && (!p["kind"] || row.kind === p["kind"]) && (!p["source"] || row.source === p["source"]) && (!p["unread"] || row.unread > 0));
    const offset = Number(p["offset"] ?? 0);
    const limit = Number(p["limit"] ?? 50);
    return { threads: all.slice(offset, offset + limit), next: null, total: all.length, rev: this.#rev };
  }

  #status(): Status {
    const unread = this.#rows.filter((row) => row.place === "inbox" && row.unread > 0).length;
    return {
      version: "0.1.0", demo: this.#demo, accounts: this.#accounts, rev: this.#rev, index_behind: 0, data_dir: "/home/you/.local/share/inlet", data_dir_origin: "default",
      counts: this.#rows.length ? { inbox: unread, ...Object.fromEntries(["mail", "chat", "note"].map((kind) => [`inbox.${kind}`, this.#rows.filter((row) => row.place === "inbox" && row.kind === kind && row.unread > 0).length])), snoozed: 0, drafts: this.#drafts.length + 2, outbox: this.#ops.length + 1, starred: 1, junk: 4 } : {},
    };
  }

  #thread(id: string): ThreadView {
    const row = this.#rows.find((one) => one.id === id);
    if (!row) throw new Failure({ code: "not_found", message: "This conversation was not found." });
    const count = row.kind === "note" ? 1 : row.kind === "chat" ? 9 : Math.max(1, row.total);
    const items = Array.from({ length: count }, (_, i) => this.#item(row, i, count));
    return { thread: row, items, more: false, older: false, scopes: [{ id: "c1", source: row.source, name: "Inbox", role: "inbox", kept: false }], drafts: [], reply_window: null };
  }

  #item(row: ThreadRow, i: number, count: number): ItemView {
    const mine = i % 3 === 1;
    const from = mine ? { name: "You", handle: "you@northwind.example" } : (row.people[i % row.people.length] ?? null);
    const last = i === count - 1;
    const own = row.kind === "chat" ? (SNIPPETS[(i * 3 + row.id.length) % SNIPPETS.length] ?? "") : `Hi,\n\n${SNIPPETS[(i + 1) % SNIPPETS.length]}\n\nThe plan is at https://plans.example/kitchen?v=3 and I added comments for each room. Tell me whether Thursday works for you; otherwise I would take Monday after lunch.\n\nBest\nAna`;
    const old = row.kind === "mail" && i > 0 ? "On 12 November 2026 you wrote:\n> Thank you for the plan. What about the window side?\n> And how long does the oak take?" : "";
    return {
      id: `i${row.id.slice(1)}0${i}`, thread: row.id, kind: row.kind, from, to: [{ name: "You", handle: "you@northwind.example" }], cc: i === 0 ? [{ name: "Sam O’Connor", handle: "sam@northwind.example" }] : [],
      at: new Date(Date.parse(row.at) - (count - 1 - i) * (row.kind === "chat" ? 240_000 : 7_200_000)).toISOString(),
      subject: row.title, text: own, blocks: [{ kind: "own", text: own }, ...(old ? [{ kind: "quote" as const, text: old }] : []), ...(row.kind === "mail" ? [{ kind: "signature" as const, text: SIGNATURE }] : [])],
      has_html: row.kind === "mail" && last && Number(row.id.slice(1)) % 2 === 0,
      attachments: row.has_attachment && last ? [{ id: "f1", name: "kitchen-plan.pdf", type: "application/pdf", size: 1_482_113, inline: false, executable: false, local: true, link: null }, { id: "f2", name: "setup.exe", type: "application/x-msdownload", size: 84_000, inline: false, executable: true, local: false, link: null }] : [],
      flags: { read: row.unread === 0 || !last, starred: row.starred && last, answered: false, draft: false },
      message_id: null, from_me: mine, reactions: row.kind === "chat" && i === 2 ? [{ emoji: "👍", by: [{ name: "Ana Ferreira", handle: "ana@lumen.example" }], mine: true }] : [],
      reply_to: row.kind === "chat" && i === 4 ? `i${row.id.slice(1)}02` : null, edited: row.kind === "chat" && i === 3, retracted: row.kind === "chat" && i === 5, event: false, receipt: row.kind === "chat" && mine ? "read" : "none", delivery: [], again: null, read_request: null, note: null,
      sender: row.kind === "mail" ? { badge: "authenticated", address: from?.handle ?? "", warnings: !row.id.endsWith("4") ? [] : ["The name says northwind.example, but the address is at n0rthwind.example."] } : null,
      list: null, unsubscribe: null, page: null, size: 4000, op: null, invitation: null, unasked: false,
    };
  }

  #search(query: string) {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const rows = words.length ? this.#rows.filter((row) => words.every((word) => `${row.title} ${row.snippet} ${row.people.map((one) => one.name).join(" ")}`.toLowerCase().includes(word))) : [];
    const coverage = (this.#accounts[0]?.sources ?? []).map((source) => ({ source: source.id, name: source.name, source_type: source.type, from: source.progress.complete ? null : source.progress.since, complete: source.progress.complete }));
    const hits = rows.slice(0, 50).map((row) => ({
      item: `i${row.id.slice(1)}00`, thread: row.id, source: row.source, source_type: row.source_type, kind: row.kind, from: row.people[0] ?? null, subject: row.title,
      snippet: row.snippet.split(new RegExp(`(${words.map((word) => word.replace(/\W/g, "\\$&")).join("|")})`, "i")).map((text, i) => ({ text, hit: i % 2 === 1 })), at: row.at, unread: row.unread > 0, has_attachment: row.has_attachment,
    }));
    return { total: rows.length, exact: true, took_us: 1800, coverage, hits, next: null, hints: [], corrected: null };
  }

  #act(verb: Verb, ids: string[], until: string | null) {
    this.#acted += 1;
    this.#undo.set(this.#acted, this.#rows.filter((row) => ids.includes(row.id)));
    this.#rev += 1;
    this.#rows = this.#rows.map((row) => {
      if (!ids.includes(row.id)) return row;
      if (verb === "archive" || verb === "inbox") return { ...row, place: verb };
      if (verb === "delete") return { ...row, place: "trash" };
      if (verb === "snooze") return { ...row, place: "snoozed", snoozed_until: until };
      if (verb === "star" || verb === "unstar") return { ...row, starred: verb === "star" };
      if (verb === "mute" || verb === "unmute") return { ...row, muted: verb === "mute" };
      return { ...row, unread: verb === "read" ? 0 : 1 };
    });
    queueMicrotask(() => this.emit({ event: "changed", rev: this.#rev, threads: ids }));
    return { message: verb === "archive" ? "Archived" : verb === "delete" ? "Moved to trash" : "Done", undo: this.#acted, count: ids.length, threads: ids };
  }

  #takeBack(asked: number | null) {
    const id = asked ?? Math.max(...this.#undo.keys());
    const before = this.#undo.get(id);
    if (!before) throw new Failure({ code: "invalid", message: "There is nothing to undo." });
    this.#undo.delete(id);
    this.#rows = this.#rows.map((row) => before.find((one) => one.id === row.id) ?? row);
    this.#rev += 1;
    queueMicrotask(() => this.emit({ event: "changed", rev: this.#rev, threads: [] }));
    return { message: "Undone", undo: null, count: 0, threads: [] };
  }
}

const EMPTY: Compose = { id: null, mode: "new", source: null, thread: null, item: null, section: null, to: [], cc: [], bcc: [], subject: "", text: "", html: null, quote: true, attachments: [], saved_at: null };

const HTML = (dark: boolean) => `<!doctype html><html style="color-scheme:${dark ? "dark" : "light"}"><head><base target="_blank"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"></head><body style="font:14px/1.5 system-ui;margin:16px;color:${dark ? "#edf1f3" : "#15191d"}"><h2>Your order has shipped</h2><p>Two parcels are on their way. <a href="https://shop.example/track">Follow them</a>.</p><table border="1" cellpadding="8" style="border-collapse:collapse"><tr><td>Oak worktop, 240 cm</td><td>1</td></tr><tr><td>Sink, steel</td><td>1</td></tr></table><p>Thank you for your patience.</p></body></html>`;
