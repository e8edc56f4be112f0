/** Where in a conversation the person is, kept while messages come in below and older ones above. */
import { tick } from "svelte";

import { thread } from "../../state/thread.svelte";

/** So near to the end that what is new is followed, in CSS pixels. */
const NEAR = 120;
/** So near to the top that older messages are read. */
const EARLY = 400;
/** Pages read at most to reach a message that is answered. */
const PAGES = 30;

export class Place {
  box: HTMLElement | undefined = $state();
  /** The end is in sight: what is new comes into sight as well. */
  atEnd = $state(true);

  /** From the top of what is in sight to the end; what is put above does not change it. */
  #below = 0;

  /** The box was scrolled. */
  scrolled(): void {
    if (!this.box) return;
    this.#below = this.box.scrollHeight - this.box.scrollTop;
    this.atEnd = this.box.scrollHeight - this.box.scrollTop - this.box.clientHeight < NEAR;
    const first = thread.value?.items[0]?.id;
    // What is here is drawn first.
    if (this.box.scrollTop < EARLY && thread.value?.more && first !== undefined && this.#find(first)) void this.older();
  }

  toEnd(): void {
    if (this.box) this.box.scrollTop = this.box.scrollHeight;
    this.atEnd = true;
  }

  /** Shows what a conversation is opened for: an item, what is unread, else its newest. */
  async arrive(kind: string, item: string | null): Promise<void> {
    await tick();
    if (!this.box) return;
    const items = this.box.querySelectorAll<HTMLElement>('[data-testid="reader-item"]');
    const newest = items[items.length - 1];
    const wanted = item === null ? null : this.#find(item);
    if (wanted) (wanted.querySelector("mark") ?? wanted).scrollIntoView({ block: "center" });
    else if (kind === "chat") {
      newest?.scrollIntoView({ block: "end" });
      this.box.querySelector("[data-unread]")?.scrollIntoView({ block: "nearest" });
    } else if (items.length > 1) newest?.scrollIntoView({ block: "start" });
    else this.box.scrollTop = 0;
    this.scrolled();
  }

  /** Reads older items. */
  async older(): Promise<void> {
    if (!thread.loadingOlder) await this.keeping(() => thread.older());
  }

  /** Changes what is above what is in sight, which stays where it is. */
  async keeping(change: () => void | Promise<void>): Promise<void> {
    const { box } = this;
    if (!box) return;
    this.#below = box.scrollHeight - box.scrollTop;
    await change();
    await tick();
    box.scrollTop = box.scrollHeight - this.#below;
  }

  /** The first message takes the keyboard, and nothing moves. */
  toFirst(): void {
    this.box?.querySelector<HTMLElement>('[data-testid="reader-item"]')?.focus({ preventScroll: true });
  }

  /** Goes to a message, reading older ones until it is there. */
  async jump(item: string): Promise<void> {
    await tick();
    for (let page = 0; page < PAGES && !this.#find(item) && thread.value?.more; page += 1) await this.older();
    const found = this.#find(item);
    if (!found) return;
    found.scrollIntoView({ block: "center" });
    found.focus({ preventScroll: true });
  }

  #find(item: string): HTMLElement | null {
    return this.box?.querySelector<HTMLElement>(`[data-item="${CSS.escape(item)}"]`) ?? null;
  }
}
