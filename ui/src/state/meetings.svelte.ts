/** What of today's meetings is still to come. */
import { call, type MeetingView, type Rsvp, type Stop } from "../host";
import { answerInvitation } from "./acts";
import { clock } from "./clock.svelte";
import { coalesce, onEvent } from "./events";
import { Order } from "./order";

/** Milliseconds between an event and the reading that follows it. */
const SOON = 100;

class Meetings {
  all: MeetingView[] = $state.raw([]);
  /** Settles once the first reading is here, or cannot be had. */
  read: Promise<void> = Promise.resolve();

  #order = new Order();

  /** Those that are not over. */
  get coming(): MeetingView[] {
    return this.all.filter(({ meeting }) => meeting.all_day || Date.parse(meeting.ends ?? meeting.starts) >= clock.now);
  }

  /** Reads, and again when something changed, until stopped. */
  start(): Stop {
    this.read = this.refresh();
    const soon = coalesce(SOON, () => this.refresh());
    return onEvent(({ event }) => {
      if (event === "changed" || event === "source" || event === "resync") soon();
    });
  }

  async refresh(): Promise<void> {
    const counts = this.#order.ask();
    // The cards stand without them.
    const found = await call("meetings.list", { from: null, until: null }).catch(() => null);
    if (found !== null && counts()) this.all = found;
  }

  /** Answers one; it shows the answer at once. */
  async answer(view: MeetingView, answer: Rsvp): Promise<void> {
    this.all = this.all.map((one) => (one === view ? { ...one, meeting: { ...one.meeting, answer } } : one));
    await this.#order.during(() => answerInvitation(view.item, answer));
    await this.refresh();
  }
}

export const meetings = new Meetings();
