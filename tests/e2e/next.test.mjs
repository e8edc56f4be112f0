// Today and Waiting: cards with reasons, worked through by mouse and by keyboard alone.

import assert from "node:assert/strict";

import { eventually, windowTest } from "./harness.mjs";

/** What is suggested, once everything was thought about. */
const list = (engine, which) =>
  eventually("nothing left to think about", async () => {
    const { actions, behind } = await engine.rpc("actions.list", { which });
    return behind === 0 && actions;
  });
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
  assert.equal(words(await card.getByTestId("card-marked").textContent()), words(today[at].sentence));
  assert.equal(await page.getByTestId("card-marked").count(), 1, "on no other card");
  // What does not come from the sentence marks nothing.
  await card.locator("[data-testid=chip][data-rule=they-spoke-last]").click();
  await card.getByTestId("card-marked").waitFor({ state: "detached" });
  await card.getByTestId("chip").first().click();
  await card.getByTestId("card-marked").waitFor();
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
  await eventually("undoing to forget it", async () => (await engine.rpc("actions.lessons")).length === 0);

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

windowTest("a card in a language without words says what is read of it", {}, async ({ page, engine }) => {
  const [first, ...others] = (await list(engine, "all")).slice(0, 3);
  const actions = [{ ...first, questions_only: true }, ...others.map((one) => ({ ...one, questions_only: false }))];
  await page.route("**/rpc/actions.list", (route) => route.fulfill({ json: { actions, behind: 0 } }));
  await page.getByTestId("nav-today").click();
  await page.locator(`#card-${first.thread.id}`).getByTestId("questions-only").waitFor();
  await eventually("only that one to say so", async () => (await page.getByTestId("card").count()) === 3 && (await page.getByTestId("questions-only").count()) === 1);
});

windowTest("what was learnt and what rules weigh are in the settings, and can be taken back", {}, async ({ page, engine }) => {
  const [first] = await list(engine, "today");
  await page.getByTestId("nav-today").click();
  await page.getByTestId("card").first().getByTestId("card-dismiss").click();
  await eventually("a lesson", async () => (await engine.rpc("actions.lessons")).length === 1);
  await page.keyboard.press("Control+,");
  await page.getByTestId("section-actions").click();
  await page.getByTestId("languages-read").getByText("only question marks").waitFor();
  await page.getByTestId("lesson").waitFor();
  await page.getByTestId("lesson-forget").click();
  await eventually("it to be forgotten", async () => (await engine.rpc("actions.lessons")).length === 0);
  await page.getByTestId("toast").filter({ hasText: "Forgotten" }).waitFor();
  await page.getByTestId("lessons-today").press("z");
  await page.getByTestId("toast").filter({ hasText: "cannot be taken back" }).waitFor();

  const asked = page.getByTestId("weight-asked");
  await asked.fill("0");
  await asked.press("Tab");
  await eventually("the weight to be kept", async () => (await engine.rpc("actions.rules")).find((rule) => rule.name === "asked").points === 0);
  await eventually("nothing to be weighed for being asked", async () => {
    const scored = (await list(engine, "all")).filter((one) => one.thread.id !== first.thread.id && one.state === "reply");
    return scored.length > 0 && scored.every((one) => one.signals.every((signal) => signal.name !== "asked"));
  });
  await page.getByTestId("weights-reset").click();
  await eventually("the weights to be as they were", async () => (await engine.rpc("actions.rules")).every((rule) => rule.points === rule.default));
});

windowTest("a conversation that asks says so in the list, and without any there is a way on", { settings: { "actions.days": "400" } }, async ({ page, engine }) => {
  // With other terms everything is thought about anew.
  await eventually("nothing left to think about", async () => (await engine.rpc("actions.list", { which: "all" })).behind === 0);
  const asks = (await engine.rpc("threads.list", { in: "inbox", limit: 30 })).threads.find((row) => row.next?.state === "reply");
  const row = page.locator(`[data-testid=row][data-thread="${asks.id}"]`);
  // Only what is in sight is drawn.
  await page.locator("#thread-list").focus();
  await eventually("it to be in sight", async () => {
    if ((await row.count()) > 0) return true;
    await page.keyboard.press("j");
  });
  await row.getByTestId("reason").getByText("asked you").waitFor();
  for (const one of await list(engine, "soon")) await engine.rpc("act", { verb: "settle", threads: [one.thread.id] });
  await page.getByTestId("nav-today").click();
  await page.getByText("Nothing waits for you").waitFor();
});

windowTest("the next meeting stands above the cards and is answered there", {}, async ({ page, engine }) => {
  const coming = await engine.rpc("meetings.list", {});
  assert.ok(coming.some((one) => one.can_answer));
  await page.getByTestId("nav-today").click();
  await eventually("a line for each", async () => (await page.getByTestId("meeting").count()) === coming.length);
  const at = coming.findIndex((one) => one.can_answer);
  const line = page.getByTestId("meeting").nth(at);
  await line.getByTestId("rsvp-accept").click();
  await line.getByText("You have accepted.").waitFor();
  await eventually("the engine to know", async () => (await engine.rpc("meetings.list", {}))[at].meeting.answer === "accept");
  await line.getByTestId("meeting-open").click();
  await page.getByTestId("invitation").waitFor();
});

