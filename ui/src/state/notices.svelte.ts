/** What is told at the moment, handed to the desktop as it changes. */
import { call, host, type NoticeBoard, type Stop } from "../host";
import { coalesce, onEvent } from "./events";
import { inWords } from "./notices";
import { Order } from "./order";
import { status } from "./status.svelte";

/** Milliseconds between an event and the reading that follows it. */
const SOON = 100;

class Notices {
  board: NoticeBoard = $state.raw({ notices: [], paused_until: null });

  #order = new Order();
  #soon = coalesce(SOON, () => this.refresh());

  async refresh(): Promise<void> {
    const counts = this.#order.ask();
    // Notices are an addition: where they cannot be read the window goes on without.
    const board = await call("notices.standing").catch(() => null);
    if (board === null || !counts()) return;
    this.board = board;
    const name = (source: string | null) => (source === null ? "" : (status.source(source)?.name ?? ""));
    await host().desktop?.notices(board.notices.map((notice) => inWords(notice, name(notice.source)))).catch(() => {});
  }

  async pause(minutes: number): Promise<void> {
    this.board = await this.#order.during(() => call("notices.pause", { minutes }));
  }

  /** Keeps itself current until stopped. */
  start(): Stop {
    void this.refresh();
    return onEvent((event) => {
      if (event.event === "notices" || event.event === "resync") this.#soon();
    });
  }
}

export const notices = new Notices();
