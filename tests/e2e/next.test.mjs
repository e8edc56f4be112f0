// Today and Waiting: cards with reasons, worked through by mouse and by keyboard alone.

import assert from "node:assert/strict";

import { eventually, windowTest } from "./harness.mjs";

const list = async (engine, which) => (await engine.rpc("actions.list", { which })).actions;
const words = (text) => text.replaceAll(/\s+/gu, " ").trim();

windowTest("Today shows what is suggested, and a chip leads to the rule and to the sentence", {}, async ({ page, engine }) => {
  const today = await list(engine, "today");
  assert.ok(today.length > 0 && today.length <= 7);
  await page.getByTestId("nav-today").click();
  await eventually("a card for each", async () => (await page.getByTestId("card").count()) === today.length);
  const shown = await page.getByTestId("card-sentence").allTextContents();
  assert.deepEqual(shown.map(words), today.map((one) => words(one.sentence)));

  const at = today.findIndex((one) => one.state === "reply");
  const card = page.getByTestId("card").nth(at);
  assert.equal(await card.getByTestId("chip").count(), today[at].signals.length);
  await card.getByTestId("chip").first().click();
  await card.getByTestId("rule").getByText("+35").waitFor();
  await card.getByTestId("rule-show").click();
  await page.getByTestId("marked").waitFor();
  assert.equal(words(await page.getByTestId("marked").textContent()), words(today[at].sentence));
  // The way back is to Today.
  await page.keyboard.press("u");
  await page.getByTestId("card").first().waitFor();
});

windowTest("a day is worked through without a mouse", {}, async ({ page, engine }) => {
  const today = await list(engine, "today");
  const left = async () => (await list(engine, "today")).map((one) => one.thread.id);
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  const card = (index) => page.locator(`#card-${today[index].thread.id}`);
  await card(0).waitFor();
  await eventually("the first card to have the keyboard", () => card(0).evaluate((it) => it === document.activeElement));
  await page.keyboard.press("j");
  await eventually("the second card to have it", () => card(1).evaluate((it) => it === document.activeElement));
  await page.keyboard.press("k");

  await page.keyboard.press("e");
  await card(0).waitFor({ state: "detached" });
  await eventually("the engine to know", async () => !(await left()).includes(today[0].thread.id));
  await eventually("the next card to have the keyboard", () => card(1).evaluate((it) => it === document.activeElement));
  await page.keyboard.press("z");
  await card(0).waitFor();
  await eventually("the engine to have it back", async () => (await left()).includes(today[0].thread.id));

  const reply = today.findIndex((one) => one.state === "reply" && one.thread.kind !== "note");
  await card(reply).focus();
  await page.keyboard.press("Shift+E");
  await card(reply).waitFor({ state: "detached" });
  await eventually("a lesson", async () => (await engine.rpc("actions.lessons")).length === 1);
  await page.keyboard.press("z");
  await card(reply).waitFor();
  assert.equal((await engine.rpc("actions.lessons")).length, 0, "undoing forgets it");

  await card(reply).focus();
  await page.keyboard.press("h");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.type("tomorrow 9:00");
  await page.keyboard.press("Enter");
  await card(reply).waitFor({ state: "detached" });
  await page.keyboard.press("z");
  await card(reply).waitFor();

  await card(reply).focus();
  await page.keyboard.press("r");
  await eventually("an answer to be begun", () => page.evaluate(() => document.activeElement?.closest("#reader") !== null && document.activeElement?.matches("textarea, [contenteditable]")));
});

windowTest("Waiting nudges with a draft that is not sent", {}, async ({ page, engine }) => {
  const waiting = await list(engine, "waiting");
  assert.ok(waiting.length > 0);
  await page.keyboard.press("g");
  await page.keyboard.press("w");
  await eventually("a card for each", async () => (await page.getByTestId("card").count()) === waiting.length);
  const at = waiting.findIndex((one) => one.thread.kind === "mail");
  const before = (await engine.rpc("outbox.list", { all: true })).length;
  await page.getByTestId("card").nth(at).getByTestId("card-main").click();
  const body = page.getByTestId("composer").getByTestId("compose-body");
  const written = async () => words(await body.evaluate((it) => it.value ?? it.textContent));
  await eventually("the draft to quote what was asked", async () => (await written()).includes(words(waiting[at].sentence)));
  assert.equal((await engine.rpc("outbox.list", { all: true })).length, before, "nothing is sent by itself");
});

windowTest("what was learnt and what rules weigh are in the settings, and can be taken back", {}, async ({ page, engine }) => {
  const [first] = await list(engine, "today");
  await page.getByTestId("nav-today").click();
  await page.getByTestId("card").first().getByTestId("card-dismiss").click();
  await eventually("a lesson", async () => (await engine.rpc("actions.lessons")).length === 1);
  await page.keyboard.press("Control+,");
  await page.getByTestId("section-actions").click();
  await page.getByTestId("lesson").waitFor();
  await page.getByTestId("lesson-forget").click();
  await eventually("it to be forgotten", async () => (await engine.rpc("actions.lessons")).length === 0);

  const asked = page.getByTestId("weight-asked");
  await asked.fill("0");
  await asked.press("Tab");
  await eventually("the weight to be kept", async () => (await engine.rpc("actions.rules")).find((rule) => rule.name === "asked").points === 0);
  const scored = (await list(engine, "all")).find((one) => one.thread.id !== first.thread.id && one.state === "reply");
  assert.ok(scored === undefined || scored.signals.every((signal) => signal.name !== "asked"));
  await page.getByTestId("weights-reset").click();
  await eventually("the weights to be as they were", async () => (await engine.rpc("actions.rules")).every((rule) => rule.points === rule.default));
});

windowTest("a conversation that asks says so in the list, and without any there is a way on", { settings: { "actions.days": "400" } }, async ({ page, engine }) => {
  const asks = (await engine.rpc("threads.list", { in: "inbox", limit: 30 })).threads.find((row) => row.next?.state === "reply");
  await page.locator(`[data-thread="${asks.id}"]`).getByTestId("reason").getByText("asked you").waitFor();
  for (const one of await list(engine, "soon")) await engine.rpc("act", { verb: "settle", threads: [one.thread.id] });
  await page.getByTestId("nav-today").click();
  await page.getByText("Nothing waits for you").waitFor();
});
