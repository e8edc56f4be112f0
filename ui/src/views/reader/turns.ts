/** A chat as people see it: days, and within a day the turns of one writer. */
import type { ItemView } from "../../host";
import { format, type Format } from "../../parts/format";

/** Messages of one writer further apart than this are two turns, in milliseconds. */
const PAUSE = 5 * 60_000;

export type Turn = { key: string; mine: boolean; from: ItemView["from"]; items: ItemView[] };
export type Day = { key: string; at: string; turns: Turn[] };

/** @param from the id of an item that begins a turn whatever was before: a line stands above it */
export function days(items: readonly ItemView[], words: Format = format, from: string | null = null): Day[] {
  const all: Day[] = [];
  let before: ItemView | undefined;
  for (const item of items) {
    let day = all.at(-1);
    if (!day || !before || !words.sameDay(before.at, item.at)) {
      day = { key: item.id, at: item.at, turns: [] };
      all.push(day);
      before = undefined;
    }
    const turn = day.turns.at(-1);
    const goesOn =
      turn !== undefined &&
      before !== undefined &&
      item.id !== from &&
      turn.mine === item.from_me &&
      turn.from?.handle === item.from?.handle &&
      Date.parse(item.at) - Date.parse(before.at) < PAUSE;
    if (goesOn) turn.items.push(item);
    else day.turns.push({ key: item.id, mine: item.from_me, from: item.from, items: [item] });
    before = item;
  }
  return all;
}

/** The last turns, so many that they hold at least this many messages. */
export function tail(all: readonly Day[], messages: number): Day[] {
  const shown: Day[] = [];
  let left = messages;
  for (const day of all.toReversed()) {
    if (left <= 0) break;
    const turns: Turn[] = [];
    for (const turn of day.turns.toReversed()) {
      if (left <= 0) break;
      turns.unshift(turn);
      left -= turn.items.length;
    }
    shown.unshift(turns.length === day.turns.length ? day : { ...day, turns });
  }
  return shown;
}
