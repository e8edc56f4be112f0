/** What to do next, as the engine suggests it: the cards of Today and of Waiting. */
import { tick } from "svelte";

import { call, failure, sentence, type ActionView, type Failure, type OpenView, type Stop, type Verb } from "../host";
import { oneLine } from "../parts/format";
import { toast } from "../parts/toast.svelte";
import { t, voice } from "../strings";
import { coalesce, onEvent } from "./events";
import { Order } from "./order";
import { inTurn } from "./turn";
import { ui } from "./ui.svelte";
import { said, type Extra } from "./verbs";

/** Milliseconds between an event and the reading that follows it. */
const SOON = 100;

/** Verbs after which a card has nothing more to say. */
const SETTLES: readonly Verb[] = ["settle", "dismiss", "snooze", "archive", "delete", "mute", "tick"];

class Next {
  cards: ActionView[] = $state.raw([]);
  /** Conversations that have not been thought about yet. */
  behind = $state(0);
  loading = $state(true);
  error: Failure | null = $state.raw(null);
  /** Position of the card that has, or had, the keyboard. */
  focus = $state(0);

  #which: "today" | "waiting" = "today";
  #order = new Order();

  /** The cards are on show, and keys are meant for them. */
  get shown(): boolean {
    return ui.screen === "today" || ui.screen === "waiting";
  }

  get focused(): ActionView | undefined {
    return this.cards[this.focus];
  }

  /** Reads, and again when something changed, until stopped. The first cards wait for what stands above them, which
   * would push them down. */
  start(which: "today" | "waiting", above: Promise<void>[] = []): Stop {
    if (which !== this.#which) this.cards = [];
    this.#which = which;
    this.#order.stale();
    this.loading = this.cards.length === 0;
    this.focus = 0;
    void this.refresh(above).then(() => {
      // Who has gone to something in the view while the cards came stays there.
      if (!document.activeElement?.closest("main *")) this.#take();
    });
    const soon = coalesce(SOON, () => this.refresh());
    return onEvent(({ event }) => {
      if (event === "suggestions" || event === "changed" || event === "settings" || event === "resync") soon();
    });
  }

  async refresh(above: Promise<void>[] = []): Promise<void> {
    const counts = this.#order.ask();
    try {
      const [found] = await Promise.all([call("actions.list", { which: this.#which }), ...above]);
      if (!counts()) return;
      const id = this.focused?.thread.id;
      [this.cards, this.behind, this.error] = [found.actions, found.behind, null];
      const still = this.cards.findIndex((card) => card.thread.id === id);
      this.focus = Math.max(0, Math.min(still < 0 ? this.focus : still, this.cards.length - 1));
    } catch (error) {
      if (counts()) this.error = failure(error);
    } finally {
      if (counts()) this.loading = false;
    }
  }

  /** Gives the keyboard to a card. */
  move(to: number): void {
    this.focus = Math.max(0, Math.min(to, this.cards.length - 1));
    this.#take();
  }

  /** Opens a card's conversation at its sentence. */
  open(card: ActionView | undefined = this.focused): void {
    if (card) ui.openThread(card.thread.id, card.item, card.sentence);
  }

  /** The same, at something else that is open in it. */
  show(open: OpenView): void {
    ui.openThread(open.thread, open.item, open.sentence);
  }

  /** Answers; what I wait for gets a word that reminds of it. */
  async reply(card: ActionView | undefined = this.focused): Promise<void> {
    if (!card) return;
    if (card.state === "waiting") return this.#nudge(card);
    if (card.meet) return this.#offer(card);
    this.open(card);
    if (card.state === "reply") ui.reply = { mode: "reply", item: card.item };
  }

  /** Done: the box on a page is ticked, everything else is settled. */
  async done(card: ActionView | undefined = this.focused): Promise<void> {
    if (card) await this.act(card.todo === null ? "settle" : "tick", card.thread.id);
  }

  /** Does something to the conversation of a card; the card goes at once and comes back by undoing. */
  async act(verb: Verb, id: string, extra: Extra = {}): Promise<void> {
    const at = this.cards.findIndex((card) => card.thread.id === id);
    const card = this.cards[at];
    if (!card) return;
    const words = said(verb, 1);
    if (SETTLES.includes(verb)) {
      this.cards = this.cards.filter((other) => other !== card);
      this.move(at);
    }
    ui.say(this.focused ? t("did-next", { did: words, next: this.focused.sentence }) : words);
    const what = verb === "tick" ? { items: [card.item], todo: card.todo } : { threads: [id], ...extra };
    const told = async () => {
      try {
        const { undo } = await call("act", { verb, ...what });
        toast(words, { undo: undo === null ? null : () => this.#takeBack(undo, words) });
      } catch (error) {
        toast(sentence(error), { tone: "problem" });
      }
    };
    await this.#order.during(() => inTurn(told));
    await this.refresh();
  }

  async #takeBack(undo: number, words: string): Promise<void> {
    try {
      await call("undo", { undo });
      ui.say(t("undone", { did: words }));
    } catch (error) {
      toast(sentence(error), { tone: "problem" });
    }
    await this.refresh();
  }

  /** A follow-up, drafted and not sent; what was begun there before is not written over. */
  async #nudge(card: ActionView): Promise<void> {
    try {
      const draft = await call("actions.nudge", { thread: card.thread.id });
      const name = card.person?.name?.split(" ")[0] ?? "";
      const asked = oneLine(card.sentence);
      const text = name === "" ? t("nudge-text-nobody", { asked }) : t("nudge-text", { name, asked });
      // In a language that is not known here: in the window's, and said so.
      const wordless = draft.id === null && draft.text === "";
      ui.openCompose({ draft: wordless ? { ...draft, text } : draft });
      if (wordless) toast(t("nudge-in-yours"));
    } catch (error) {
      toast(sentence(error), { tone: "problem" });
    }
  }

  /** Times to meet at, drafted and not sent; what was begun there before is not written over. */
  async #offer(card: ActionView): Promise<void> {
    try {
      ui.openCompose({ draft: await call("actions.offer", { thread: card.thread.id, language: voice.language }) });
    } catch (error) {
      toast(sentence(error), { tone: "problem" });
    }
  }

  /** The card in focus takes the keyboard, once it is there. */
  #take(): void {
    void tick().then(() => {
      const id = this.focused?.thread.id;
      if (!this.shown || id === undefined) return;
      const card = document.getElementById(`card-${id}`);
      card?.focus({ preventScroll: this.focus === 0 });
      // What stands above the cards belongs to the first of them.
      if (this.focus === 0) card?.closest(".page")?.scrollTo({ top: 0 });
    });
  }
}

export const next = new Next();
