/** The state of everything, as the engine says it: accounts, sources with health, counts. */
import { call, failure, type Failure, type SourceType, type SourceView, type Status, type Stop } from "../host";
import { plainName, platformName } from "../parts/platforms";
import { coalesce, onEvent } from "./events";
import { Order } from "./order";

/** Milliseconds between an event and the reading that follows it. */
const SOON = 150;

class StatusState {
  value: Status | null = $state.raw(null);
  error: Failure | null = $state.raw(null);
  /** The computer says it has a network. */
  online = $state(true);
  /** Everything that is connected, channels that only send included. */
  all: SourceView[] = $derived((this.value?.accounts ?? []).flatMap((account) => account.sources));
  /** What can be read. */
  sources: SourceView[] = $derived(this.all.filter((source) => !source.capabilities.send_only));
  /** Where things can be told. */
  channels: SourceView[] = $derived(this.all.filter((source) => source.capabilities.send_only));
  #byId = $derived(new Map(this.all.map((source) => [source.id, source])));
  /** No account, no demo: the first-run screen. */
  empty = $derived(this.value !== null && this.value.accounts.length === 0);

  #order = new Order();
  #soon = coalesce(SOON, () => this.refresh());

  source(id: string): SourceView | undefined {
    return this.#byId.get(id);
  }

  /** A source's name; the platform's where the source is gone. */
  nameOf(id: string, type: SourceType): string {
    return this.#byId.get(id)?.name ?? platformName(type);
  }

  /** A source's name as short as it is still told from the others: the platform's when it is the only one of its kind. */
  shortName(id: string, type: SourceType): string {
    const source = this.#byId.get(id);
    const alone = this.sources.filter((one) => one.type === type).length <= 1;
    return alone || !source ? platformName(type) : plainName(source);
  }

  count(name: string): number {
    return this.value?.counts[name] ?? 0;
  }

  async refresh(): Promise<void> {
    const counts = this.#order.ask();
    try {
      const found = await call("status");
      if (counts()) [this.value, this.error] = [found, null];
    } catch (error) {
      if (counts()) this.error = failure(error);
    }
  }

  /** Has something done that changes everything, and shows how it is then. */
  async after(change: () => Promise<Status>): Promise<void> {
    [this.value, this.error] = [await this.#order.during(change), null];
  }

  /** Keeps itself current until stopped. */
  start(): Stop {
    const network = () => {
      this.online = navigator.onLine;
    };
    const back = () => {
      network();
      // Whoever looks does not wait for the next try; how a source fares is told by its health.
      if (document.visibilityState !== "hidden") call("sync.now", { account: null }).catch(() => {});
    };
    network();
    addEventListener("online", back);
    addEventListener("offline", network);
    const stop = onEvent(() => this.#soon());
    return () => {
      stop();
      removeEventListener("online", back);
      removeEventListener("offline", network);
    };
  }
}

export const status = new StatusState();
