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
  await eventually("what it would do", async () => (await editor.getByTestId("rule-hit").count()) === tried.items.length);
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

windowTest("a rule as text is the same rule; what is wrong names its line, and a form has a row for each condition", {}, async ({ page, engine }) => {
  await openRules(page);
  await page.getByTestId("rule-new").click();
  const editor = page.getByTestId("rule-editor");
  await editor.getByTestId("rule-name").fill("Invoices");
  await editor.getByTestId("rule-turn").click();
  const text = editor.getByTestId("rule-toml");
  await eventually("the rule as text", async () => /name = "Invoices"/u.test(await text.inputValue()));
  await text.fill('name = "Invoices"\n[whn]\ntext = "invoice"\n');
  for (const button of ["rule-save", "rule-try", "rule-turn"]) {
    await editor.getByTestId(button).click();
    await editor.getByRole("alert").getByText("Line 2").waitFor();
  }
  assert.deepEqual(await rules(engine), []);
  await text.fill('name = "Invoices"\n[when]\ntext = ["invoice, paid", "bill"]\nscore = "60"\n[then]\nlabel = "Money"\narchive = true\n');
  await editor.getByTestId("rule-turn").click();
  await eventually("both words, the score and both effects", async () => (await editor.getByTestId("rule-when").count()) === 3 && (await editor.getByTestId("rule-then").count()) === 2);
  for (const [kind, value] of [["language", "de"], ["mentioned", "true"], ["state", "reply"], ["urgency", "today"], ["confidence", "0.5"], ["meta", "important = true"], ["meta", "header:X-Team = a=b"]]) {
    await editor.getByTestId("rule-when-add").click();
    const row = editor.getByTestId("rule-when").last();
    await row.locator("select").first().selectOption(kind);
    if (["confidence", "meta"].includes(kind)) await row.locator("input").fill(value);
    else await row.locator("select").last().selectOption(value);
  }
  await editor.getByTestId("rule-then").last().getByRole("button").click();
  await editor.getByTestId("rule-limit-on").check();
  await editor.getByTestId("rule-limit-most").fill("3");
  await editor.getByTestId("rule-limit-per").selectOption("person");
  await editor.getByTestId("rule-save").click();
  await editor.waitFor({ state: "detached" });
  const [kept] = await rules(engine);
  assert.deepEqual([kept.when, kept.then], [
    {
      text: ["invoice, paid", "bill"],
      language: ["de"],
      mentioned: [true],
      state: ["reply"],
      urgency: ["today"],
      score: ["60.."],
      confidence: ["0.5.."],
      meta: { important: ["*"], "header:X-Team": ["a=b"] },
    },
    { label: ["Money"] },
  ]);
  assert.deepEqual(kept.limit, { most: 3, minutes: 60, per: "person" });
  await page.getByTestId("rule").getByText("Written in: German").waitFor();

  // Changed by its text, it is the same rule.
  await page.getByTestId("rule-edit").click();
  await editor.getByTestId("rule-turn").click();
  await eventually("the rule as text", async () => (await text.inputValue()).includes('"Invoices"'));
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
  await page.getByTestId("toast").filter({ hasText: "Second" }).waitFor();
  await page.keyboard.press("z");
  await eventually("it to be back", async () => (await page.getByTestId("rule").count()) === 2);
  assert.equal((await rules(engine))[0].name, "Second");
});

windowTest("rules are written, tried, ordered and taken away without a mouse, and the keyboard is never lost", {}, async ({ page, engine }) => {
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.dataset.testid ?? document.activeElement?.tagName);
  /** Presses a control as one without a mouse does. */
  const press = async (control) => {
    await control.focus();
    await page.keyboard.press("Enter");
  };
  await page.keyboard.press("Control+,");
  await press(page.getByTestId("section-rules"));
  /** The keyboard comes to something of that name. */
  const comes = (name) => eventually(`the keyboard to be at ${name}`, async () => (await focused()) === name);
  await press(page.getByTestId("rule-new"));
  await comes("rule-name");
  await page.keyboard.type("Receipts");
  const add = page.getByTestId("rule-when-add");
  for (const [index, word] of ["receipt", "invoice", "bill"].entries()) {
    await press(add);
    await comes(`What row ${index + 1} is`);
    await page.getByTestId("rule-when").last().locator("select").selectOption("subject");
    await page.keyboard.press("Tab");
    await page.keyboard.type(word);
  }
  const values = () => page.getByTestId("rule-when").locator("input").evaluateAll((all) => all.map((one) => one.value));
  const within = () => page.evaluate(() => [...document.querySelectorAll("[data-testid=rule-when]")].findIndex((row) => row.contains(document.activeElement)));
  await press(page.getByTestId("rule-when").nth(1).getByRole("button"));
  await eventually("the second to be gone", async () => (await values()).join() === "receipt,bill");
  await eventually("what took its place to have the keyboard", async () => (await within()) === 1);
  await page.keyboard.press("Enter");
  await eventually("the third to be gone", async () => (await values()).join() === "receipt");
  await eventually("the first to have the keyboard", async () => (await within()) === 0);
  await page.keyboard.press("Enter");
  await eventually("none", async () => (await values()).length === 0);
  await comes("rule-when-add");
  await press(page.getByTestId("rule-then-add"));
  await page.getByTestId("rule-then").locator("select").first().selectOption("star");
  await press(page.getByTestId("rule-try"));
  await page.getByTestId("rule-hit").first().waitFor();
  await press(page.getByTestId("rule-save"));
  await page.getByTestId("rule-editor").waitFor({ state: "detached" });

  await engine.rpc("rules.put", { rule: { name: "Second", then: { star: true } } });
  await eventually("both", async () => (await page.getByTestId("rule").count()) === 2);
  const [first, second] = (await rules(engine)).map((rule) => rule.name);
  await press(page.getByRole("button", { name: `Move ${second} up` }));
  await eventually("the order", async () => (await rules(engine))[0].name === second);
  await comes(`Move ${second} down`);
  await press(page.getByTestId("rule-remove").first());
  await eventually("it to be gone", async () => (await page.getByTestId("rule").count()) === 1);
  await comes(`Remove ${first}`);
  await page.keyboard.press("Enter");
  await page.getByText("No rules yet").waitFor();
  await eventually("something near to have it", async () => (await page.evaluate(() => document.activeElement !== document.body && document.activeElement?.closest("main") !== null)));
});

