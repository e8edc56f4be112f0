/** Times to come back, from a few words: "fri 9", "in 3 days", "next monday", "tomorrow 14:30". */
import { t, voice, type Language } from "../../strings";

const DAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
/** Words of other languages, as the grammar below knows them. */
const MEANT: Record<Exclude<Language, "en">, Record<string, string>> = {
  de: {
    heute: "today", morgen: "tomorrow", übermorgen: "overmorrow", früh: "8", mittag: "12", nachmittag: "15", abend: "18",
    sonntag: "sunday", montag: "monday", dienstag: "tuesday", mittwoch: "wednesday", donnerstag: "thursday", freitag: "friday", samstag: "saturday",
    so: "sunday", mo: "monday", di: "tuesday", mi: "wednesday", do: "thursday", fr: "friday", sa: "saturday",
    nächste: "next", nächsten: "next", nächstes: "next", kommende: "next", kommenden: "next", diesen: "this", dieses: "this",
    wochenende: "weekend", am: "", um: "", uhr: "", ein: "one", einem: "one", einer: "one",
    minute: "minute", minuten: "minute", stunde: "hour", stunden: "hour", tag: "day", tage: "day", tagen: "day",
    woche: "week", wochen: "week", monat: "month", monate: "month", monaten: "month",
  },
};
/** Parts of a day, behind its name. */
const PARTS: Record<string, string> = { morning: "8", noon: "12", afternoon: "15", evening: "18", night: "20" };
/** The hour of a day that was named without one. */
const MORNING = 8;
const EVENING = 18;

/** A choice and the instant it stands for. */
export type When = { label: string; at: Date };

function at(now: Date, days: number, hour: number, minute = 0): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, hour, minute);
}

function daysTo(now: Date, weekday: number): number {
  return (weekday - now.getDay() + 7) % 7 || 7;
}

/** The usual choices, each in the future. */
export function presets(now: Date): When[] {
  const choices: When[] = [];
  if (now.getHours() < EVENING - 1) choices.push({ label: t("snooze-evening"), at: at(now, 0, EVENING) });
  choices.push({ label: t("snooze-tomorrow"), at: tomorrow(now) });
  if (now.getDay() < 5 && now.getDay() > 0) choices.push({ label: t("snooze-weekend"), at: at(now, daysTo(now, 6), MORNING + 1) });
  choices.push({ label: t("snooze-week"), at: at(now, daysTo(now, 1), MORNING) });
  return choices;
}

/** The next morning. */
export function tomorrow(now: Date): Date {
  return at(now, 1, MORNING);
}

/** The instant a few words stand for; `null` when they say none, or one that is past. */
export function parseWhen(text: string, now: Date, language: Language = voice.language): Date | null {
  const words = understood(text.toLowerCase().split(/\s+/u), language).join(" ");
  const span = /^in (\d{1,3}|an?|one) (minute|min|hour|h|day|week|month)s?$/u.exec(words);
  if (span?.[1] && span[2]) return after(now, /^\d/u.test(span[1]) ? Number(span[1]) : 1, span[2]);

  const parts = /^(?:(next|this|on) )?([a-z]+)?(?: ?(?:at )?(\d{1,2})(?:[:.](\d{2}))? ?(am|pm)?)?$/u.exec(words);
  if (!parts || words === "") return null;
  const [, , word, hours, minutes, half] = parts;
  const time = clockOf(hours, minutes, half);
  if (time === null) return null;
  const [hour, minute] = time ?? [word === "tonight" || word === "evening" ? EVENING : MORNING, 0];

  const days = word === undefined ? 0 : dayOf(word, now);
  if (days === null || (word === undefined && time === undefined)) return null;
  const when = at(now, days, hour, minute);
  if (when > now) return when;
  return word === undefined ? at(now, 1, hour, minute) : null;
}

/** The words of the language that is spoken; English is understood in all of them. */
function understood(words: readonly string[], language: Language): string[] {
  const meant = language === "en" ? {} : MEANT[language];
  const english = words.map((word) => (Object.hasOwn(meant, word) ? (meant[word] ?? word) : word)).filter((word) => word !== "");
  return english.map((word, i) => (i > 0 && english[i - 1] !== "this" && Object.hasOwn(PARTS, word) ? (PARTS[word] ?? word) : word));
}

function after(now: Date, count: number, unit: string): Date | null {
  if (count === 0) return null;
  if (unit.startsWith("min")) return new Date(now.getTime() + count * 60_000);
  if (unit.startsWith("h")) return new Date(now.getTime() + count * 3_600_000);
  if (unit === "month") return new Date(now.getFullYear(), now.getMonth() + count, now.getDate(), MORNING);
  return at(now, count * (unit === "week" ? 7 : 1), MORNING);
}

/** `undefined` when no time was said, `null` when it makes no sense. */
function clockOf(hours: string | undefined, minutes: string | undefined, half: string | undefined): [number, number] | null | undefined {
  if (hours === undefined) return undefined;
  let hour = Number(hours);
  const minute = Number(minutes ?? 0);
  if (half !== undefined && (hour < 1 || hour > 12)) return null;
  if (half === "pm" && hour < 12) hour += 12;
  if (half === "am" && hour === 12) hour = 0;
  return hour < 24 && minute < 60 ? [hour, minute] : null;
}

function dayOf(word: string, now: Date): number | null {
  if (word === "today" || word === "tonight" || word === "evening") return 0;
  if (word === "tomorrow" || word === "tom") return 1;
  if (word === "overmorrow") return 2;
  if (word === "weekend") return daysTo(now, 6);
  if (word === "week") return daysTo(now, 1);
  const weekday = word.length < 3 ? -1 : DAYS.findIndex((day) => day.startsWith(word));
  return weekday < 0 ? null : daysTo(now, weekday);
}
