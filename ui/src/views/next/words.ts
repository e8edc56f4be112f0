/** Suggestions in words: what is to be done, why, and until when. */
import type { ActionView, DueView, NextAction, Rule, Signal } from "../../host";
import { format, label } from "../../parts/format";
import { clock } from "../../state/clock.svelte";
import { t } from "../../strings";

/** A day, or a day and a time, and whether there is a doubt. */
export function dueWord(due: DueView, now: number): string {
  const time = due.timed ? format.medium(due.at, now) : dayWord(due.day, now);
  return t(due.ambiguous ? "due-perhaps" : Date.parse(due.at) < now ? "due-was" : "due-by", { time });
}

/** The day: today and tomorrow by their names. */
function dayWord(day: string, now: number): string {
  // Noon is on that day wherever the reader is.
  const at = `${day}T12:00:00`;
  if (format.sameDay(at, new Date(now).toISOString())) return t("due-today");
  if (format.sameDay(at, new Date(now + 86_400_000).toISOString())) return t("due-tomorrow");
  return format.day(at, now);
}

/** What somebody did that leaves something open. */
export function stateWord(state: NextAction["state"]): string {
  if (state === "todo") return t("next-todo");
  return state === "waiting" ? t("next-waiting") : t("next-reply");
}

/** What a row of a list says of it. */
export function nextWord(next: NextAction, now: number): string {
  const word = stateWord(next.state);
  if (next.day === null) return word;
  return t("next-due", { word, time: dayWord(next.day, now) });
}

/** Who it is about, as one calls them. */
export function who(card: ActionView): string {
  return card.person ? label(card.person) : card.thread.title || t("nobody");
}

/** The heading of a card. */
export function titleOf(card: ActionView): string {
  if (card.thread.kind === "note") return t("card-note", { page: card.thread.title });
  const name = who(card);
  if (card.state === "waiting") return t("card-waiting", { who: name });
  return card.state === "todo" ? t("card-todo", { who: name }) : t("card-reply", { who: name });
}

/** Rules whose chip says more than the name of the rule. */
type Counted = "usually-answer" | "never-answer";

export function ruleWord(name: Exclude<Rule, Counted>): string {
  return t(`rule-${name}`);
}

/** What a chip says. */
export function chipWord({ name }: Signal, card: ActionView): string {
  if (name === "usually-answer") return t("chip-usually-answer", { answered: card.answered, received: card.received });
  if (name === "never-answer") return t("chip-never-answer", { received: card.received });
  if (name === "window-closes" && card.window_closes !== null) {
    const minutes = Math.max(1, Math.round((Date.parse(card.window_closes) - clock.now) / 60_000));
    return t("chip-window-closes", { time: format.span(minutes) });
  }
  return ruleWord(name);
}

/** Rules that come from what the sentence says. */
const SAID: readonly Rule[] = ["asked", "perhaps-asked", "promise", "open-todo", "no-answer", "overdue", "due-in-a-day", "due-in-three-days"];

/** Whether the sentence of a card is what gave the rule. */
export function isSaid(name: Rule): boolean {
  return SAID.includes(name);
}

/** Why a rule is one. */
export function ruleReason(name: Rule): string {
  return t(`reason-${name}`);
}

/** The name of a rule in the table of weights. */
export function ruleName(name: Rule): string {
  if (name === "usually-answer") return t("rule-usually-answer");
  if (name === "never-answer") return t("rule-never-answer");
  return ruleWord(name);
}

/** Points with their sign. */
export function points(n: number): string {
  return n > 0 ? `+${format.number(n)}` : format.number(n).replace("-", "−");
}
