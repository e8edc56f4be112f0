// What one does with the keyboard alone: a day's work without a click, the way back in the order things were
// done, and keys that work wherever one writes.

import assert from "node:assert/strict";
import { writeFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { activeRow, eventually, rowIds, threads, windowTest } from "./harness.mjs";
import { drawn, focused, goTo, inList, tabTo } from "./keys.mjs";

const sending = async (engine) => (await engine.rpc("outbox.list")).filter((op) => op.kind === "send");

/** A mail that several people got, and that can be answered. */
async function letter(engine) {
  const { accounts } = await engine.rpc("status");
  const able = accounts.flatMap((account) => account.sources).filter((source) => source.capabilities.send && source.state !== "auth_needed");
  const ids = new Set(able.map((source) => source.id));
  const row = (await threads(engine)).find((one) => one.kind === "mail" && ids.has(one.source) && !one.last_from_me);
  assert.ok(row, "a mail one can answer");
  return row;
}

windowTest("A answers all, F forwards, # deletes, and Z brings back", {}, async ({ page, engine }) => {
  const row = await letter(engine);
  await goTo(page, engine, row.id);
  await page.keyboard.press("a");
  await focused(page, "reply-box");
  await page.keyboard.press("Escape");
  await inList(page);

  await page.keyboard.press("f");
  const heading = page.getByTestId("composer").getByTestId("compose-heading");
  await heading.getByText(/^Forward/u).waitFor();
  await page.keyboard.press("Escape");
  await page.getByTestId("composer").waitFor({ state: "detached" });

  await goTo(page, engine, row.id);
  await page.keyboard.press("#");
  await eventually("the row to leave", async () => !(await rowIds(page)).includes(row.id));
  await eventually("the engine to agree", async () => (await engine.rpc("thread.get", { id: row.id })).thread.place === "trash");
  await page.keyboard.press("z");
  await eventually("the row to come back", async () => (await rowIds(page)).includes(row.id));
  await eventually("the engine to agree again", async () => (await engine.rpc("thread.get", { id: row.id })).thread.place === "inbox");
});

windowTest("Z goes back in the order things were done, also over what no toast spoke of", {}, async ({ page, engine }) => {
  const [first, second] = await threads(engine);
  const place = async () => (await engine.rpc("thread.get", { id: first.id })).thread.place;
  const starred = async () => (await engine.rpc("thread.get", { id: second.id })).thread.starred;
  const before = await starred();
  await goTo(page, engine, first.id);
  await page.keyboard.press("e");
  await eventually("the archive", async () => (await place()) === "archive");
  await eventually("the next row", async () => (await activeRow(page)) === second.id);
  await page.keyboard.press("s");
  await eventually("the star", async () => (await starred()) !== before);
  await page.keyboard.press("z");
  await eventually("the star to be taken back", async () => (await starred()) === before);
  assert.equal(await place(), "archive", "and nothing else");
  await page.keyboard.press("z");
  await eventually("the archive to be taken back", async () => (await place()) === "inbox");
});

windowTest("Shift+J and Shift+K choose rows, and Esc lets them go", {}, async ({ page, engine }) => {
  const [first, second, third] = (await threads(engine)).map((row) => row.id);
  await goTo(page, engine, first);
  const chosen = () => page.locator('[data-testid=row][aria-selected="true"]').evaluateAll((rows) => rows.map((row) => row.dataset.thread).sort());
  await page.keyboard.press("Shift+J");
  await page.keyboard.press("Shift+J");
  await eventually("three rows", async () => (await chosen()).join() === [first, second, third].sort().join());
  await page.keyboard.press("Shift+K");
  await eventually("the row before", async () => (await activeRow(page)) === second);
  await page.keyboard.press("Escape");
  await eventually("none", async () => (await chosen()).length <= 1);
});

windowTest("G goes to drafts, to what was sent and to notes; Tab changes tabs only where there are some", {}, async ({ page }) => {
  await page.locator("#thread-list").focus();
  const go = async (letter, heading) => {
    await page.keyboard.press("g");
    await page.keyboard.press(letter);
    await page.getByRole("heading", { level: 1, name: heading, exact: true }).waitFor();
  };
  await go("d", "Drafts");
  await go("s", "Sent");
  await page.locator("#thread-list").focus();
  await page.keyboard.press("Tab");
  await page.locator('[data-testid="split-people"][aria-pressed="true"]').waitFor();
  await page.keyboard.press("Shift+Tab");
  await page.locator('[data-testid="split-all"][aria-pressed="true"]').waitFor();
  await go("n", "Notes");
  assert.equal(await page.getByTestId("split-all").count(), 0);
  // Going there gives the list the keyboard with the next frame, which would take it back from where Tab has gone.
  await drawn(page);
  await page.locator("#thread-list").focus();
  await page.keyboard.press("Tab");
  // The key goes where Tab goes, and nothing is filtered by a tab nobody sees.
  await page.waitForFunction(() => document.activeElement?.id !== "thread-list");
  await page.locator("#thread-list").focus();
  await go("i", "Inbox");
  await page.locator('[data-testid="split-all"][aria-pressed="true"]').waitFor();
});

windowTest("a day without a click: an answer, a mail with a file, second thoughts, and one for later", { undo: 30 }, async ({ page, engine }) => {
  const dir = await mkdtemp(join(tmpdir(), "inlet-e2e-files-"));
  try {
    await writeFile(join(dir, "plan.txt"), "Monday: everything.\n");
    // What a person chooses in the system's dialog.
    page.on("filechooser", (chooser) => void chooser.setFiles(join(dir, "plan.txt")));
    const row = await letter(engine);
    await goTo(page, engine, row.id);
    await page.keyboard.press("Enter");
    await page.getByTestId("reader-item").first().waitFor();
    await page.keyboard.press("r");
    await focused(page, "reply-box");
    await page.keyboard.type("That suits me.");
    await page.keyboard.press("Control+Enter");
    await eventually("the answer in the outbox", async () => (await sending(engine)).length === 1);

    // Second thoughts.
    await inList(page);
    await page.keyboard.press("z");
    await eventually("the answer to be back", async () => (await sending(engine)).length === 0);
    await focused(page, "reply-box");
    await eventually("its words", () => page.evaluate(() => (document.activeElement?.value ?? document.activeElement?.innerText ?? "").includes("That suits me.")));
    await page.keyboard.press("Escape");
    await inList(page);

    // A mail with a file.
    await page.keyboard.press("c");
    await focused(page, "compose-to");
    await page.keyboard.type(`${row.people[0].handle},`);
    const panel = page.getByTestId("composer");
    await tabTo(page, "compose-subject");
    await page.keyboard.type("The plan");
    // Nothing can be written while the plain box gives way to the one with formatting.
    await panel.locator("[data-testid=compose-body][contenteditable=true]").waitFor();
    await tabTo(page, "compose-body");
    await page.keyboard.type("The plan is attached.");
    await tabTo(page, "compose-attach");
    await page.keyboard.press("Enter");
    await panel.getByTestId("compose-file-row").getByText("plan.txt").waitFor();

    // Later, by typing when.
    await tabTo(page, "compose-later");
    await page.keyboard.press("Enter");
    await tabTo(page, "compose-later-when");
    await page.keyboard.type("in 3 days");
    await panel.getByTestId("compose-later-go").waitFor();
    await page.keyboard.press("Enter");
    await panel.waitFor({ state: "detached" });
    const [op] = await eventually("one message for later", async () => {
      const ops = await sending(engine);
      return ops.length === 1 && ops;
    });
    assert.ok(Date.parse(op.not_before) > Date.now() + 2 * 86_400_000);
    const { items } = await engine.rpc("thread.get", { id: op.thread });
    assert.equal(items.at(-1).attachments[0].name, "plan.txt");
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});

windowTest("Ctrl+K opens the palette from a formatted mail, and a key of formatting formats", {}, async ({ page }) => {
  await page.locator("#thread-list").focus();
  await page.keyboard.press("c");
  const body = page.locator("[data-testid=compose-body][contenteditable=true]");
  await body.waitFor();
  await body.focus();
  await page.keyboard.press("Control+b");
  await page.keyboard.type("Bold");
  await body.locator("strong").getByText("Bold").waitFor();
  await page.keyboard.press("Control+k");
  await page.getByTestId("palette-input").waitFor();
  await page.keyboard.press("Escape");
  await page.getByTestId("palette").waitFor({ state: "detached" });
  await body.focus();
  await page.keyboard.press("Control+,");
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
});

windowTest("the rail becomes icons by key and by button, and stays so", {}, async ({ page }) => {
  const width = () => page.locator("nav.rail").evaluate((rail) => rail.getBoundingClientRect().width);
  await page.locator("#thread-list").focus();
  await page.keyboard.press("b");
  await eventually("icons alone", async () => (await width()) < 60);
  await page.reload();
  await page.getByTestId("row").first().waitFor();
  await eventually("icons alone after a reload", async () => (await width()) < 60);
  assert.equal(await page.getByTestId("nav-inbox").getByText("Inbox").isVisible(), false);
  await page.getByTestId("rail-width").focus();
  await page.keyboard.press("Enter");
  await eventually("words", async () => (await width()) > 150);
});

windowTest("the foot of the window names every source with when it was last heard, by keyboard too", {}, async ({ page, engine }) => {
  const { accounts } = await engine.rpc("status");
  const names = accounts.flatMap((account) => account.sources).filter((source) => !source.capabilities.send_only).length;
  await page.getByTestId("last-heard").focus();
  const tip = page.getByRole("tooltip");
  await eventually("each of them", async () => (await tip.getByRole("listitem").count()) === names || (await page.locator(".heard li").count()) === names);
});
