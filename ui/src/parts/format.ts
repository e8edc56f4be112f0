/** Dates, sizes and names in the words of the person's language. */
import type { Party } from "../host";
import { t, voice } from "../strings";

const DAY = 86_400_000;

/** The formats of one language; making them is slow, so they are made once. */
function formatsOf(locale: string, timeZone: string | undefined) {
  const zone = timeZone === undefined ? {} : { timeZone };
  const list = new Intl.ListFormat(locale, { type: "conjunction" });
  return {
    locale,
    clock: new Intl.DateTimeFormat(locale, { hour: "numeric", minute: "2-digit", ...zone }),
    weekday: new Intl.DateTimeFormat(locale, { weekday: "short", ...zone }),
    day: new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", ...zone }),
    date: new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", ...zone }),
    full: new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short", ...zone }),
    // A day has no hour: it is the same day in every zone.
    whole: new Intl.DateTimeFormat(locale, { dateStyle: "full", timeZone: "UTC" }),
    heading: new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", ...zone }),
    ago: new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" }),
    yesterday: new Intl.RelativeTimeFormat(locale, { numeric: "auto" }),
    number: new Intl.NumberFormat(locale),
    percent: new Intl.NumberFormat(locale, { style: "percent" }),
    size: new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }),
    list,
    languages: new Intl.DisplayNames(locale, { type: "language" }),
    /** What stands between the names of a list, before the last one. */
    comma: list.formatToParts(["a", "b", "c"]).find((part) => part.type === "literal")?.value ?? ", ",
    /** Year, month and day as digits, whatever the language. */
    digits: new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", ...zone }),
  };
}

/** Formats of the language that is spoken, or of a fixed one. */
export class Format {
  readonly #locale: () => string;
  readonly #zone: string | undefined;
  #made: ReturnType<typeof formatsOf> | undefined;

  constructor(locale: string | (() => string), timeZone?: string) {
    this.#locale = typeof locale === "string" ? () => locale : locale;
    this.#zone = timeZone;
  }

  get #in() {
    const locale = this.#locale();
    if (this.#made?.locale !== locale) this.#made = formatsOf(locale, this.#zone);
    return this.#made;
  }

  /** As short as a list wants it: the clock today, the weekday this week, else the date. */
  short(at: string, now: number = Date.now()): string {
    const time = Date.parse(at);
    if (Number.isNaN(time)) return "";
    const days = this.#dayNumber(now) - this.#dayNumber(time);
    if (days === 0) return this.#in.clock.format(time);
    if (days > 0 && days < 7) return this.#in.weekday.format(time);
    return this.#sameYear(time, now) ? this.#in.day.format(time) : this.#in.date.format(time);
  }

