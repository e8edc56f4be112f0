import { describe, expect, it } from "vitest";

import { parseWhen, presets } from "./when";

// A Saturday.
const now = new Date(2026, 10, 21, 10, 15);
const when = (text: string) => {
  const at = parseWhen(text, now);
  return at && `${at.getMonth() + 1}-${at.getDate()} ${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;
};

describe("parseWhen", () => {
  it.each([
    ["fri 9", "11-27 9:00"],
    ["Friday at 14:30", "11-27 14:30"],
    ["next monday", "11-23 8:00"],
    ["sat", "11-28 8:00"],
    ["tomorrow", "11-22 8:00"],
    ["tomorrow 9pm", "11-22 21:00"],
    ["tomorrow morning", "11-22 8:00"],
    ["friday evening", "11-27 18:00"],
    ["tonight", "11-21 18:00"],
    ["in 3 days", "11-24 8:00"],
    ["in 2 hours", "11-21 12:15"],
    ["in a week", "11-28 8:00"],
    ["in 1 month", "12-21 8:00"],
    ["18:00", "11-21 18:00"],
    ["9", "11-22 9:00"],
    ["next week", "11-23 8:00"],
  ])("understands %s", (text, expected) => {
    expect(when(text)).toBe(expected);
  });

  it.each(["", "  ", "whenever", "fri 25", "13pm", "today 9", "in 0 days", "9:75", "fr"])("does not guess at %j", (text) => {
    expect(when(text)).toBeNull();
  });
});

describe("parseWhen in German", () => {
  const german = (text: string) => {
    const at = parseWhen(text, now, "de");
    return at && `${at.getMonth() + 1}-${at.getDate()} ${at.getHours()}:${String(at.getMinutes()).padStart(2, "0")}`;
  };

  it.each([
    ["fr 9", "11-27 9:00"],
    ["Freitag um 14:30 Uhr", "11-27 14:30"],
    ["nächsten montag", "11-23 8:00"],
    ["am Wochenende", "11-28 8:00"],
    ["morgen früh", "11-22 8:00"],
    ["übermorgen 9", "11-23 9:00"],
    ["heute Abend", "11-21 18:00"],
    ["in 3 Tagen", "11-24 8:00"],
    ["in einer Woche", "11-28 8:00"],
    ["in 2 Stunden", "11-21 12:15"],
    ["nächste Woche", "11-23 8:00"],
    ["tomorrow", "11-22 8:00"],
  ])("understands %s", (text, expected) => {
    expect(german(text)).toBe(expected);
  });

  it.each(["", "irgendwann", "constructor", "fr 25", "in 0 tagen"])("does not guess at %j", (text) => {
    expect(german(text)).toBeNull();
  });
});

describe("presets", () => {
  it("are all ahead, whatever the hour and the day", () => {
    for (let hour = 0; hour < 24 * 7; hour += 1) {
      const at = new Date(2026, 10, 21, hour);
      for (const choice of presets(at)) expect(choice.at.getTime()).toBeGreaterThan(at.getTime());
    }
  });
});
