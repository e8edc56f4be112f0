// What a person does who has no mouse: keys alone bring the focus where it is wanted.

import assert from "node:assert/strict";

import { activeRow, eventually } from "./harness.mjs";

/** Has the page complain of a mouse: `prepare` of a test. */
export async function alone(context) {
  await context.addInitScript(() => addEventListener("pointerdown", () => console.error("a mouse was pressed"), true));
}

/** What is focused, or what it lies in, has this name. */
export const focused = (page, testid) => page.waitForFunction((id) => document.activeElement?.closest(`[data-testid="${id}"]`) !== null, testid);

/** The list has the keyboard. */
export const inList = (page) => page.waitForFunction(() => document.activeElement?.id === "thread-list");

/** Presses keys one after the other. */
export async function press(page, ...keys) {
  for (const key of keys) await page.keyboard.press(key);
}

/** Goes there by Tab, as often as it takes; by `Shift+Tab` where it lies before. */
export async function tabTo(page, testid, key = "Tab") {
  await page.getByTestId(testid).first().waitFor();
  for (let step = 0; step < 100; step++) {
    if (await page.evaluate((id) => document.activeElement?.closest(`[data-testid="${id}"]`) !== null, testid)) return;
    await page.keyboard.press(key);
  }
  assert.fail(`${key} does not reach ${testid}`);
}

/** Goes down the list to a row by J. */
export async function downTo(page, id) {
  await inList(page);
  await page.keyboard.press("Home");
  for (let step = 0; step < 200; step++) {
    const at = await eventually("a row", () => activeRow(page));
    if (at === id) return;
    await page.keyboard.press("j");
    await eventually("the next row", async () => (await activeRow(page)) !== at);
  }
  assert.fail("J does not reach the row");
}
