// Chats exported from WhatsApp, brought in from the window: read as conversations, with what had to be decided
// said, and with nothing twice when the same chat comes again.

import assert from "node:assert/strict";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { eventually, threads, windowTest } from "./harness.mjs";

const talk = [
  "03/02/24, 10:00 - Ana: Coming?",
  "03/02/24, 10:01 - Ben: Yes",
  "at ten",
  "03/02/24, 10:02 - Ana: IMG-20240203-WA0001.jpg (file attached)",
];

windowTest("a chat exported from WhatsApp is brought in from the window", { demo: false }, async ({ page, engine, name }) => {
  const folder = await mkdtemp(join(tmpdir(), "inlet-e2e-chat-"));
  const path = join(folder, "WhatsApp Chat with Ana.txt");
  await writeFile(path, `${talk.join("\n")}\n`);
  await writeFile(join(folder, "IMG-20240203-WA0001.jpg"), "not a picture");
  const bring = async (file) => {
    await page.getByTestId("import-paths").fill(file);
    await page.getByTestId("import-start").click();
  };
  await page.getByTestId("first-run-import").click();
  await page.getByTestId("import").waitFor();
  await bring(path);
  const said = page.getByTestId("wizard-check");
  await said.filter({ hasText: "3 messages of 2 people, 1 files" }).waitFor();
  await said.filter({ hasText: "You are Ben, the only one beside Ana." }).waitFor();
  await said.filter({ hasText: "the day was taken" }).waitFor();

  // The person settles the doubt: what was read otherwise goes.
  await page.getByTestId("import-chats").click();
  await page.getByTestId("import-dates").selectOption("mdy");
  await page.getByTestId("import-start").click();
  await eventually("the doubt to be gone", async () => (await said.filter({ hasText: "was taken" }).count()) === 0);
  const row = await eventually("the chat", async () => {
    const [first] = await threads(engine, { in: "all", kind: "chat" });
    if (!first) return null;
    const { items } = await engine.rpc("thread.get", { id: first.id });
    return items.length === 4 && items.every((item) => item.at.startsWith("2024-03-0")) && first;
  });

  // The same chat, longer, under another name: only what is new is added.
  const longer = join(folder, "WhatsApp Chat with Ana (1).txt");
  await writeFile(longer, `${[...talk, "03/02/24, 10:03 - Ana: New"].join("\n")}\n`);
  await bring(longer);
  await eventually("the new message", async () => (await engine.rpc("thread.get", { id: row.id })).items.length === 5);
  assert.equal((await threads(engine, { in: "all" })).length, 1, "it is one conversation");

  await page.getByTestId("import").getByRole("button", { name: "Show it" }).click();
  await page.locator(`[data-testid=row][data-thread="${row.id}"]`).click();
  const messages = page.getByTestId("reader-item");
  await messages.filter({ hasText: "New" }).waitFor();
  const mine = messages.filter({ hasText: "at ten" });
  assert.ok(await mine.evaluate((item) => item.classList.contains("mine")), "mine are told apart");
  await messages.filter({ hasText: "IMG-20240203-WA0001.jpg" }).getByTestId("attachment").waitFor();
  assert.equal(await page.getByTestId("inline-reply").count(), 0, `${name}: an imported chat cannot be answered`);
});
