// The door and the first look.

import assert from "node:assert/strict";

import { eventually, rowIds, threads, windowTest } from "./harness.mjs";

windowTest("the first run offers the demo, and the demo fills the list", { demo: false }, async ({ page }) => {
  await page.getByTestId("first-run-connect").waitFor();
  await page.getByTestId("first-run-import").waitFor();
  assert.equal(await page.getByTestId("first-run-demo").evaluate((button) => button === document.activeElement), true);
  await page.keyboard.press("Enter");
  await page.getByTestId("row").first().waitFor();
  await page.getByTestId("banner-demo").waitFor();
});

windowTest("the list shows what the engine has, newest first, with every kind in it", {}, async ({ page, engine }) => {
  const inbox = await threads(engine, { in: "inbox" });
  const kinds = new Set((await threads(engine, { in: "all" })).map((row) => row.kind));
  assert.deepEqual([...kinds].sort(), ["chat", "mail", "note"]);
  const shown = await eventually("the newest rows", async () => {
    const ids = await rowIds(page);
    return ids.length >= 8 && ids[0] === inbox[0].id && ids;
  });
  assert.deepEqual(shown.slice(0, 8), inbox.slice(0, 8).map((row) => row.id));
});

windowTest("removing the demo goes back to the door", {}, async ({ page, engine }) => {
  await page.getByTestId("demo-remove").click();
  const sure = page.getByRole("alertdialog").getByRole("button", { name: /remove/iu });
  await page.getByTestId("first-run-demo").or(sure).first().waitFor();
  if (await sure.isVisible()) await sure.click();
  await page.getByTestId("first-run-demo").waitFor();
  assert.equal((await engine.rpc("status")).accounts.length, 0);
});

windowTest("the dark theme is dark, and stays when the page is opened again", {}, async ({ page, engine }) => {
  const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor.match(/\d+/gu).map(Number));
  const light = await background();
  assert.ok(light.every((part) => part > 200), `light: ${light}`);
  await eventually("the dark theme", async () => {
    await page.getByTestId("theme").click();
    return (await background()).every((part) => part < 60);
  });
  await eventually("the engine to know", async () => (await engine.rpc("config.list")).find((one) => one.key === "appearance.theme").value === "dark");
  await page.reload();
  await page.getByTestId("row").first().waitFor();
  const dark = await background();
  assert.ok(dark.every((part) => part < 60), `dark: ${dark}`);
});

windowTest("the theme of the system is followed", { theme: "dark" }, async ({ page }) => {
  const theme = await page.evaluate(() => document.documentElement.dataset.theme);
  assert.equal(theme, "dark");
});

for (const theme of ["light", "dark"]) {
  windowTest(`nothing sticks out of a window of 900 by 600, ${theme}`, { size: [900, 600], theme }, async ({ page }) => {
    const inside = () =>
      page.evaluate(() => ({ wide: document.documentElement.scrollWidth, high: document.documentElement.scrollHeight }));
    assert.deepEqual(await inside(), { wide: 900, high: 600 });
    await page.getByTestId("row").first().click();
    await page.getByTestId("reader-item").first().waitFor();
    assert.deepEqual(await inside(), { wide: 900, high: 600 });
    await page.keyboard.press("c");
    const panel = await page.getByTestId("composer").boundingBox();
    assert.ok(panel.x >= 0 && panel.y >= 0 && panel.x + panel.width <= 900 && panel.y + panel.height <= 600, JSON.stringify(panel));
    await page.keyboard.press("Escape");
    for (const place of ["outbox", "drafts"]) {
      await page.getByTestId(`nav-${place}`).click();
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      assert.deepEqual(await inside(), { wide: 900, high: 600 });
    }
  });
}
