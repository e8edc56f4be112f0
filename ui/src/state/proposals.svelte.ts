/** What other programs propose to do: it waits here for a word of the person. */
import { call, failure, sentence, type Failure, type Proposal, type Stop } from "../host";
import { toast } from "../parts/toast.svelte";
import { t } from "../strings";
import { coalesce, onEvent } from "./events";
import { Order } from "./order";
import { inTurn } from "./turn";
import { ui } from "./ui.svelte";

/** Milliseconds between an event and the reading that follows it. */
const SOON = 100;

class Proposals {
  all: Proposal[] = $state.raw([]);
  /** The engine has answered once. */
  known = $state(false);
  /** Why it did not the last time. */
  error: Failure | null = $state.raw(null);
  /** Settles once the first reading is here, or cannot be had. */
  read: Promise<void> = Promise.resolve();

  #order = new Order();

  /** Reads, and again when something changed, until stopped. */
  start(): Stop {
    this.read = this.refresh();
    const soon = coalesce(SOON, () => this.refresh());
    return onEvent(({ event }) => {
      if (event === "suggestions" || event === "changed" || event === "resync") soon();
    });
  }

  async refresh(): Promise<void> {
    const counts = this.#order.ask();
    try {
      const found = await call("proposals.list", { all: false, who: null });
      if (counts()) [this.all, this.known, this.error] = [found, true, null];
    } catch (error) {
      // The cards stand without them.
      if (counts()) this.error = failure(error);
    }
  }

  /** Decides; what is approved is done as a click would have, and can be undone as that. */
  async decide(proposal: Proposal, approve: boolean, change: { text?: string; until?: string } = {}): Promise<boolean> {
    let done = false;
    const decided = async () => {
      try {
        const params = { id: proposal.id, approve, text: change.text ?? null, until: change.until ?? null };
        const { acted, op } = await call("proposals.decide", params);
        done = true;
        const words = approve ? t("proposal-approved") : t("proposal-rejected");
        ui.say(words);
        const undo = acted !== null && acted.undo !== null ? { undo: acted.undo } : null;
        const takeBack = undo ? () => call("undo", undo) : op ? () => call("outbox.cancel", { id: op.id }) : null;
        toast(words, { undo: takeBack && (() => this.#takeBack(takeBack, words)), until: op ? Date.parse(op.not_before) : undefined, final: takeBack === null });
      } catch (error) {
        toast(sentence(error), { tone: "problem" });
      }
    };
    await this.#order.during(() => inTurn(decided));
    await this.refresh();
    return done;
  }

  async #takeBack(run: () => Promise<unknown>, words: string): Promise<void> {
    try {
      await run();
      ui.say(t("undone", { did: words }));
    } catch (error) {
      toast(sentence(error), { tone: "problem" });
    }
  }
}

export const proposals = new Proposals();
