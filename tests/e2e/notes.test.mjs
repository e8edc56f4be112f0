// Notes: to-dos as boxes, words added to a page, a page begun.

import assert from "node:assert/strict";

import { eventually, openThread, replyBox, sendButton, threads, windowTest } from "./harness.mjs";

windowTest("a line is added to a page and shows as an open to-do", { undo: 0 }, async ({ page, engine }) => {
  const row = (await threads(engine, { in: "notes" })).find((one) => one.title.trim() !== "");
  await openThread(page, row);
  await replyBox(page).fill("- [ ] water the lemon tree");
  await sendButton(page).click();
  await eventually("the page to hold it", async () => {
    const { items } = await engine.rpc("thread.get", { id: row.id });
    return items.length === 1 && items[0].text.includes("lemon tree");
  });
  const line = page.frameLocator("[data-testid=reader-item] iframe").locator("[data-tag=to-do]").filter({ hasText: "lemon tree" });
  await line.waitFor();
  assert.equal(await line.evaluate((element) => getComputedStyle(element, "::before").content), '"☐"');
});

windowTest("a new page is written by keyboard, in the section chosen", { undo: 0 }, async ({ page, engine }) => {
  await page.keyboard.press("n");
  await page.getByTestId("page-title").waitFor();
  const section = page.getByTestId("page-section");
  await eventually("the sections", async () => (await section.locator("option").count()) > 1);
  const name = await section.locator("option").nth(1).innerText();
  await section.selectOption({ index: 1 });
  await page.getByTestId("page-title").fill("Packing list");
  await page.getByTestId("page-text").fill("- [ ] passport");
  await page.keyboard.press("Control+Enter");
  await page.getByTestId("new-page").waitFor({ state: "detached" });
  await page.getByRole("heading", { name: "Packing list", exact: true }).waitFor();
  await page.getByTestId("reader").getByText(name).first().waitFor();
  const row = await eventually("one page of that name", async () => {
    const rows = (await threads(engine, { in: "notes" })).filter((one) => one.title === "Packing list");
    return rows.length === 1 && rows[0];
  });
  await eventually("the platform's page", async () => {
    const { items } = await engine.rpc("thread.get", { id: row.id });
    return items.length === 1 && items[0].has_html;
  });
});

windowTest("a to-do is ticked with the mouse and opened again by keyboard, and an undo takes it back", { undo: 0 }, async ({ page, engine }) => {
  let row, todo;
  for (const one of await threads(engine, { in: "notes" })) {
    const { items } = await engine.rpc("thread.get", { id: one.id });
    todo = items[0].page.todos.find((candidate) => !candidate.done);
    if (todo) {
      row = one;
      break;
    }
  }
  assert.ok(row, "a page with an open to-do");
  const done = async () => {
    const { items } = await engine.rpc("thread.get", { id: row.id });
    return items[0].page.todos.find((one) => one.id === todo.id)?.done;
  };
  await openThread(page, row);
  const box = page.getByTestId("reader").getByRole("checkbox", { name: todo.text, exact: true }).first();
  assert.equal(await box.isChecked(), false);
  await box.click();
  assert.equal(await box.isChecked(), true, "at once");
  await eventually("the tick to be kept", done);
  const drawn = page.frameLocator("[data-testid=reader-item] iframe").locator("[data-tag=done]").filter({ hasText: todo.text });
  await drawn.first().waitFor();

  await page.keyboard.press("z");
  await eventually("the tick to be taken back", async () => !(await done()));
  await eventually("the box to be empty", async () => !(await box.isChecked()));
  await box.focus();
  await page.keyboard.press("Space");
  await eventually("the tick by keyboard", done);
  await eventually("the box to be ticked", () => box.isChecked());
});

windowTest("a page of notes is a draft from its first word: Esc, a reload and an undo keep it", { undo: 30 }, async ({ page, engine }) => {
  const drafts = async () => (await engine.rpc("draft.list")).filter((draft) => draft.section !== null);
  const title = page.getByTestId("page-title");
  await page.keyboard.press("n");
  await eventually("the sections", async () => (await page.getByTestId("page-section").locator("option").count()) > 1);
  await page.getByTestId("page-section").selectOption({ index: 1 });
  const section = await page.getByTestId("page-section").inputValue();
  await title.fill("Packing list");
  await page.getByTestId("page-text").pressSequentially("- [ ] passport");
  await page.keyboard.press("Escape");
  await page.getByTestId("new-page").waitFor({ state: "detached" });
  await eventually("the draft", async () => (await drafts())[0]?.text === "- [ ] passport");

  await page.reload();
  await page.getByTestId("row").first().waitFor();
  await page.getByTestId("nav-drafts").click();
  await page.getByTestId("draft-row").getByText("Packing list").first().click();
  const whole = async () =>
    (await title.inputValue()) === "Packing list" &&
    (await page.getByTestId("page-text").inputValue()) === "- [ ] passport" &&
    (await page.getByTestId("page-section").inputValue()) === section;
  await title.waitFor();
  await eventually("all of it", whole);

  await title.focus();
  await page.keyboard.press("Control+Enter");
  await page.getByTestId("new-page").waitFor({ state: "detached" });
  await page.getByTestId("toast-undo").last().waitFor();
  await page.locator("#thread-list").focus();
  await page.keyboard.press("z");
  await title.waitFor();
  await eventually("all of it after second thoughts", whole);
  await eventually("one draft", async () => (await drafts()).length === 1);
  await page.getByTestId("page-discard").click();
  await eventually("none", async () => (await drafts()).length === 0);
});
