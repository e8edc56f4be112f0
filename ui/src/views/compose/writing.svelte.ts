// One message being written. It is saved as it grows, one save after the other, so that a kill
// loses less than a second and two saves never make two drafts; what cannot be saved stays here.

import { call, sentence, type Compose, type ComposeMode, type OpView, type Party, type TemplateUse } from "../../host";
import { files as fetched } from "../../state/files.svelte";
import { t } from "../../strings";

import type { Arriving } from "./files";
import { htmlOf } from "./markup";
import { reworded } from "./reworded";

/** Milliseconds from the first unsaved key to the save, however fast the keys follow. */
const SAVE_AFTER = 600;

/** Milliseconds to the next try after a save that failed. */
const TRY_AGAIN = 4000;

export type SaveState = "clean" | "unsaved" | "saving" | "saved" | "failed";

/** What could not be saved when its composer went away, by conversation; it comes back there. */
const stranded = new Map<string, Compose>();

/** What has keys in it that are not saved. */
const unsaved = new Set<Writing>();

/** Saves everything that is being written; ends whether that succeeds or not. */
export async function saveAll(): Promise<void> {
  await Promise.allSettled([...unsaved].map((one) => one.flush()));
}

/** What was being written when the window was locked, by what it was asked for with. */
const parked = new WeakMap<object, Writing>();

/** Where a page of notes belongs that is not made yet. */
const PAGE = "page";

/** Saves that outlive the composer they came from. */
const leaving = new Set<Promise<unknown>>();

export function blank(mode: ComposeMode = "new", thread: string | null = null): Compose {
  return {
    id: null,
    mode,
    source: null,
    thread,
    item: null,
    section: null,
    to: [],
    cc: [],
    bcc: [],
    subject: "",
    text: "",
    html: null,
    quote: mode === "reply" || mode === "reply_all",
    attachments: [],
    signature: null,
    answered: [],
    saved_at: null,
    server: null,
    elsewhere: false,
  };
}

function isNumber({ handle }: Party): boolean {
  return handle.startsWith("+");
}

export class Writing {
  message: Compose = $state(blank());
  /** The engine filled in recipients, subject and the saved draft. */
  ready = $state(false);
  saved: SaveState = $state("clean");
  /** Files of a forwarded mail on their way to where the engine holds them. */
  bringing: (Arriving & { id: string })[] = $state.raw([]);
  /** What went wrong, in one sentence. */
  problem: string | null = $state(null);
  sending = $state(false);
  /** What another program has put in the place of this draft. */
  newer: string | null = $state(null);

  #version = 0;
  #stored = 0;
  #cost = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #chain: Promise<boolean> = Promise.resolve(true);
  /** Ends when the engine has filled in the message. */
  #begun: Promise<void> = Promise.resolve();
  /** Ends when the files of a forwarded mail are here, with what went wrong. */
  #files: Promise<string | null> = Promise.resolve(null);
  /** Files on their way into it; each ends with whether it came. */
  readonly #coming = new Set<Promise<boolean>>();
  /** Counts the turns to another mode or item: the newest one is meant. */
  #turns = 0;
  /** The engine is taking the message at this moment. */
  #handing = false;
  /** What it said when it was handed over. */
  #handed = "";
  #ended = false;
  /** What was said of the last save that failed. */
  #unsaved: string | null = null;
  #given = blank();
  /** The formatting before it was written into in plain text, and what was made of it. */
  #looks: { html: string; text: string; made: string } | null = null;
  /** What the mail was that became a message to a number. */
  #mail: Pick<Compose, "to" | "cc" | "bcc" | "html" | "text"> | null = null;

  /** A message the engine has already given, such as a draft. */
  static of(message: Compose): Writing {
    const writing = new Writing();
    writing.#take(message);
    return writing;
  }

  /** An answer, forward or new message; keys pressed before the engine has answered are kept. */
  static start(mode: ComposeMode, thread: string | null = null, item: string | null = null, source: string | null = null): Writing {
    const writing = new Writing();
    writing.message = { ...blank(mode, thread), source, item };
    writing.#begun = writing.#prepare(mode, thread, item);
    return writing;
  }

  /** Goes on with what was parked for a request, if anything was. */
  static parked(request: object): Writing | null {
    const writing = parked.get(request) ?? null;
    parked.delete(request);
    return writing;
  }

  /** The window is locked: nothing of it is on show, and it goes on when it is asked for again. */
  park(request: object): void {
    parked.set(request, this);
  }

