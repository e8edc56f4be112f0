/** Links, looked at before they are followed; a doubtful one waits for the person. */
import { call, host, sentence, type LinkVerdict, type Stop } from "../host";
import { toast } from "../parts/toast.svelte";
import { write } from "./asks";
import { Order } from "./order";

class Links {
  /** The link that waits for a yes. */
  asked: LinkVerdict | null = $state.raw(null);

  #order = new Order();

  /** Follows a link whose text is known; asks first when the engine has doubts. */
  async follow(href: string, text: string): Promise<void> {
    const verdict = await this.#inspect(href, text);
    if (!verdict) return;
    if (!verdict.allowed || verdict.warnings.length > 0) this.asked = verdict;
    else await this.open(verdict);
  }

  /** Shows where a link leads and asks: its text is not known, so it may say anything. */
  async ask(href: string): Promise<void> {
    const verdict = await this.#inspect(href, "");
    if (verdict) this.asked = verdict;
  }

  async open(verdict: LinkVerdict): Promise<void> {
    this.asked = null;
    try {
      // A mail link is written here, not in another program.
      if (verdict.href.toLowerCase().startsWith("mailto:")) await write(verdict.href);
      else await host().openExternal(verdict.href);
    } catch (error) {
      toast(sentence(error), { tone: "problem" });
    }
  }

  /** Hears of links clicked in mail frames, until stopped. */
  start(): Stop {
    return host().links((link) => {
      if (link.verdict) this.asked = link.verdict;
      else void this.ask(link.href);
    });
  }

  async #inspect(href: string, text: string): Promise<LinkVerdict | null> {
    const counts = this.#order.ask();
    try {
      const verdict = await call("link.inspect", { href, text });
      // What was pressed last is what is asked about.
      return counts() ? verdict : null;
    } catch (error) {
      toast(sentence(error), { tone: "problem" });
      return null;
    }
  }
}

export const links = new Links();
