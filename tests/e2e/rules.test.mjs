// Rules in the settings: made as a form or as text, tried, kept, switched, moved, and what they did.

import assert from "node:assert/strict";

import { eventually, windowTest } from "./harness.mjs";

const rules = async (engine) => (await engine.rpc("rules.list")).map((entry) => entry.rule);

async function openRules(page) {
  await page.keyboard.press("Control+,");
  await page.getByTestId("section-rules").click();
}

windowTest("a rule is made, tried, kept, switched, and its log leads to the conversation", {}, async ({ page, engine }) => {
  await openRules(page);
  await page.getByText("No rules yet").waitFor();
  await page.getByTestId("rule-new").click();
  const editor = page.getByTestId("rule-editor");
  await editor.getByTestId("rule-name").fill("Files of mails");
  for (const [kind, value] of [["attachment", "*.pdf"], ["kind", "mail"]]) {
    await editor.getByTestId("rule-when-add").click();
    const row = editor.getByTestId("rule-when").last();
    await row.locator("select").first().selectOption(kind);
    if (kind === "attachment") await row.locator("input").fill(value);
    else await row.locator("select").last().selectOption(value);
  }
  // Without anything that happens it is refused, in words.
  await editor.getByTestId("rule-save").click();
  await editor.getByRole("alert").getByText("does nothing").waitFor();
  await editor.getByTestId("rule-then-add").click();
  await editor.getByTestId("rule-then").last().locator("select").selectOption("star");

  await editor.getByTestId("rule-try").click();
  await editor.getByText("Nothing was done.").waitFor();
  const tried = await engine.rpc("rules.test", { rule: { name: "x", when: { attachment: ["*.pdf"], kind: ["mail"] }, then: { star: true } }, last: 500 });
  assert.ok(tried.held > 0);
  assert.equal(await editor.getByTestId("rule-hit").count(), tried.items.length);
  assert.deepEqual(await rules(engine), [], "trying keeps nothing");

  // Left empty, any file will do, and what was tried is tried anew.
  const file = editor.getByTestId("rule-when").first().locator("input");
  await file.fill("");
  await editor.getByTestId("rule-try").click();
  const any = await engine.rpc("rules.test", { toml: "name = 'x'\nwhen = { attachment = true, kind = 'mail' }\nthen = { star = true }", last: 500 });
  assert.ok(any.held > tried.held);
  await eventually("every mail with a file", async () => (await editor.getByTestId("rule-hit").count()) === any.items.length);
  await file.fill("*.pdf");

  await editor.getByTestId("rule-save").click();
  await editor.waitFor({ state: "detached" });
  const line = page.getByTestId("rule");
  await line.getByText("Has a file: *.pdf").waitFor();
  const [kept] = await rules(engine);
  assert.deepEqual([kept.when, kept.then, kept.enabled], [{ kind: ["mail"], attachment: ["*.pdf"] }, { star: true }, true]);

  await page.getByTestId("rule-switch").click();
  await eventually("it to be off", async () => !(await rules(engine))[0].enabled);
  await page.getByTestId("rule-switch").click();
  await eventually("it to be on", async () => (await rules(engine))[0].enabled);

  // Done elsewhere, the window hears of it.
  await engine.rpc("rules.run", { id: kept.id, last: 500 });
  await line.getByText(/^Held /u).waitFor();
  await page.getByTestId("rule-why").click();
  const log = page.getByTestId("rule-log");
  await log.getByTestId("rule-log-held").check();
  await log.getByText("It held, by:").first().waitFor();
  await log.getByText("Star — ").first().waitFor();
  await log.getByTestId("rule-log-entry").locator("button").first().click();
  await page.getByTestId("reader-item").first().waitFor();
});

windowTest("a rule as text is the same rule; what is wrong names its line, and what a form has no row for stays", {}, async ({ page, engine }) => {
  await openRules(page);
  await page.getByTestId("rule-new").click();
  const editor = page.getByTestId("rule-editor");
  await editor.getByTestId("rule-name").fill("Invoices");
  await editor.getByTestId("rule-turn").click();
  const text = editor.getByTestId("rule-toml");
  assert.match(await text.inputValue(), /name = "Invoices"/u);
  await text.fill('name = "Invoices"\n[whn]\ntext = "invoice"\n');
  for (const button of ["rule-save", "rule-try", "rule-turn"]) {
    await editor.getByTestId(button).click();
    await editor.getByRole("alert").getByText("Line 2").waitFor();
  }
  assert.deepEqual(await rules(engine), []);
  await text.fill('name = "Invoices"\n[when]\ntext = ["invoice, paid", "bill"]\nscore = "60"\n[then]\nlabel = "Money"\narchive = true\n');
  await editor.getByTestId("rule-turn").click();
  await editor.getByTestId("rule-beyond").getByText("Score").waitFor();
  assert.equal(await editor.getByTestId("rule-when").count(), 2);
  assert.equal(await editor.getByTestId("rule-then").count(), 2);
  await editor.getByTestId("rule-then").last().getByRole("button").click();
  await editor.getByTestId("rule-save").click();
  await editor.waitFor({ state: "detached" });
  const [kept] = await rules(engine);
  assert.deepEqual([kept.when.text, kept.when.score.length, kept.then], [["invoice, paid", "bill"], 1, { label: ["Money"] }]);

  // Changed by its text, it is the same rule.
  await page.getByTestId("rule-edit").click();
  await editor.getByTestId("rule-turn").click();
  await text.fill((await text.inputValue()).replace('"Invoices"', '"Bills"'));
  await editor.getByTestId("rule-save").click();
  await page.getByTestId("rule").getByText("Bills", { exact: true }).waitFor();
  assert.deepEqual((await rules(engine)).map(({ id, name }) => [id, name]), [[kept.id, "Bills"]]);
});

windowTest("rules are moved, removed and put back, and one that comes from outside appears", {}, async ({ page, engine }) => {
  await openRules(page);
  await page.getByText("No rules yet").waitFor();
  for (const name of ["First", "Second"]) await engine.rpc("rules.put", { rule: { name, then: { star: true } } });
  await eventually("both", async () => (await page.getByTestId("rule").count()) === 2);
  await page.getByRole("button", { name: "Move Second up" }).click();
  await eventually("the order", async () => (await rules(engine))[0].name === "Second");
  await page.getByTestId("rule").first().getByText("Second").waitFor();
  await page.getByTestId("rule-remove").first().click();
  await eventually("it to be gone", async () => (await page.getByTestId("rule").count()) === 1);
  await page.keyboard.press("z");
  await eventually("it to be back", async () => (await page.getByTestId("rule").count()) === 2);
  assert.equal((await rules(engine))[0].name, "Second");
});
