// What was begun in another program: found in Drafts and in its conversation, gone on with, sent, and gone
// where it lay.

import assert from "node:assert/strict";

import { eventually, openThread, sendButton, threads, windowTest } from "./harness.mjs";

const own = (engine) => engine.rpc("draft.list");
const elsewhere = (engine) => engine.rpc("draft.elsewhere");

windowTest("a draft begun on the phone is opened where it belongs, gone on with and sent", { undo: 0 }, async ({ page, engine }) => {
  const [begun] = await elsewhere(engine);
  const thread = (await threads(engine, { in: "all" })).find((row) => row.id === begun.thread);
  await openThread(page, thread);
  // The conversation is what was sent; what was begun stands below it.
  assert.equal(await page.getByTestId("reader-item").filter({ hasText: "Halterungen sind fertig" }).count(), 0);
  await page.getByTestId("reader-draft").getByText("die Halterungen sind fertig").waitFor();

  await page.getByTestId("nav-drafts").click();
  const row = page.getByTestId("draft-row");
  await row.filter({ hasText: "From another program" }).getByText("Bestellung 24 Gale 2").click();
  const panel = page.getByTestId("composer");
  await panel.getByText("kiel-brackets.csv").waitFor();
  await panel.getByText("Klaus").first().waitFor();
  const body = panel.getByTestId("compose-body");
  const written = async () => ((await body.getAttribute("contenteditable")) === null ? body.inputValue() : body.innerText());
  await eventually("its words", async () => /die Liste hängt an\. Zum Termin/u.test(await written()));
  assert.equal((await own(engine)).length, 0, "opened, and nothing has happened yet");

  await body.focus();
  await page.keyboard.press("Control+End");
  await page.keyboard.type(" melde ich mich am Freitag.");
  const draft = await eventually("it to be ours", async () => (await own(engine)).find((one) => one.text.includes("am Freitag")));
  assert.equal(draft.thread, begun.thread);
  await eventually("it to be listed once", async () => (await elsewhere(engine)).length === 0 && (await row.count()) === 1);
  assert.equal((await engine.rpc("status")).counts.drafts, 1);

  await sendButton(page, "composer").click();
  await eventually("it to be sent", async () => {
    const { items, drafts } = await engine.rpc("thread.get", { id: begun.thread });
    return drafts.length === 0 && items.some((item) => item.from_me && item.text.includes("am Freitag") && item.attachments.length === 1);
  });
  await page.getByText("No drafts").waitFor();
  await eventually("the one on the phone to be gone", async () => (await engine.rpc("search", { query: "in:drafts" })).total === 0);
});

windowTest("a draft begun on the phone is thrown away, and had back", {}, async ({ page, engine }) => {
  await page.getByTestId("nav-drafts").click();
  await page.getByTestId("draft-row").getByTestId("draft-discard").click();
  // A toast stays as long as somebody reaches for it.
  await page.getByTestId("toast").hover();
  await eventually("an empty list", async () => (await elsewhere(engine)).length === 0);
  await page.getByTestId("toast-undo").click();
  await eventually("it to be back", async () => (await elsewhere(engine)).length === 1);
  await page.getByTestId("draft-row").waitFor();
});
