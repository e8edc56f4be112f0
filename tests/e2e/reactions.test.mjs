// Reactions in chats: given and taken back by key and by pointer, one at a time where the platform keeps one.

import assert from "node:assert/strict";

import { eventually, openThread, threads, windowTest } from "./harness.mjs";

/** A chat of a platform with a message of somebody else's, and that message. */
async function chatOf(engine, platform) {
  for (const row of await threads(engine, { in: "all", kind: "chat" })) {
    if (row.source_type !== platform) continue;
    const { items } = await engine.rpc("thread.get", { id: row.id });
    const item = items.findLast((one) => !one.from_me && !one.retracted);
    if (item) return { row, item };
  }
  throw new Error(`the demo world has no chat of ${platform}`);
}

async function mine(engine, id) {
  const { reactions } = await engine.rpc("item.get", { id });
  return reactions.filter((one) => one.mine).map((one) => one.emoji);
}

windowTest("a reaction is given by key alone, and taken back", {}, async ({ page, engine }) => {
  const { row, item } = await chatOf(engine, "slack");
  await openThread(page, row);
  const message = page.locator(`[data-testid=reader-item][data-item="${item.id}"]`);
  await message.getByTestId("react").focus();
  await page.keyboard.press("Enter");
  const choices = message.getByRole("toolbar", { name: "Choose a reaction" });
  await choices.waitFor();
  const comes = (name) => eventually(`the keyboard to be at ${name}`, () => page.evaluate((name) => document.activeElement?.getAttribute("aria-label") === name, name));
  await comes("React with 👍");
  await page.keyboard.press("Escape");
  await choices.waitFor({ state: "detached" });
  // The focus is where it was.
  await comes("React");
  await page.keyboard.press("Enter");
  await comes("React with 👍");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await comes("React with 🎉");
  await page.keyboard.press("Enter");

  const chip = message.getByTestId("reaction").filter({ hasText: "🎉" });
  await chip.and(page.locator("[aria-pressed=true]")).waitFor();
  assert.match(await chip.getAttribute("aria-label"), /^🎉 by You/u);
  await eventually("the engine to know", async () => (await mine(engine, item.id)).includes("🎉"));
  await chip.focus();
  await page.keyboard.press("Space");
  await eventually("it to be taken back", async () => !(await mine(engine, item.id)).includes("🎉"));
  await eventually("it to be gone", async () => (await chip.count()) === 0 || (await chip.getAttribute("aria-pressed")) === "false");
});

windowTest("where a platform keeps one reaction, another takes its place", {}, async ({ page, engine }) => {
  const { row, item } = await chatOf(engine, "whatsapp");
  await openThread(page, row);
  const message = page.locator(`[data-testid=reader-item][data-item="${item.id}"]`);
  for (const emoji of ["👍", "🙏"]) {
    await message.hover();
    await message.getByTestId("react").click();
    await message.getByRole("button", { name: `React with ${emoji}` }).click();
    await message.getByTestId("reaction").filter({ hasText: emoji }).waitFor();
  }
  await eventually("one of mine", async () => JSON.stringify(await mine(engine, item.id)) === JSON.stringify(["🙏"]));
  await eventually("one of mine to be shown", async () => (await message.locator('[data-testid=reaction][aria-pressed="true"]').count()) === 1);
});
