/** The state of everything, as the engine says it: accounts, sources with health, counts. */
import { call, failure, type Failure, type SourceType, type SourceView, type Status, type Stop } from "../host";
import { plainName, platformName } from "../parts/platforms";
import { coalesce, onEvent } from "./events";

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
    try {
      this.value = await call("status");
      this.error = null;
    } catch (error) {
      this.error = failure(error);
    }
  }

  /** Keeps itself current until stopped. */
  start(): Stop {
    const network = () => {
      this.online = navigator.onLine;
    };
    network();
    addEventListener("online", network);
    addEventListener("offline", network);
    const stop = onEvent(() => this.#soon());
    return () => {
      stop();
      removeEventListener("online", network);
      removeEventListener("offline", network);
    };
  }
}

export const status = new StatusState();
