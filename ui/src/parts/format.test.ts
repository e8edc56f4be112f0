import { describe, expect, it } from "vitest";

import { firstName, Format, hue, initials, label, peopleLine, plain } from "./format";

const words = new Format("en-GB", "Europe/Berlin");
const now = Date.parse("2026-11-21T10:00:00Z");

describe("Format", () => {
  it("says how long something takes in the unit a person would choose", () => {
    const english = new Format("en");
    expect([0, 1, 45, 119, 120, 2_879, 2_880, 20_000].map((minutes) => english.span(minutes))).toEqual([
      "1 minute", "1 minute", "45 minutes", "119 minutes", "2 hours", "48 hours", "2 days", "14 days",
    ]);
    expect(new Format("de").span(300)).toBe("5 Stunden");
  });
  it("is as short as the distance allows", () => {
    expect(words.short("2026-11-21T08:05:00Z", now)).toBe("9:05");
    expect(words.short("2026-11-20T23:30:00Z", now)).toBe("0:30");
    expect(words.short("2026-11-18T10:00:00Z", now)).toBe("Wed");
    expect(words.short("2026-11-14T10:00:00Z", now)).toBe("14 Nov");
    expect(words.short("2025-11-21T10:00:00Z", now)).toBe("21 Nov 2025");
  });
  it("gives a date, not a weekday, to what lies ahead", () => {
    expect(words.short("2026-11-23T10:00:00Z", now)).toBe("23 Nov");
  });
  it("counts years in the zone of the clock", () => {
    const newYear = Date.parse("2026-12-31T23:30:00Z");
    expect(words.short("2026-12-20T12:00:00Z", newYear)).toBe("20 Dec 2026");
  });
  it("speaks other languages", () => {
    const german = new Format("de-DE", "Europe/Berlin");
    expect(german.short("2026-11-14T10:00:00Z", now)).toBe("14. Nov.");
    expect(german.number(123456)).toBe("123.456");
  });
  it("says nothing about what is no date", () => {
    expect(words.short("", now)).toBe("");
    expect(words.full("yesterday")).toBe("");
    expect(words.ago("?", now)).toBe("");
  });
  it("names the days of a chat", () => {
    expect(words.heading("2026-11-21T08:00:00Z", now)).toBe("Today");
    expect(words.heading("2026-11-20T08:00:00Z", now)).toBe("Yesterday");
    expect(words.heading("2026-11-02T08:00:00Z", now)).toBe("Monday 2 November");
  });
  it("says how long ago", () => {
    expect(words.ago("2026-11-21T09:59:40Z", now)).toBe("now");
    expect(words.ago("2026-11-21T09:57:00Z", now)).toMatch(/^3 min/u);
    expect(words.ago("2026-11-18T10:00:00Z", now)).toMatch(/^3 days ago/u);
  });
  it("measures sizes", () => {
    expect(words.size(0)).toBe("0 B");
    expect(words.size(999)).toBe("999 B");
    expect(words.size(999_600)).toBe("1 MB");
    expect(words.size(1_482_113)).toBe("1.5 MB");
  });
});

describe("people", () => {
  it("are called by name, else by handle", () => {
    expect(label({ name: "  ", handle: "ana@x.example" })).toBe("ana@x.example");
    expect(label(null)).toBe("Unknown sender");
    expect(firstName({ name: "Schmidt, Ana", handle: "a" })).toBe("Ana");
    expect(firstName({ name: null, handle: "ana@x.example" })).toBe("ana");
  });
  it("share a line", () => {
    const many = ["Ana F", "Bo G", "Cy H", "Di I"].map((name) => ({ name, handle: name }));
    expect(peopleLine(many)).toBe("Ana, Bo, Cy +1");
    expect(peopleLine(many.slice(0, 1))).toBe("Ana F");
    expect(peopleLine([])).toBe("Nobody");
  });
  it("have initials in any script", () => {
    expect(initials({ name: "Ana Maria Ferreira", handle: "a" })).toBe("AF");
    expect(initials({ name: "田中 美咲", handle: "a" })).toBe("田美");
    expect(initials({ name: null, handle: "mei.tanaka@x.example" })).toBe("M");
    expect(initials({ name: "🦊", handle: "?" })).toBe("?");
    expect(initials({ name: "\"Bo\" (Sales)", handle: "a" })).toBe("BS");
  });
  it("keep their hue", () => {
    expect(hue("Ana@X.example")).toBe(hue(" ana@x.example"));
    expect(hue("a")).not.toBe(hue("b"));
  });
});

describe("plain", () => {
  it("shows nothing of a name that cannot be seen, and the handle in its place", () => {
    for (const name of ["\u202e\u200f", " \u2066 ", "\u200b\u200d", "\u3164", "\u0301"]) {
      expect(plain(name), JSON.stringify(name)).toBe("");
      expect(label({ name, handle: "ana@x.example" })).toBe("ana@x.example");
    }
  });
  it("keeps names of other scripts and of emoji whole", () => {
    for (const name of ["👩‍👩‍👧", "می‌خواهم", "שרה לוי", "田中 美咲", "Tomáš"]) expect(plain(name)).toBe(name);
  });
  it("lets no name turn what stands around it", () => {
    expect(plain("Ana \u202egnp.exe")).toBe("Ana gnp.exe");
  });
});

describe("meetings", () => {
  const berlin = new Format("en-GB", "Europe/Berlin");
  it("says the day of a span once", () => {
    const range = berlin.range("2026-06-05T08:00:00Z", "2026-06-05T09:30:00Z");
    expect(range).toMatch(/Friday,? 5 June 2026/);
    expect(range.match(/June/g)).toHaveLength(1);
    expect(range).toMatch(/10:00.*11:30/);
    expect(berlin.range("2026-06-05T08:00:00Z", null)).toMatch(/10:00/);
    expect(berlin.range("nonsense", null)).toBe("");
  });
  it("tells what other clocks show, and whether they show anything else", () => {
    expect(berlin.range("2026-06-05T08:00:00Z", "2026-06-05T09:30:00Z", "America/New_York")).toMatch(/4:00.*5:30/);
    expect(berlin.elsewhere("2026-06-05T08:00:00Z", "America/New_York")).toBe(true);
    expect(berlin.elsewhere("2026-06-05T08:00:00Z", "Europe/Paris")).toBe(false);
    expect(berlin.elsewhere("2026-06-05T08:00:00Z", "Nowhere/Land")).toBe(false);
  });
  it("says the hours alone of what is today", () => {
    expect(berlin.hours("2026-06-05T08:00:00Z", "2026-06-05T09:30:00Z")).toMatch(/^10:00.*11:30$/);
    expect(berlin.hours("2026-06-05T08:00:00Z", null)).toBe("10:00");
    expect(berlin.hours("nonsense", null)).toBe("");
  });
  it("keeps a whole day the day it is in every zone", () => {
    const honolulu = new Format("en-GB", "Pacific/Honolulu");
    expect(honolulu.days("2026-06-05T00:00:00Z", "2026-06-05T00:00:00Z")).toMatch(/Friday,? 5 June 2026/);
    expect(honolulu.days("2026-06-05T00:00:00Z", "2026-06-06T00:00:00Z")).toMatch(/5.*6 June 2026/);
  });
});