  /** A new page of notes; one that could not be saved comes back. */
  static page(): Writing {
    const lost = stranded.get(PAGE);
    stranded.delete(PAGE);
    const writing = Writing.of(lost ?? blank());
    // What comes back has never been saved.
    if (lost) writing.#given = blank();
    if (lost) writing.touch();
    return writing;
  }

  /** The person has written nothing in it. */
  get untouched(): boolean {
    return this.saved === "clean" && !this.#worthKeeping();
  }

  /** It is written to whom, from where and as what the engine has filled in. */
  get asGiven(): boolean {
    if (!this.ready) return true;
    const now = $state.snapshot(this.message);
    return now.mode === this.#given.mode && Object.keys(chosenSince(this.#given, now)).length === 0;
  }

  /** What was written while it was being handed over, which did not go along. */
  get since(): string {
    const { text } = this.message;
    return text.startsWith(this.#handed) ? text.slice(this.#handed.length) : text;
  }

  /** A file is on its way into it: it does not go before. */
  expect(file: Promise<boolean>): void {
    this.#coming.add(file);
    void file.finally(() => this.#coming.delete(file));
  }

  /** Whether the files that are on their way are here, once they had the time to come. */
  async arrived(): Promise<boolean> {
    return (await Promise.all([...this.#coming])).every(Boolean);
  }

  /** Whether the engine has filled in the message, once it has had the time to. */
  async begun(): Promise<boolean> {
    await this.#begun;
    return this.ready;
  }

  async #prepare(mode: ComposeMode, thread: string | null, item: string | null): Promise<void> {
    const begun = $state.snapshot(this.message);
    await Promise.allSettled([...leaving]);
    const key = where(this.message);
    try {
      const given = stranded.get(key) ?? (await call("compose.prepare", { mode, thread, item }));
      const lost = stranded.delete(key);
      const early = $state.snapshot(this.message);
      const chosen = chosenSince(begun, early);
      this.#take(given);
      Object.assign(this.message, chosen);
      const written = early.text !== "" || early.attachments.length > 0;
      if (written) {
        const into = given.template ? (this.message.aside ??= { text: "", attachments: [] }) : this.message;
        into.attachments = [...into.attachments, ...early.attachments];
        if (given.html !== null) this.message.html = given.html + (early.html ?? htmlOf(early.text));
        else if (into.text === "" && !given.template) this.message.html = early.html;
        into.text = into.text === "" ? early.text : early.text === "" ? into.text : `${into.text}\n${early.text}`;
      }
      if (written || lost || (Object.keys(chosen).length > 0 && this.#worthKeeping())) this.touch();
      if (chosen.source !== undefined) await this.from(chosen.source);
      if (mode === "forward" && given.id === null && !lost && given.item !== null) this.#files = this.#bring(given.item);
    } catch (error) {
      this.problem = sentence(error);
    }
  }

  /** The files of a forwarded mail go along with it; those that lie elsewhere are named in what is quoted. */
  async #bring(item: string): Promise<string | null> {
    try {
      const { attachments } = await call("item.get", { id: item });
      const along = attachments.filter((file) => !file.inline && file.link === null);
      this.bringing = along.map(({ id, name, size }) => ({ id, name, done: 0, total: size }));
      for (const { id } of along) {
        const file = await call("attachment.along", { id });
        this.#given.attachments.push(file);
        this.message.attachments = [...this.message.attachments, file];
        this.bringing = this.bringing.slice(1);
        fetched.coming.delete(id);
      }
      return null;
    } catch (error) {
      this.problem = t("forward-problem", { why: sentence(error) });
      return this.problem;
    } finally {
      this.bringing = [];
    }
  }

  #take(given: Compose): void {
    this.#given = structuredClone(given);
    this.message = structuredClone(given);
    this.saved = given.id === null ? "clean" : "saved";
    this.ready = true;
  }

  /** The recipients, subject and quote of another mode or another item; what was written stays. */
  async become(mode: ComposeMode, other: string | null = null): Promise<void> {
    const turn = ++this.#turns;
    await this.#begun;
    const item = other ?? this.message.item;
    if (turn !== this.#turns || (mode === this.message.mode && item === this.message.item)) return;
    const begun = $state.snapshot(this.message);
    try {
      const given = await call("compose.prepare", { mode, thread: this.message.thread, item });
      if (turn !== this.#turns) return;
      // The saved draft of this conversation comes back when there is one; it has the old mode.
      if (given.mode === mode) {
        const chosen = chosenSince(begun, $state.snapshot(this.message));
        const { to, cc, subject, quote } = given;
        Object.assign(this.message, { to, cc, subject, quote, item: given.item }, chosen);
      } else if (mode === "reply") {
        // The author stands first.
        this.message.to = this.message.to.slice(0, 1);
        this.message.cc = [];
      }
      this.message.mode = mode;
      if (this.#worthKeeping()) this.touch();
    } catch (error) {
      if (turn === this.#turns) this.problem = sentence(error);
    }
  }

  /** It says that now, written in the plain box; where formatting is still on its way, that says so too. */
  reword(text: string): void {
    const { message } = this;
    if (message.html !== null) {
      // Of what it said before the first key, not of the last: what stands at the end then is one piece.
      if (message.html !== this.#looks?.made) this.#looks = { html: message.html, text: message.text, made: "" };
      message.html = this.#looks.made = reworded(this.#looks.html, this.#looks.text, text);
    }
    message.text = text;
  }

  /** Goes on with formatting; what was written stays. */
  rich(): void {
    if (this.message.html !== null) return;
    this.message.html = htmlOf(this.message.text);
    if (this.#worthKeeping()) this.touch();
  }

  /** Goes on in plain text: the words stay, and pictures become files. */
  plain(): void {
    if (this.message.html === null) return;
    this.message.html = null;
    if (this.#worthKeeping()) this.touch();
  }

  /** It goes to a number: what only a mail has waits until it is one again. */
  numbered(): void {
    if (this.#mail !== null) return;
    const { to, cc, bcc, html, text } = $state.snapshot(this.message);
    this.#mail = { to: to.filter((party) => !isNumber(party)), cc, bcc, html, text };
    this.message.to = to.filter(isNumber).slice(0, 1);
    this.message.cc = [];
    this.message.bcc = [];
    this.plain();
  }

  /** It is a mail, as it was before it went to a number; what was written meanwhile stays. */
  addressed(): void {
    if (this.#mail === null) return;
    const { to, cc, bcc, html, text } = this.#mail;
    this.#mail = null;
    // No mail is made from a template of WhatsApp.
    this.own();
    Object.assign(this.message, { to, cc, bcc });
    if (this.message.text === text) this.message.html = html;
    if (this.#worthKeeping()) this.touch();
  }

  /** Sends it from another account, with the signature that belongs there. */
  async from(source: string | null): Promise<void> {
    this.message.source = source;
    const before = this.message.signature;
    const all = await call("kept.list", { kind: "signature" }).catch(() => []);
    // Another account, or another signature, may have been chosen meanwhile.
    if (this.message.source !== source || this.message.signature !== before) return;
    const own = all.find((one) => one.data["source"] === source);
    this.message.signature = own ? { text: String(own.data["text"] ?? ""), html: (own.data["html"] as string | null | undefined) ?? null } : null;
    if (this.#worthKeeping()) this.touch();
  }

  /** A template goes in the place of what was written, which is kept; chosen anew, it begins without a file. */
  instead(filled: { text: string; use: TemplateUse }, anew = false): void {
    const { message } = this;
    if (!message.template) message.aside = { text: message.text, attachments: message.attachments };
    if (!message.template || anew) message.attachments = [];
    message.text = filled.text;
    message.template = filled.use;
    this.touch();
  }

  /** What was written before comes back in the place of a template. */
  own(): void {
    const { message } = this;
    if (!message.template) return;
    message.text = message.aside?.text ?? "";
    message.attachments = message.aside?.attachments ?? [];
    message.template = null;
    message.aside = null;
    this.touch();
  }

  /** A question was answered with yes: it is not asked again about this message. */
  answer(question: string): void {
    this.message.answered = [...(this.message.answered ?? []), question];
    this.touch();
  }

  /** Something was typed. */
  touch(): void {
    if (this.#ended) return;
    this.#version += 1;
    this.saved = "unsaved";
    unsaved.add(this);
    // A message with large files takes longer to save than to type a word of.
    this.#timer ??= setTimeout(() => void this.flush(), Math.max(SAVE_AFTER, this.#cost * 2));
  }

  /** Saves now what is not saved; `false` when it could not be. */
  flush(): Promise<boolean> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#chain = this.#chain.then(() => this.#save());
    return this.#chain;
  }

  async #save(): Promise<boolean> {
    // What is written before the engine has filled in the message belongs into what it gives, not beside it.
    await this.#begun;
    // What is being sent must not become a draft again behind it; if sending fails it is saved then.
    if (this.#ended || this.#handing || this.#stored === this.#version) {
      unsaved.delete(this);
      return true;
    }
    const version = this.#version;
    const message = $state.snapshot(this.message);
    const started = performance.now();
    this.saved = "saving";
    try {
      if (this.#worthKeeping()) {
        const kept = await call("draft.save", message);
        this.message.id = kept.id;
        this.message.saved_at = kept.saved_at;
        this.message.server = null;
      } else if (message.id !== null) {
        await call("draft.discard", { id: message.id });
        this.message.id = null;
        this.message.saved_at = null;
      }
    } catch (error) {
      this.saved = "failed";
      this.#unsaved = t("draft-problem", { why: sentence(error) });
      this.problem = this.#unsaved;
      this.#timer ??= setTimeout(() => void this.flush(), TRY_AGAIN);
      return false;
    }
    if (this.saved === "saving") this.saved = this.message.id === null ? "clean" : "saved";
    if (this.problem === this.#unsaved) this.problem = null;
    this.#stored = version;
    if (version === this.#version) unsaved.delete(this);
    this.#cost = performance.now() - started;
    return true;
  }

  /** There is something of the person's in it, not only what the engine filled in. */
  #worthKeeping(): boolean {
    const { message } = this;
    if (message.text.trim() !== "" || message.attachments.length > this.#given.attachments.length) return true;
    if (message.aside && (message.aside.text.trim() !== "" || message.aside.attachments.length > 0)) return true;
    if (message.mode !== "new" && message.mode !== "forward") return false;
    const parties = message.to.length + message.cc.length + message.bcc.length;
    return parties > 0 || message.subject.trim() !== this.#given.subject.trim();
  }

  /** The composer goes away: what is not saved is saved behind it. */
  leave(): void {
    if (this.#ended || this.#handing || this.#stored === this.#version) return;
    const last = this.flush().then((kept) => {
      if (!kept) stranded.set(where(this.message), $state.snapshot(this.message));
      clearTimeout(this.#timer);
      this.#ended = true;
    });
    leaving.add(last);
    void last.finally(() => leaving.delete(last));
  }

  /** Asks whether another program has changed or removed this draft meanwhile, and what it has put there. */
  async compare(): Promise<void> {
    const { id } = this.message;
    if (id === null || this.#ended) return;
    const standing = await call("draft.standing", { id }).catch(() => null);
    if (standing === null || this.message.id !== id) return;
    this.message.elsewhere = standing.elsewhere;
    this.newer = standing.newer;
  }

  /** Throws the draft away. */
  async discard(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#chain;
    this.#ended = true;
    unsaved.delete(this);
    if (this.message.id !== null) await call("draft.discard", { id: this.message.id });
    else if (this.message.server) await call("act", { verb: "delete", items: [this.message.server] });
  }

  /** Hands it to the outbox; nothing when that failed, and then `problem` says why. */
  async send(at: string | null = null): Promise<OpView | null> {
    if (this.sending || this.#ended) return null;
    this.sending = true;
    this.problem = null;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#begun;
    // A save that is still under way would bring the draft back after it was sent.
    const [, lost] = await Promise.all([this.#chain, this.#files]);
    if (lost !== null) {
      this.#files = Promise.resolve(null);
      this.problem = t("forward-again", { problem: lost });
      this.sending = false;
      return null;
    }
    this.#handing = true;
    const message = $state.snapshot(this.message);
    this.#handed = message.text;
    try {
      const op = await call("send", { message, undo_seconds: null, at });
      this.#ended = true;
      unsaved.delete(this);
      return op;
    } catch (error) {
      this.problem = sentence(error);
      this.touch();
      return null;
    } finally {
      this.#handing = false;
      this.sending = false;
    }
  }
}

/** What the person has filled in of the envelope between two moments. */
function chosenSince(before: Compose, now: Compose): Partial<Compose> {
  const fields = ["source", "to", "cc", "bcc", "subject", "quote", "receipt", "choices"] as const;
  const changed = fields.filter((field) => JSON.stringify(now[field]) !== JSON.stringify(before[field]));
  return Object.fromEntries(changed.map((field) => [field, now[field]]));
}

function where(message: Compose): string {
  if (message.section !== null) return PAGE;
  return `${message.thread ?? "new"}/${message.mode === "forward" ? "forward" : message.mode === "new" ? "new" : "reply"}`;
}
