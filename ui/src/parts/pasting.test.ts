import { afterEach, beforeEach, expect, it } from "vitest";

import { guard, LINE, LINES, LONG, MARKUP, saidWithin, unreadable, wordsOnly } from "./pasting.svelte";
import { dismiss, toasts } from "./toast.svelte";

const data = (text: string, html = "") => ({ getData: (type: string) => (type === "text/html" ? html : text) }) as unknown as DataTransfer;

/** Pastes into what `selector` finds there; whether the browser may put it in. */
function paste(html: string, selector: string, letters: number): boolean {
  document.body.innerHTML = html;
  const event = new Event("paste", { cancelable: true, bubbles: true }) as ClipboardEvent;
  Object.defineProperty(event, "clipboardData", { value: data("x".repeat(letters)) });
  addEventListener("paste", guard as EventListener, { capture: true, once: true });
  document.querySelector(selector)!.dispatchEvent(event);
  return !event.defaultPrevented;
}

beforeEach(() => {
  for (const one of [...toasts()]) dismiss(one.id);
});
afterEach(() => (document.body.innerHTML = ""));

it.each([
  ["a line", "<input>", "input", LINE],
  ["a text", "<textarea></textarea>", "textarea", LONG],
  ["a formatted text", '<div contenteditable="true"><p>a</p></div>', "p", LONG],
  ["a line that says so", '<input data-pastes="4000">', "input", 4000],
  ["a text whose form says so", '<form data-pastes="20000"><textarea></textarea></form>', "textarea", 20_000],
  ["a line of such a form", '<form data-pastes="20000"><input></form>', "input", LINE],
  ["a line that is cut", '<input maxlength="500">', "input", 500],
])("%s takes what fits it, and refuses more in a sentence", (_, html, selector, most) => {
  expect(paste(html, selector, most)).toBe(true);
  expect(toasts()).toHaveLength(0);
  expect(paste(html, selector, most + 1)).toBe(false);
  expect(toasts().map((one) => one.text)).toEqual([expect.stringContaining(`at most ${most.toLocaleString("en")} can be pasted here`)]);
});

it("leaves alone what sees to it itself, and what is no field", () => {
  expect(paste('<form data-pastes="own"><textarea></textarea></form>', "textarea", LONG + 1)).toBe(true);
  expect(paste("<main></main>", "main", LONG + 1)).toBe(true);
});

it("says it in the dialog one is in, until the next paste", () => {
  const html = "<dialog data-says><input></dialog>";
  expect(paste(html, "input", LINE + 1)).toBe(false);
  const dialog = document.querySelector("dialog")!;
  expect(toasts()).toHaveLength(0);
  expect(saidWithin(dialog)).toContain("10,001");
  expect(saidWithin(undefined)).toBe("");
  expect(paste(html, "input", 1)).toBe(true);
  expect(saidWithin(dialog)).toBe("");
});

it("knows what nobody reads in a message", () => {
  expect(unreadable("x".repeat(LONG))).toBe(false);
  expect(unreadable("x".repeat(LONG + 1))).toBe(true);
  expect(unreadable("\n".repeat(LINES))).toBe(false);
  expect(unreadable("\n".repeat(LINES + 1))).toBe(true);
});

it("reads formatting of a size somebody writes", () => {
  expect(wordsOnly(data("a", "x".repeat(MARKUP)))).toBeNull();
  expect(wordsOnly(data("a", "x".repeat(MARKUP + 1)))).toBe("a");
  expect(wordsOnly(null)).toBeNull();
  expect(wordsOnly(data("a", "<b>".repeat(20_000)))).toBeNull();
  expect(wordsOnly(data("a", "<b>".repeat(20_001)))).toBe("a");
});
