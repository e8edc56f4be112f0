// What a screen reader hears and has names for, what 200 % shows, and that nothing moves where that is asked for.

import assert from "node:assert/strict";

import { activeRow, eventually, rowIds, threads, windowTest } from "./harness.mjs";

windowTest("what is done is heard, with where the focus is then", {}, async ({ page, engine }) => {
  const said = page.getByTestId("said");
  assert.equal(await said.getAttribute("aria-live"), "polite");
  const hears = (words) => eventually(`to hear ${words}`, async () => new RegExp(words, "u").test(await said.textContent()));
  const list = page.locator("#thread-list");
  assert.equal(await list.getAttribute("role"), "listbox");
  assert.ok(await list.getAttribute("aria-label"));
  await list.focus();

  const [, second] = await rowIds(page);
  const { title, people } = (await threads(engine)).find((row) => row.id === second);
  await page.keyboard.press("e");
  await hears("^Archived");
  await eventually("the next row", async () => (await activeRow(page)) === second);
  const heard = await said.textContent();
  assert.ok(heard.includes(title) || heard.includes(people[0].name.split(" ")[0]), `it names where one is: ${heard}`);
  const row = page.locator(`[data-testid=row][data-thread="${second}"]`);
  assert.deepEqual([await row.getAttribute("role"), await row.getAttribute("aria-posinset"), Number(await row.getAttribute("aria-setsize")) > 1], ["option", "1", true]);
  await page.keyboard.press("z");
  await hears("^Undone");

  await engine.rpc("proposals.make", { thread: second, do: "archive", who: "helper", why: "It is done." });
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  const proposal = page.getByTestId("proposal");
  await proposal.waitFor();
  // The first card takes the keyboard when the cards come.
  await page.locator("[data-testid=card]:focus").waitFor();
  assert.match(await proposal.evaluate((it) => document.getElementById(it.getAttribute("aria-labelledby")).textContent), /^Archive/u);
  await proposal.getByTestId("proposal-reject").focus();
  await page.keyboard.press("Enter");
  await hears("^Rejected");
  await page.locator("[data-testid=card]:focus").or(page.getByTestId("card").first()).first().focus();
  await page.keyboard.press("e");
  await hears("^Done");

  for (const name of ["First", "Second"]) await engine.rpc("rules.put", { rule: { name, then: { star: true } } });
  await page.keyboard.press("Control+,");
  await page.getByTestId("section-rules").click();
  await page.getByRole("button", { name: "Move First down" }).or(page.getByRole("button", { name: "Move First up" })).locator("visible=true").and(page.locator(":enabled")).first().click();
  await hears("First");
});

// Twice as large is a window of half the size.
windowTest("at 200 % everything is there and nothing sticks out", { size: [640, 400] }, async ({ page }) => {
  const fits = async (what) => {
    const { wide, high } = await page.evaluate(() => ({ wide: document.documentElement.scrollWidth, high: document.documentElement.scrollHeight }));
    assert.ok(wide <= 640 && high <= 400, `${what}: ${wide} × ${high}`);
  };
  /** What is to be pressed is in the window, or comes there by scrolling, and nothing lies over it. */
  const reachable = (control) => control.click({ trial: true });
  await fits("inbox");
  await page.getByTestId("row").first().click();
  await page.getByTestId("reader-item").first().waitFor();
  await fits("reader");
  await reachable(page.getByTestId("reply-box"));
  await page.keyboard.press("Escape");
  await page.keyboard.press("c");
  const panel = page.getByTestId("composer");
  await panel.getByTestId("compose-to").waitFor();
  await fits("composer");
  for (const field of ["compose-to", "compose-subject", "send"]) await reachable(panel.getByTestId(field));
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await page.getByTestId("card").first().waitFor();
  await fits("today");
  for (const button of ["card-main", "card-snooze", "card-done", "card-dismiss"]) await reachable(page.getByTestId(button).last());
  for (const place of ["people", "outbox", "drafts", "accounts", "settings", "add-account"]) {
    const nav = page.getByTestId(place === "add-account" ? place : `nav-${place}`);
    await nav.click();
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await fits(place);
  }
  await page.keyboard.press("Control+,");
  await page.getByTestId("section-rules").click();
  await page.getByTestId("rule-new").click();
  const editor = page.getByTestId("rule-editor");
  await editor.waitFor();
  await fits("a rule");
  for (const button of ["rule-when-add", "rule-then-add", "rule-save"]) await reachable(editor.getByTestId(button));
});

windowTest("nothing moves where that is asked for", {}, async ({ page }) => {
  await page.getByTestId("row").first().click();
  await page.getByTestId("reader-item").first().waitFor();
  await page.keyboard.press("Control+k");
  await page.getByTestId("palette-input").waitFor();
  const moving = await page.evaluate(() => {
    const all = [...document.querySelectorAll("*")].map((one) => getComputedStyle(one));
    return [document.getAnimations().length, all.filter((style) => style.transitionDuration !== "0s" || style.animationName !== "none").length];
  });
  assert.deepEqual(moving, [0, 0]);
});
