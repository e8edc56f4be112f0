// What a person does who has no mouse: keys alone bring the focus where it is wanted.

import assert from "node:assert/strict";

import { activeRow, eventually, rowIds } from "./harness.mjs";

/** Has the page complain of a mouse: `prepare` of a test. */
export async function alone(context) {
  await context.addInitScript(() => addEventListener("pointerdown", () => console.error("a mouse was pressed"), true));
}

/** What is focused, or what it lies in, has this name. */
export const focused = (page, testid) => page.waitForFunction((id) => document.activeElement?.closest(`[data-testid="${id}"]`) !== null, testid);

/** The list has the keyboard. */
export const inList = (page) => page.waitForFunction(() => document.activeElement?.id === "thread-list");

/** What the window does with its next frame is done: the list may take the keyboard then. */
export const drawn = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => done())));

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

/** Goes to a row by J, from the top, in a list that is as the engine has it. */
export async function goTo(page, engine, id) {
  await page.locator("#thread-list").focus();
  await page.keyboard.press("Home");
  const rows = await eventually("the list as the engine has it", async () => {
    const { threads, total } = await engine.rpc("threads.list", { limit: 200 });
    const size = Number(await page.getByTestId("row").first().getAttribute("aria-setsize"));
    const seen = await rowIds(page);
    return size === total && seen.length > 0 && seen.every((one, i) => one === threads[i]?.id) && threads;
  });
  await page.keyboard.press("Home");
  const at = rows.findIndex((row) => row.id === id);
  for (let step = 0; step < at; step++) await page.keyboard.press("j");
  await eventually("the row", async () => (await activeRow(page)) === id);
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