  /** Day and clock, for the head of a mail. */
  medium(at: string, now: number = Date.now()): string {
    const time = Date.parse(at);
    if (Number.isNaN(time)) return "";
    const clock = this.#in.clock.format(time);
    if (this.#dayNumber(now) === this.#dayNumber(time)) return clock;
    return `${this.#sameYear(time, now) ? this.#in.day.format(time) : this.#in.date.format(time)}, ${clock}`;
  }

  /** The day alone, as near as it is: the weekday within a week, else the date. */
  day(at: string, now: number = Date.now()): string {
    const time = Date.parse(at);
    if (Number.isNaN(time)) return "";
    if (Math.abs(this.#dayNumber(now) - this.#dayNumber(time)) < 7) return this.#in.weekday.format(time);
    return this.#sameYear(time, now) ? this.#in.day.format(time) : this.#in.date.format(time);
  }

  clock(at: string): string {
    const time = Date.parse(at);
    return Number.isNaN(time) ? "" : this.#in.clock.format(time);
  }

  /** The name of a language, by its two letters. */
  language(code: string): string {
    return this.#in.languages.of(code) ?? code;
  }

  date(at: string): string {
    const time = Date.parse(at);
    return Number.isNaN(time) ? "" : this.#in.date.format(time);
  }

  /** Everything, for a tooltip and for screen readers. */
  full(at: string): string {
    const time = Date.parse(at);
    return Number.isNaN(time) ? "" : this.#in.full.format(time);
  }

  /** From one time to another, the day once where it is the same; in another time zone the short way. */
  range(from: string, to: string | null, zone?: string): string {
    const [begin, end] = [Date.parse(from), Date.parse(to ?? from)];
    if (Number.isNaN(begin) || Number.isNaN(end)) return "";
    const formats = zone === undefined ? this.#in.full : new Intl.DateTimeFormat(this.#locale(), { weekday: "short", hour: "numeric", minute: "2-digit", timeZone: zone, timeZoneName: "short" });
    return formats.formatRange(begin, Math.max(begin, end));
  }

  /** From one whole day to another, each given as its midnight in UTC. */
  days(from: string, to: string | null): string {
    const [begin, end] = [Date.parse(from), Date.parse(to ?? from)];
    return Number.isNaN(begin) || Number.isNaN(end) ? "" : this.#in.whole.formatRange(begin, Math.max(begin, end));
  }

  /** Times of one day: from when to when. */
  hours(from: string, to: string | null): string {
    const [begin, end] = [Date.parse(from), Date.parse(to ?? from)];
    return Number.isNaN(begin) || Number.isNaN(end) ? "" : this.#in.clock.formatRange(begin, Math.max(begin, end));
  }

  /** The clocks of another time zone show something else then. */
  elsewhere(at: string, zone: string): boolean {
    const clock = (timeZone: string | undefined) => new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeStyle: "short", ...(timeZone === undefined ? {} : { timeZone }) }).format(Date.parse(at));
    try {
      return clock(zone) !== clock(this.#zone);
    } catch {
      // A zone this window has never heard of.
      return false;
    }
  }

  /** The line between the days of a chat. */
  heading(at: string, now: number = Date.now()): string {
    const time = Date.parse(at);
    if (Number.isNaN(time)) return "";
    const days = this.#dayNumber(now) - this.#dayNumber(time);
    if (days === 0 || days === 1) return capital(this.#in.yesterday.format(-days, "day"));
    return this.#sameYear(time, now) ? this.#in.heading.format(time) : this.#in.date.format(time);
  }

  /** The two instants fall on one day. */
  sameDay(a: string, b: string): boolean {
    return this.#dayNumber(Date.parse(a)) === this.#dayNumber(Date.parse(b));
  }

  /** How long ago, or how long until. */
  ago(at: string, now: number = Date.now()): string {
    const seconds = (Date.parse(at) - now) / 1000;
    if (Number.isNaN(seconds)) return "";
    const size = Math.abs(seconds);
    if (size < 60) return this.#in.ago.format(0, "second");
    if (size < 3600) return this.#in.ago.format(Math.round(seconds / 60), "minute");
    if (size < 86_400) return this.#in.ago.format(Math.round(seconds / 3600), "hour");
    return this.#in.ago.format(Math.round(seconds / 86_400), "day");
  }

  /** How long something takes: minutes, from two hours on hours, from two days on days. */
  span(minutes: number): string {
    const [count, unit] = minutes < 120 ? [Math.max(1, minutes), "minute"] : minutes < 2_880 ? [minutes / 60, "hour"] : [minutes / 1_440, "day"];
    return new Intl.NumberFormat(this.#locale(), { style: "unit", unit, unitDisplay: "long", maximumFractionDigits: 0 }).format(count);
  }

  /** A factor as so many of a hundred. */
  percent(factor: number): string {
    return this.#in.percent.format(factor);
  }

  number(n: number): string {
    return this.#in.number.format(n);
  }

  /** Bytes, decimal units. */
  size(bytes: number): string {
    const units = ["B", "kB", "MB", "GB", "TB"];
    let value = bytes;
    let unit = 0;
    while (value >= 999.5 && unit < units.length - 1) {
      value /= 1000;
      unit += 1;
    }
    return `${unit > 1 ? this.#in.size.format(value) : this.#in.number.format(Math.round(value))} ${units[unit] ?? ""}`;
  }

  /** Names joined as the language joins them. */
  names(names: readonly string[]): string {
    return this.#in.list.format(names);
  }

  /** The first three names, and how many more there are. */
  some(names: readonly string[]): string {
    const more = names.length - 3;
    return this.names(names.slice(0, 3)) + (more > 0 ? ` +${this.number(more)}` : "");
  }

  /** Names one after the other, for a line that may go on. */
  row(names: readonly string[]): string {
    return names.join(this.#in.comma);
  }

  /** Days since a fixed day, in the zone of the clock. */
  #dayNumber(time: number): number {
    return Math.round(Date.parse(`${this.#in.digits.format(time)}T00:00:00Z`) / DAY);
  }

  #sameYear(a: number, b: number): boolean {
    return this.#in.digits.format(a).slice(0, 4) === this.#in.digits.format(b).slice(0, 4);
  }
}

export const format = new Format(() => voice.locale);

/** Marks that change the direction of what follows, and controls: they have no business in a name. */
const MARKS = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
/** Something that can be seen. */
const VISIBLE = /[^\p{C}\p{Z}\p{M}\u115f\u1160\u2800\u3164\uffa0]/u;

/** A name or title without marks that would turn what stands around it; empty when nothing of it can be seen. */
export function plain(text: string | null | undefined): string {
  const kept = (text ?? "").replace(MARKS, "").trim();
  return VISIBLE.test(kept) ? kept : "";
}

/** A sentence as it is quoted: in one line. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, " ").trim();
}

/** The name to show for somebody: the display name, else the handle. */
export function label(party: Party | null): string {
  return plain(party?.name) || plain(party?.handle) || t("unknown-sender");
}

/** One word for somebody, for a list of several. */
export function firstName(party: Party): string {
  const name = plain(party.name);
  if (!name) return label(party).split("@")[0] ?? party.handle;
  // "Schmidt, Ana" names the family first.
  const comma = name.indexOf(",");
  if (comma > 0) return name.slice(comma + 1).trim().split(/\s+/)[0] || name;
  return name.split(/\s+/)[0] ?? name;
}

/** The people of a row: one in full, several by first name. */
export function peopleLine(people: readonly Party[], total = people.length): string {
  if (people.length === 0) return t("nobody");
  if (people.length === 1 && people[0]) return label(people[0]);
  const shown = format.row(people.slice(0, 3).map(firstName));
  const more = Math.max(total, people.length) - 3;
  return more > 0 ? `${shown} +${format.number(more)}` : shown;
}

/** Up to two letters for an avatar. */
export function initials(party: Party): string {
  const name = label(party).replace(/[<>"'()[\]]/g, "").trim();
  const words = name.split(/[\s._@+-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const first = letter(words[0]);
  // An address has no family name to take a letter from.
  const last = plain(party.name) && words.length > 1 ? letter(words[words.length - 1]) : "";
  return (first + last).toLocaleUpperCase() || "?";
}

function letter(word: string | undefined): string {
  return [...(word ?? "")].find((character) => /[\p{L}\p{N}]/u.test(character)) ?? "";
}

/** A hue that stays with somebody: the same for the same handle, in degrees. */
export function hue(handle: string): number {
  let hash = 2166136261;
  for (const character of handle.trim().toLowerCase()) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16777619) >>> 0;
  }
  return hash % 360;
}

function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}
