// What is arranged is taken back as what is filed is: by Z, whether a toast speaks of it or not.

import assert from "node:assert/strict";

import { eventually, windowTest } from "./harness.mjs";

const names = async (engine, kind) => (await engine.rpc("kept.list", { kind })).map((one) => one.name);
const is = (what, read, wanted) => eventually(what, async () => JSON.stringify(await read()) === JSON.stringify(wanted));

windowTest("tabs and searches that were made, changed and moved are taken back in turn", {}, async ({ page, engine }) => {
  const searches = () => names(engine, "search");
  const tabs = () => names(engine, "split");
  for (const [name, query] of [["Launch", "launch"], ["Kitchen", "kitchen"]]) await engine.rpc("kept.put", { id: null, kind: "search", name, position: null, data: { query } });
  await page.keyboard.press("Control+,");
  await page.getByTestId("section-inbox").click();
  const rows = page.getByTestId("kept-search");
  await rows.nth(1).waitFor();
  assert.deepEqual(await searches(), ["Launch", "Kitchen"]);

  await rows.filter({ hasText: "Kitchen" }).getByRole("button", { name: /up$/u }).click();
  await is("the order", searches, ["Kitchen", "Launch"]);
  await rows.filter({ hasText: "Launch" }).getByTestId("make-tab").click();
  await is("the tab", tabs, ["Launch"]);
  await page.getByTestId("new-split").click();
  await page.getByTestId("keep-search-name").fill("Decks");
  await page.getByTestId("keep-search-query").fill("deck");
  await page.getByTestId("keep-search-save").click();
  await is("another tab", tabs, ["Launch", "Decks"]);
  await page.getByTestId("keep-search").waitFor({ state: "detached" });
  await rows.filter({ hasText: "Kitchen" }).getByRole("button", { name: /^Edit|^Change/u }).click();
  await page.getByTestId("keep-search-name").fill("Bathroom");
  await page.getByTestId("keep-search-save").click();
  await is("its name", searches, ["Bathroom", "Launch"]);
  await page.getByTestId("keep-search").waitFor({ state: "detached" });

  await page.getByRole("heading", { level: 1 }).first().click();
  await page.keyboard.press("z");
  await is("its name as it was", searches, ["Kitchen", "Launch"]);
  await page.keyboard.press("z");
  await is("one tab", tabs, ["Launch"]);
  // The toast points at the same way.
  await page.getByTestId("toast").filter({ hasText: "Launch" }).getByTestId("toast-undo").click();
  await is("no tab", tabs, []);
  await page.keyboard.press("z");
  await is("the order as it was", searches, ["Launch", "Kitchen"]);
});

windowTest("rules that were written, switched and moved are taken back in turn", {}, async ({ page, engine }) => {
  const rules = async () => (await engine.rpc("rules.list")).map(({ rule }) => [rule.name, rule.enabled]);
  await engine.rpc("rules.put", { rule: { id: "one", name: "One", priority: 10, when: {}, then: { star: true } } });
  await engine.rpc("rules.put", { rule: { id: "two", name: "Two", priority: 20, when: {}, then: { mute: true } } });
  await page.keyboard.press("Control+,");
  await page.getByTestId("section-rules").click();
  const rows = page.getByTestId("rule");
  await rows.nth(1).waitFor();
  await rows.filter({ hasText: "Two" }).getByTestId("rule-switch").click();
  await is("it to be off", rules, [["One", true], ["Two", false]]);
  await rows.filter({ hasText: "Two" }).getByRole("button", { name: /up$/u }).click();
  await is("the order", rules, [["Two", false], ["One", true]]);
  await rows.filter({ hasText: "One" }).getByTestId("rule-edit").click();
  await page.getByTestId("rule-name").fill("First");
  await page.getByTestId("rule-save").click();
  await is("its name", rules, [["Two", false], ["First", true]]);
  await page.getByTestId("rule-editor").waitFor({ state: "detached" });

  await page.getByRole("heading", { level: 1 }).first().click();
  await page.keyboard.press("z");
  await is("its name as it was", rules, [["Two", false], ["One", true]]);
  await page.keyboard.press("z");
  await is("the order as it was", rules, [["One", true], ["Two", false]]);
  await page.keyboard.press("z");
  await is("it to be on", rules, [["One", true], ["Two", true]]);
});

windowTest("a template that was written, a source that may not notify and a person that matters are taken back", {}, async ({ page, engine }) => {
  await page.getByTestId("compose").click();
  const panel = page.getByTestId("composer");
  await panel.getByTestId("compose-templates").click();
  await page.getByTestId("kept-new").click();
  await page.getByTestId("kept-name").fill("Greeting");
  await page.getByTestId("kept-text").fill("Hello");
  await page.getByTestId("kept-save").click();
  await page.getByTestId("kept-row").waitFor();
  await page.keyboard.press("Escape");
  await page.getByTestId("kept-template").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  const templates = () => names(engine, "template");
  assert.deepEqual(await templates(), ["Greeting"]);
  await page.locator("#thread-list").focus();
  await page.keyboard.press("z");
  await is("no template", templates, []);

  await page.keyboard.press("g");
  await page.keyboard.press("l");
  const box = page.getByTestId("source-notify").first();
  await box.waitFor();
  const may = async () => (await engine.rpc("status")).accounts.flatMap((account) => account.sources).map((source) => source.notify);
  const before = await may();
  await box.click();
  await eventually("it to be changed", async () => JSON.stringify(await may()) !== JSON.stringify(before));
  await page.keyboard.press("z");
  await is("it to be as it was", may, before);

  await page.getByTestId("nav-people").click();
  const star = page.getByTestId("person-page").getByTestId("person-vip");
  await star.click();
  await eventually("a person that matters", async () => (await star.getAttribute("aria-pressed")) === "true");
  await page.keyboard.press("z");
  await eventually("one like others", async () => (await star.getAttribute("aria-pressed")) === "false");
});