windowTest("a rule is run over what came before it, after it was shown what that does, and taken back as one", {}, async ({ page, engine }) => {
  await openRules(page);
  await page.getByText("No rules yet").waitFor();
  const { id } = await engine.rpc("rules.put", { rule: { name: "Star files", when: { attachment: ["*.pdf"], kind: ["mail"] }, then: { star: true, forward: ["ana@elsewhere.test"] } } });
  const tried = await engine.rpc("rules.test", { rule: (await rules(engine))[0], last: 500, past: true });
  assert.ok(tried.changes > 1);
  await page.getByTestId("rule-past").click();
  const dialog = page.getByTestId("rule-run");
  await eventually("what it would do", async () => (await dialog.getByTestId("rule-hit").count()) === tried.items.length);
  await dialog.getByText("nothing is sent about what came before the rule").first().waitFor();
  await dialog.getByTestId("rule-run-do").click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText(/has changed \d+ messages/u).first().waitFor();
  const log = await engine.rpc("rules.log", { rule: id, held: true, limit: 1000 });
  const done = log.filter((entry) => entry.rules[0].steps[0].outcome === "done").length;
  assert.equal(done, tried.changes);
  await page.keyboard.press("z");
  await eventually("all of it to be back", async () => (await engine.rpc("rules.log", { rule: id, held: true, limit: 1000 })).every((entry) => !entry.rules[0].undo || entry.rules[0].undone));
});

windowTest("rules are read from a file, written into one, and a wrong file names its line", {}, async ({ page, engine }) => {
  await openRules(page);
  await page.getByText("No rules yet").waitFor();
  const choose = (name, text) => page.getByTestId("rules-file").setInputFiles({ name, mimeType: "application/toml", buffer: Buffer.from(text) });
  await choose("wrong.toml", "name = 'x'\n[whn]\n");
  await page.getByText(/Line 2/u).first().waitFor();
  assert.deepEqual(await rules(engine), []);
  await choose("good.toml", "[[rule]]\nid = 'a'\nname = 'First'\nthen = { star = true }\n[[rule]]\nid = 'b'\nname = 'Second'\nthen = { read = true }\n");
  await eventually("both", async () => (await page.getByTestId("rule").count()) === 2);
  // Reading one again puts it in the place of the one that was there, and back.
  await choose("again.toml", "id = 'a'\nname = 'First, changed'\nthen = { mute = true }\n");
  await page.getByTestId("rule").getByText("First, changed").waitFor();
  await page.keyboard.press("z");
  await page.getByTestId("rule").getByText("First", { exact: true }).waitFor();
  assert.deepEqual((await rules(engine)).map(({ name }) => name), ["First", "Second"]);
  await page.getByTestId("rules-export").click();
  const said = await page.getByText(/The rules are in .*inlet-rules.*\.toml/u).first().textContent();
  assert.match(said ?? "", /inlet-rules/u);
});

windowTest("a form names a channel by picking it", {}, async ({ page, engine }) => {
  await engine.rpc("secrets.unlock", { passphrase: "correct horse" });
  const { secret } = await engine.rpc("channels.secret", {});
  await engine.rpc("accounts.add_channel", { config: { via: { kind: "webhook", url: "http://127.0.0.1:9/" } }, secret, name: "Team" });
  await openRules(page);
  await page.getByTestId("rule-new").first().click();
  const editor = page.getByTestId("rule-editor");
  await editor.getByTestId("rule-name").fill("Tell the team");
  await editor.getByTestId("rule-then-add").click();
  const row = editor.getByTestId("rule-then").last();
  await row.locator("select").first().selectOption("channel");
  await row.locator("select").last().selectOption("Team");
  await editor.getByTestId("rule-then-add").click();
  await editor.getByTestId("rule-then").last().locator("select").selectOption("digest");
  await editor.getByTestId("rule-turn").click();
  await eventually("the rule as text", async () => /forward = \["channel:Team"\]/u.test(await editor.getByTestId("rule-toml").inputValue()));
  await editor.getByTestId("rule-turn").click();
  await editor.getByTestId("rule-name").waitFor();
  await eventually("the channel and the digest", async () => (await editor.getByTestId("rule-then").count()) === 2);
  await editor.getByTestId("rule-save").click();
  await editor.waitFor({ state: "detached" });
  const [kept] = await rules(engine);
  assert.deepEqual(kept.then, { forward: ["channel:Team"], digest: true });
  await page.getByTestId("rule").getByText("Tell through the channel: Team").waitFor();
});
