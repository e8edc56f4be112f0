// Going through the inbox by keyboard.

import assert from "node:assert/strict";

import { activeRow, eventually, rowIds, threads, windowTest } from "./harness.mjs";

windowTest("J and K move, E archives, Z brings back", {}, async ({ page, engine }) => {
  const [first, second, third] = (await threads(engine)).map((row) => row.id);
  const list = page.locator("#thread-list");
  await list.focus();
  await page.keyboard.press("Home");
  await eventually("the first row", async () => (await activeRow(page)) === first);
  await page.keyboard.press("j");
  await eventually("the second row", async () => (await activeRow(page)) === second);
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await eventually("the second row again", async () => (await activeRow(page)) === second);

  await page.keyboard.press("e");
  await eventually("the row to leave", async () => !(await rowIds(page)).includes(second));
  // The focus goes to the row that takes the place.
  await eventually("the focus there", async () => (await activeRow(page)) === third);
  await page.getByTestId("toast").filter({ hasText: /archived/iu }).waitFor();
  await eventually("the engine to know", async () => (await engine.rpc("thread.get", { id: second })).thread.place === "archive");

  await page.keyboard.press("z");
  await eventually("the row to come back", async () => (await rowIds(page)).slice(0, 3).includes(second));
  await eventually("the engine to agree", async () => (await engine.rpc("thread.get", { id: second })).thread.place === "inbox");
});

windowTest("the toast takes an archive back, and the row does not bounce", {}, async ({ page, engine }) => {
  const [first] = await threads(engine);
  await page.locator("#thread-list").focus();
  await page.keyboard.press("Home");
  await page.keyboard.press("e");
  await eventually("the row to leave", async () => !(await rowIds(page)).includes(first.id));
  // A toast stays as long as somebody reaches for it.
  await page.getByTestId("toast").filter({ hasText: /archived/iu }).hover();
  await eventually("the engine to know", async () => (await engine.rpc("thread.get", { id: first.id })).thread.place === "archive");
  // A sync in between must not bring it back.
  await engine.rpc("sync.now");
  await eventually("the operation to be done", async () => (await engine.rpc("outbox.list")).length === 0);
  assert.ok(!(await rowIds(page)).includes(first.id));
  await page.getByTestId("toast-undo").last().click();
  await eventually("the row to come back", async () => (await rowIds(page))[0] === first.id);
});

windowTest("S stars, Shift+U marks unread, and both are kept", {}, async ({ page, engine }) => {
  const row = (await threads(engine)).find((one) => one.kind === "mail" && !one.starred);
  const at = (await threads(engine)).findIndex((one) => one.id === row.id);
  await page.locator("#thread-list").focus();
  await page.keyboard.press("Home");
  for (let step = 0; step < at; step++) await page.keyboard.press("j");
  await eventually("the mail", async () => (await activeRow(page)) === row.id);
  await page.keyboard.press("s");
  await eventually("the star", async () => (await engine.rpc("thread.get", { id: row.id })).thread.starred);
  const unread = (await engine.rpc("thread.get", { id: row.id })).thread.unread > 0;
  await page.keyboard.press("Shift+U");
  await eventually("the mark to change", async () => (await engine.rpc("thread.get", { id: row.id })).thread.unread > 0 !== unread);
});

windowTest("G O and G I go to the outbox and back", {}, async ({ page }) => {
  await page.locator("#thread-list").focus();
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await page.getByRole("heading", { level: 1, name: "Outbox" }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await page.getByTestId("row").first().waitFor();
});
