/** What other programs propose to do: it waits here for a word of the person. */
import { call, sentence, type Proposal, type Stop } from "../host";
import { toast } from "../parts/toast.svelte";
import { t } from "../strings";
import { coalesce, onEvent } from "./events";
import { inTurn } from "./turn";
import { ui } from "./ui.svelte";

/** Milliseconds between an event and the reading that follows it. */
const SOON = 100;

class Proposals {
  all: Proposal[] = $state.raw([]);

  /** Reads, and again when something changed, until stopped. */
  start(): Stop {
    void this.refresh();
    const soon = coalesce(SOON, () => this.refresh());
    return onEvent(({ event }) => {
      if (event === "suggestions" || event === "changed" || event === "resync") soon();
    });
  }

  async refresh(): Promise<void> {
    // The cards stand without them.
    this.all = await call("proposals.list", { all: false, who: null }).catch(() => this.all);
  }

  /** Decides; what is approved is done as a click would have, and can be undone as that. */
  async decide(proposal: Proposal, approve: boolean, change: { text?: string; until?: string } = {}): Promise<boolean> {
    let done = false;
    await inTurn(async () => {
      try {
        const params = { id: proposal.id, approve, text: change.text ?? null, until: change.until ?? null };
        const { acted, op } = await call("proposals.decide", params);
        done = true;
        const words = approve ? t("proposal-approved") : t("proposal-rejected");
        ui.say(words);
        const undo = acted !== null && acted.undo !== null ? { undo: acted.undo } : null;
        const takeBack = undo ? () => call("undo", undo) : op ? () => call("outbox.cancel", { id: op.id }) : null;
        toast(words, { undo: takeBack && (() => this.#takeBack(takeBack, words)) });
      } catch (error) {
        toast(sentence(error), { tone: "problem" });
      }
    });
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
