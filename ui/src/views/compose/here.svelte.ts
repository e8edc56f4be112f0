/** What a message is where it is written: its channel and account, and what those allow. */
import type { Kind, ReplyWindow, SourceView, ThreadRow } from "../../host";
import { clock } from "../../state/clock.svelte";
import { prefs } from "../../state/prefs.svelte";
import { status } from "../../state/status.svelte";

import { heading } from "./words";
import type { Writing } from "./writing.svelte";

export class Here {
  readonly #writing: () => Writing;
  readonly #thread: () => ThreadRow | undefined;
  readonly #window: () => ReplyWindow | null;

  constructor(writing: () => Writing, thread: () => ThreadRow | undefined, window: () => ReplyWindow | null) {
    this.#writing = writing;
    this.#thread = thread;
    this.#window = window;
  }

  /** For how long one may write freely here, where the platform limits that. */
  get window(): ReplyWindow | null {
    const hours = this.numbered ? this.source?.capabilities.reply_window : null;
    return this.#window() ?? (hours ? { hours, until: null } : null);
  }

  /** It begins a conversation with a number. */
  get numbered(): boolean {
    const { mode, thread } = this.writing.message;
    return mode === "new" && thread === null && (this.source?.capabilities.by_number ?? false);
  }

  /** Answers to choose from may go along. */
  get choosable(): boolean {
    return !this.closed && (this.source?.capabilities.choices ?? false);
  }

  /** Whoever gets it can be asked to tell that they have read it. */
  get askable(): boolean {
    return this.kind === "mail" && (this.source?.capabilities.receipts ?? false);
  }

  /** Minutes for which one may still write freely; 0 when only approved templates go. */
  get minutes(): number {
    const until = this.window?.until;
    return until ? Math.max(0, Math.ceil((Date.parse(until) - clock.now) / 60_000)) : 0;
  }

  /** Only an approved template goes. */
  get closed(): boolean {
    return this.window !== null && this.minutes === 0;
  }

  get writing(): Writing {
    return this.#writing();
  }

  get thread(): ThreadRow | undefined {
    return this.#thread();
  }

  /** It answers something in its conversation. */
  get answer(): boolean {
    const { mode } = this.writing.message;
    return mode === "reply" || mode === "reply_all";
  }

  /** An answer keeps the channel it came from, unless somebody chose another account. */
  get sourceId(): string | null {
    return this.writing.message.source ?? (this.answer ? (this.thread?.source ?? null) : null);
  }

  get source(): SourceView | undefined {
    return this.sourceId === null ? undefined : status.source(this.sourceId);
  }

  get kind(): Kind {
    return this.source?.kind ?? this.thread?.kind ?? "mail";
  }

  /** Largest file it takes, in bytes; `null` when it takes none. */
  get limit(): number | null {
    return this.kind === "note" ? null : (this.source?.capabilities.max_attachment ?? null);
  }

  /** Enter sends it. */
  get enterSends(): boolean {
    return this.kind === "chat" && prefs.enterSends;
  }

  /** It is written with formatting. */
  get rich(): boolean {
    return this.writing.message.html !== null;
  }

  /** Channel, account and recipient, in words. */
  get line(): string {
    return heading(this.writing.message, this.source, this.thread);
  }

  /** The account an answer was written to, when this goes out from another one. */
  get home(): SourceView | undefined {
    const { source } = this.writing.message;
    const { thread } = this;
    return thread && this.answer && source !== null && source !== thread.source ? status.source(thread.source) : undefined;
  }
}