windowTest("what a program proposes waits for a word, and is edited, approved and rejected here", { undo: 30 }, async ({ page, engine }) => {
  const { threads } = await engine.rpc("threads.list", { in: "inbox", kind: "mail", limit: 2 });
  const who = "<img src=x onerror=alert(1)> helper";
  const answer = await engine.rpc("proposals.make", { thread: threads[0].id, do: "reply", text: "Yes, <b>gladly</b>.", who, why: "They asked." });
  const away = await engine.rpc("proposals.make", { thread: threads[1].id, do: "archive", who, why: "It is done." });
  await page.getByTestId("nav-today").click();
  const card = (one) => page.locator(`[data-testid=proposal][data-id="${one.id}"]`);
  await card(answer).getByText(`${who}: They asked.`).waitFor();
  assert.equal(await card(answer).getByTestId("proposal-text").textContent(), "Yes, <b>gladly</b>.", "a stranger's text is text");

  await card(answer).getByTestId("proposal-edit").click();
  await card(answer).getByRole("textbox").fill("Yes, on Monday.");
  await card(answer).getByTestId("proposal-approve").click();
  await card(answer).waitFor({ state: "detached" });
  const decided = await engine.rpc("proposals.get", { id: answer.id });
  assert.deepEqual([decided.state, decided.edited, decided.text], ["approved", true, "Yes, on Monday."]);
  const sent = async () => (await engine.rpc("outbox.list", { all: true })).find((op) => op.id === decided.op);
  assert.equal((await sent()).state, "queued");
  await page.keyboard.press("z");
  await eventually("it to be taken back", async () => (await sent()).state === "cancelled");

  await card(away).getByTestId("proposal-reject").click();
  await card(away).waitFor({ state: "detached" });
  // What is done cannot be undone, and nothing else is in its place.
  await page.keyboard.press("z");
  await page.getByTestId("toast").filter({ hasText: "cannot be taken back" }).waitFor();
  assert.equal((await engine.rpc("proposals.get", { id: away.id })).state, "rejected");
  assert.equal((await engine.rpc("thread.get", { id: threads[1].id, limit: 1 })).thread.place, "inbox");

  // One that comes while the window is open is there without asking.
  const late = await engine.rpc("proposals.make", { thread: threads[1].id, do: "archive", who, why: "It is done." });
  await card(late).getByTestId("proposal-approve").click();
  await card(late).waitFor({ state: "detached" });
  const place = async () => (await engine.rpc("thread.get", { id: threads[1].id, limit: 1 })).thread.place;
  assert.equal(await place(), "archive");
  await page.keyboard.press("z");
  await eventually("it to be back", async () => (await place()) === "inbox");
});

windowTest("proposals are decided without a mouse, one after the other", { undo: 30 }, async ({ page, engine }) => {
  const { threads } = await engine.rpc("threads.list", { in: "inbox", kind: "mail", limit: 3 });
  const make = (thread, change) => engine.rpc("proposals.make", { thread: thread.id, do: "archive", who: "helper", why: "It is done.", ...change });
  await make(threads[0], { do: "reply", text: "Gladly." });
  await make(threads[1], { do: "snooze", until: new Date(Date.now() + 86_400_000).toISOString() });
  await make(threads[2], {});
  await page.keyboard.press("g");
  await page.keyboard.press("t");
  await eventually("three", async () => (await page.getByTestId("proposal").count()) === 3);
  // The first card takes the keyboard when the cards come.
  await page.locator("[data-testid=card]:focus").waitFor();
  const held = async () => page.evaluate(() => document.activeElement?.closest("[data-testid=proposal]")?.dataset.id);
  const ids = await page.getByTestId("proposal").evaluateAll((all) => all.map((one) => one.dataset.id));
  const press = async (id, what) => {
    const button = page.locator(`[data-testid=proposal][data-id="${id}"]`).getByTestId(what);
    // The screen that was gone to takes the keyboard once it is drawn.
    await eventually("the button to keep the keyboard", async () => {
      await button.focus();
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      return button.evaluate((one) => one === document.activeElement);
    });
    await page.keyboard.press("Enter");
  };
  const kinds = await Promise.all(ids.map(async (id) => (await engine.rpc("proposals.get", { id })).do));
  const reply = ids[kinds.indexOf("reply")];

  // Changing one's mind about changing it leads back to where one was.
  await press(reply, "proposal-edit");
  await eventually("the text to have the keyboard", () => page.evaluate(() => document.activeElement?.tagName === "TEXTAREA"));
  await press(reply, "proposal-back");
  await eventually("the button again", () => page.evaluate(() => document.activeElement?.dataset.testid === "proposal-edit"));

  await press(ids[0], "proposal-reject");
  await eventually("the next one, whole", async () => (await held()) === ids[1] && page.evaluate(() => document.activeElement?.tagName === "ARTICLE"));
  await press(ids[1], "proposal-reject");
  await eventually("the last one", async () => (await held()) === ids[2]);
  await press(ids[2], "proposal-reject");
  await page.getByTestId("proposals").waitFor({ state: "detached" });
  await eventually("something near to have the keyboard", () => page.evaluate(() => document.activeElement?.closest("main") !== null && document.activeElement !== document.body));
});

windowTest("what else is open in a conversation is unfolded on its card, and leads to its sentence", {}, async ({ page, engine }) => {
  const today = await list(engine, "today");
  const one = today.find(({ beside }) => beside.length > 0);
  assert.ok(one, "something else is open in one of them");
  await page.getByTestId("nav-today").click();
  const card = page.locator(`#card-${one.thread.id}`);
  const fold = card.getByTestId("card-beside");
  await fold.press("Enter");
  const lines = card.getByTestId("card-beside-line");
  await eventually("a line for each", async () => (await lines.count()) === one.beside.length);
  assert.equal(await fold.getAttribute("aria-expanded"), "true");
  await lines.last().press("Enter");
  await page.getByTestId("marked").waitFor();
  assert.equal(words(await page.getByTestId("marked").textContent()), words(one.beside.at(-1).sentence));
});
