/** Work in the background, as the engine tells it, with how long it will still take. */
import { call, sentence, type Stop, type WorkView } from "../host";
import { toast } from "../parts/toast.svelte";
import { coalesce, onEvent } from "./events";
import { Order } from "./order";
import { Pace } from "./pace";

/** Milliseconds between an event and the reading that follows it. */
const SOON = 200;

class Work {
  list: WorkView[] = $state.raw([]);

  #paces = new Map<string, Pace>();
  #order = new Order();
  #soon = coalesce(SOON, () => this.refresh());

  async refresh(): Promise<void> {
    const counts = this.#order.ask();
    try {
      const found = await call("work.list");
      if (counts()) this.#take(found);
    } catch {
      // What is shown stays until the engine answers again.
    }
  }

  async pause(id: string, paused: boolean): Promise<void> {
    await this.#tell(paused ? "work.pause" : "work.resume", id);
  }

  async cancel(id: string): Promise<void> {
    await this.#tell("work.cancel", id);
  }

  /** Seconds until a piece of work is done, as far as one can tell. */
  left(work: WorkView): number | null {
    return work.paused || work.total === null ? null : (this.#paces.get(work.id)?.left(work.total) ?? null);
  }

  start(): Stop {
    void this.refresh();
    return onEvent((event) => {
      if (event.event === "progress" || event.event === "source" || event.event === "resync") this.#soon();
    });
  }

  async #tell(command: "work.pause" | "work.resume" | "work.cancel", id: string): Promise<void> {
    try {
      this.#take(await this.#order.during(() => call(command, { id })));
    } catch (error) {
      toast(sentence(error), { tone: "problem" });
      await this.refresh();
    }
  }

  #take(list: WorkView[]): void {
    const now = performance.now();
    for (const work of list) {
      const pace = this.#paces.get(work.id) ?? new Pace();
      if (work.paused) pace.rest();
      else pace.saw(work.done, now);
      this.#paces.set(work.id, pace);
    }
    for (const id of this.#paces.keys()) if (!list.some((work) => work.id === id)) this.#paces.delete(id);
    this.list = list;
  }
}

export const work = new Work();
