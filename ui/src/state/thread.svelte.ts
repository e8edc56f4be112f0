/** The conversation in the reader, and the ones likely to be next. */
import { call, failure, type Failure, type ItemView, type Stop, type ThreadView } from "../host";
import { attend } from "./attention";
import { coalesce, onEvent } from "./events";
import { felt } from "./felt.svelte";
import { Order } from "./order";

/** Conversations kept, oldest thrown away first. */
const KEEP = 40;

class ThreadState {
  /** What the reader shows. */
  value: ThreadView | null = $state.raw(null);
  error: Failure | null = $state.raw(null);
  loading = $state(false);
  /** Older items are on their way. */
  loadingOlder = $state(false);
  /** Why they did not come. */
  olderError: Failure | null = $state.raw(null);

  #id: string | null = null;
  #kept = new Map<string, ThreadView>();
  #fetching = new Map<string, Promise<ThreadView>>();
  /** Of the conversation that is open. */
  #order = new Order();
  /** Conversations that are shown as the engine does not know them yet, with how often. */
  #ahead = new Map<string, number>();
  #soon = coalesce(80, () => this.refresh());

  /** Shows a conversation; null shows none. */
  async open(id: string | null): Promise<void> {
    this.#id = id;
    this.#order = new Order();
    this.error = null;
    this.loadingOlder = false;
    this.olderError = null;
    if (id === null) {
      this.value = null;
      this.loading = false;
      return;
    }
    const asked = performance.now();
    const kept = this.#kept.get(id);
    this.value = kept ?? null;
    this.loading = kept === undefined;
    if (!kept) await this.refresh();
    if (this.value?.thread.id !== id) return;
    felt.shown("open", asked);
    attend(this.value.thread);
  }

  async refresh(): Promise<void> {
    const id = this.#id;
    if (id === null) return;
    const order = this.#order;
    const counts = order.ask();
    try {
      const view = await this.#fetch(id);
      if (this.#order !== order || !counts() || (this.#ahead.has(id) && this.value?.thread.id === id)) return;
      this.value = this.value?.thread.id === id ? joinOlder(this.value, view) : view;
      this.error = null;
    } catch (error) {
      if (this.#order === order && counts()) this.error = failure(error);
    } finally {
      if (this.#order === order) this.loading = false;
    }
  }

  /** Reads a conversation before it is asked for. */
  prefetch(id: string): void {
    if (this.#kept.has(id) || this.#fetching.has(id)) return;
    this.#fetch(id).catch(() => {
      // It is asked for again, and then told, when somebody opens it.
    });
  }

  /** Reads the items before the first one that is here, from the platform where this computer has no more. */
  async older(): Promise<void> {
    const view = this.value;
    const first = view?.items[0];
    if (!view || !first || !(view.more || view.older) || this.loadingOlder) return;
    this.loadingOlder = true;
    this.olderError = null;
    const { id } = view.thread;
    try {
      const page = await call(view.more ? "thread.get" : "thread.older", { id, before: first.id });
      if (this.value?.thread.id === id) {
        // What came from the platform may have been read already, as news of it came too.
        const known = new Set(this.value.items.map((item) => item.id));
        const older = page.items.filter((item) => !known.has(item.id));
        this.value = { ...this.value, items: [...older, ...this.value.items], more: page.more, older: page.older };
      }
    } catch (error) {
      if (this.#id === id) this.olderError = failure(error);
    } finally {
      if (this.#id === id) this.loadingOlder = false;
    }
  }

  /**
   * Changes what is shown before the engine has answered; once it has, what this gives is to be called. Until then
   * what is read of the conversation is older than what is shown.
   */
  patch(change: (view: ThreadView) => ThreadView): () => void {
    const next = this.value && change(this.value);
    if (!next || next === this.value) return () => {};
    const { id } = next.thread;
    this.value = next;
    this.#forget(id);
    this.#ahead.set(id, (this.#ahead.get(id) ?? 0) + 1);
    return () => {
      const others = (this.#ahead.get(id) ?? 1) - 1;
      if (others > 0) return void this.#ahead.set(id, others);
      this.#ahead.delete(id);
      this.#forget(id);
      if (this.#id !== id) return;
      this.#order.stale();
      this.#soon();
    };
  }

  start(): Stop {
    return onEvent((event) => {
      if (event.event === "changed" && event.threads.length > 0) {
        for (const id of event.threads) this.#forget(id);
        if (this.#id !== null && event.threads.includes(this.#id)) this.#soon();
      } else if (event.event === "changed" || event.event === "resync") {
        this.#kept.clear();
        this.#fetching.clear();
        this.#soon();
      } else if (event.event === "outbox") {
        if (this.#id !== null) this.#forget(this.#id);
        this.#soon();
      }
    });
  }

  /** What was read, or is being read, is old. */
  #forget(id: string): void {
    this.#kept.delete(id);
    this.#fetching.delete(id);
  }

  #fetch(id: string): Promise<ThreadView> {
    const going = this.#fetching.get(id);
    if (going) return going;
    const asked = call("thread.get", { id })
      .then((view) => {
        // It has changed meanwhile.
        if (this.#fetching.get(id) !== asked) return view;
        this.#kept.delete(id);
        this.#kept.set(id, view);
        const oldest = this.#kept.keys().next().value;
        if (this.#kept.size > KEEP && oldest !== undefined) this.#kept.delete(oldest);
        return view;
      })
      .finally(() => {
        if (this.#fetching.get(id) === asked) this.#fetching.delete(id);
      });
    this.#fetching.set(id, asked);
    return asked;
  }
}

/** The newest items as they are now, with the older ones that were read before. */
export function joinOlder(before: ThreadView, now: ThreadView): ThreadView {
  const first = now.items[0];
  if (!first || !now.more) return now;
  const at = before.items.findIndex((item) => item.id === first.id);
  if (at <= 0) return now;
  const older: ItemView[] = before.items.slice(0, at);
  return { ...now, items: [...older, ...now.items], more: before.more };
}

export const thread = new ThreadState();
