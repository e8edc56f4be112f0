/**
 * The lock of the window. The engine holds it and shows nothing while it is locked; here the page is told so that it
 * takes everything off the screen, and from here the engine hears that somebody is there.
 */
import { call, sentence, useLocked, type LockView, type Stop } from "../host";
import { dismiss, toast, toasts } from "../parts/toast.svelte";
import { t } from "../strings";
import { saveAll } from "../views/compose/writing.svelte";
import { onEvent } from "./events";
import { Order } from "./order";
import { settings } from "./settings.svelte";
import { ui } from "./ui.svelte";

/** What a person does in a window. */
const DOINGS = ["pointerdown", "pointermove", "keydown", "wheel"] as const;

/** Milliseconds between two words to the engine that somebody is there; the shortest idle time is a minute. */
const APART = 10_000;

class Lock {
  locked = $state(false);
  /** As `locked`, for what goes off the screen by it: while that goes it still sees the state from before. */
  shut = false;
  /** There is a passphrase. */
  set = $state(false);
  /** No try counts before. */
  notBefore: string | null = $state(null);

  #order = new Order();
  #told = -APART;
  #at = "";

  async refresh(): Promise<void> {
    const counts = this.#order.ask();
    // An engine that does not answer is told of elsewhere.
    const view = await call("lock.get").catch(() => null);
    if (view && counts()) this.#take(view);
  }

  /** Locks the window, once what is being written is saved; without a passphrase, leads to where one is chosen. */
  async now(): Promise<void> {
    if (!this.set) {
      ui.openSettings("privacy", "privacy.lock");
      toast(t("lock-none"));
      return;
    }
    await saveAll();
    try {
      this.#take(await this.#order.during(() => call("lock.now")));
    } catch (error) {
      toast(sentence(error), { tone: "problem" });
    }
  }

  /** Whether the passphrase was the right one. */
  async unlock(passphrase: string): Promise<boolean> {
    this.#take(await this.#order.during(() => call("lock.unlock", { passphrase })));
    return !this.locked;
  }

  /** Another passphrase, or none any more. */
  async change(old: string, passphrase: string | null): Promise<void> {
    this.#take(await this.#order.during(() => call("lock.set", { old, new: passphrase })));
  }

  /** Hears of the lock, and tells that somebody is there, until stopped. */
  start(): Stop {
    useLocked(() => this.#refused());
    void this.refresh();
    const stop = onEvent((event) => {
      if (event.event === "lock" || event.event === "resync") void this.refresh();
    });
    const doing = (event: Event) => this.#doing(event);
    for (const name of DOINGS) addEventListener(name, doing, { capture: true, passive: true });
    return () => {
      stop();
      useLocked(undefined);
      for (const name of DOINGS) removeEventListener(name, doing, { capture: true });
    };
  }

  #doing(event: Event): void {
    if (this.locked || event.timeStamp - this.#told < APART || !(Number(settings.value("privacy.lock")) > 0)) return;
    if (event instanceof MouseEvent && event.type === "pointermove") {
      // What is drawn anew under a pointer that rests sends a move as well.
      const at = `${event.screenX} ${event.screenY}`;
      const rests = this.#at === "" || this.#at === at;
      this.#at = at;
      if (rests) return;
    }
    this.#told = event.timeStamp;
    call("lock.touch").catch(() => {});
  }

  /** Something was refused because the window is locked; it may have been opened since. */
  #refused(): void {
    if (this.locked) return;
    this.#order.stale();
    this.#close();
    void this.refresh();
  }

  #take(view: LockView): void {
    this.set = view.set;
    this.notBefore = view.not_before;
    if (view.locked) this.#close();
    else this.locked = this.shut = false;
  }

  /** Nothing of what was said stays behind the lock screen. */
  #close(): void {
    if (this.locked) return;
    this.locked = this.shut = true;
    this.set = true;
    ui.said = "";
    for (const { id } of [...toasts()]) dismiss(id);
  }
}

export const lock = new Lock();
