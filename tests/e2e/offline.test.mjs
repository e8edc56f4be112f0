// No network, and back: what is here stays readable and workable, what was done is kept, and the window says how it is.

import assert from "node:assert/strict";

import { activeRow, eventually, network, openThread, picture, replyBox, rowIds, threads, windowTest } from "./harness.mjs";
import { connectMailbox, letter, startMailbox, way } from "./mailbox.mjs";

/** Milliseconds after which a server that is back has been tried again: the engine waits a minute at most. */
const AGAIN = 65_000;

windowTest("servers that are gone: what is here works, what is sent waits, and it goes out once when they are back", { demo: false, undo: 0 }, async ({ page, engine }) => {
  const mail = await startMailbox();
  const { imap, smtp } = mail.where.config;
  const [reading, sending] = [await way(imap.port), await way(smtp.port)];
  try {
    for (const [id, text] of [["Harbour", "Shall we meet at the harbour?"], ["Budget", "The budget is attached."]]) await mail.ask({ deliver: letter(id, text) });
    const source = await connectMailbox(engine, mail, { ...imap, port: reading.port }, { ...smtp, port: sending.port });
    const row = (title) => page.getByTestId("row").filter({ hasText: title }).first();
    for (const title of ["Harbour", "Budget"]) await row(title).waitFor();
    const health = page.getByTestId(`source-${source}`);
    await health.and(page.locator("[data-state=live]")).waitFor();

    await Promise.all([reading.cut(), sending.cut()]);
    // Said in the rail by a word and its reason, and at the foot of the window.
    await health.and(page.locator("[data-state=failing][aria-label*='refuses connections']")).waitFor();
    await page.getByTestId("status-line").getByText("not syncing").waitFor();
    await picture(page, "servers gone");

    // Read, found, put away, answered.
    await page.getByTestId("search-box").fill("harbour");
    await page.locator("#thread-list mark").first().waitFor();
    await page.getByTestId("search-box").press("Escape");
    await row("Harbour").click();
    await page.getByTestId("reader").getByText("Shall we meet at the harbour?").first().waitFor();
    await replyBox(page).fill("At noon.");
    await page.keyboard.press("Control+Enter");
    await page.getByTestId("nav-inbox").click();
    await row("Budget").click();
    await page.getByTestId("reader-item").first().waitFor();
    await page.keyboard.press("e");
    await row("Budget").waitFor({ state: "detached" });

    // What waits says why, and that it will be tried again by itself.
    await page.getByTestId("nav-outbox").click();
    const waits = page.getByTestId("outbox-row").filter({ has: page.locator("[data-testid=outbox-state][data-state=queued]") });
    const answer = waits.filter({ hasText: "Harbour" });
    await answer.getByText("refuses connections").waitFor();
    await answer.getByText(/Tries again/u).waitFor();
    await picture(page, "outbox while servers are gone");
    // Meanwhile the world goes on.
    await mail.ask({ deliver: letter("Tide", "High water is at two.") });

    await Promise.all([reading.mend(), sending.mend()]);
    await eventually("nothing to wait", async () => (await engine.rpc("outbox.list")).length === 0, AGAIN);
    await page.getByText("Nothing is waiting").waitFor();
    const [sent, ...more] = await mail.ask({ accepted: 1 });
    assert.match(sent, /At noon\./u);
    assert.deepEqual(more, [], "it went out once");
    await eventually("the source to be heard", async () => (await health.getAttribute("data-state")) === "live", AGAIN);
    await page.getByTestId("nav-inbox").click();
    await row("Tide").waitFor();
    assert.equal(await row("Budget").count(), 0, "it stays away");
    await page.getByTestId("status-line").getByText("Online").waitFor();
  } finally {
    await mail.stop();
    await Promise.all([reading.end(), sending.end()]);
  }
});

windowTest("without a network everything cached works, and what is done waits", { undo: 30 }, async ({ page, engine }) => {
  await network(page, false);
  await page.getByRole("status").filter({ hasText: "You are offline." }).waitFor();
  await page.getByTestId("status-line").getByText("Offline").waitFor();

  // Read, found, put away, answered.
  const mail = (await threads(engine, { in: "inbox", kind: "mail" })).find((row) => row.title.trim() !== "" && !row.last_from_me);
  await openThread(page, mail);
  await replyBox(page).fill("Written on the train.");
  await page.keyboard.press("Control+Enter");
  const sent = () => engine.rpc("outbox.list").then((ops) => ops.find((op) => op.kind === "send" && op.thread === mail.id));
  await eventually("the answer to wait", sent);
  await page.keyboard.press("Escape");
  await page.getByTestId("nav-inbox").click();
  const gone = await eventually("a row", () => activeRow(page));
  await page.locator("#thread-list").focus();
  await page.keyboard.press("e");
  await eventually("it to be put away", async () => !(await rowIds(page)).includes(gone));

  const asked = page.waitForRequest("**/rpc/sync.now");
  await network(page, true);
  // The accounts are asked at once.
  await asked;
  await page.getByRole("status").filter({ hasText: "You are offline." }).waitFor({ state: "detached" });
  await page.getByTestId("status-line").getByText("Online").waitFor();
  assert.ok(!(await rowIds(page)).includes(gone), "it stays away");
  assert.ok(await sent());
});

windowTest("an engine that cannot be reached is said so, loses nothing that was typed, and is caught up with", {}, async ({ page, engine }) => {
  const mail = (await threads(engine, { in: "inbox", kind: "mail" })).find((row) => row.title.trim() !== "" && !row.last_from_me);
  await openThread(page, mail);
  await replyBox(page).fill("Half a sentence");
  // The way to it is cut.
  await page.route("**/rpc/**", (route) => route.abort("internetdisconnected"));
  await replyBox(page).press("End");
  await page.keyboard.type(", and the rest");
  const [other] = (await threads(engine, { in: "inbox" })).filter((row) => row.id !== mail.id);
  await engine.rpc("act", { verb: "archive", threads: [other.id] });
  await page.getByRole("alert").filter({ hasText: "cannot be reached" }).first().waitFor();
  await page.unroute("**/rpc/**");
  await page.getByTestId("nav-inbox").click();
  await eventually("what happened meanwhile", async () => (await rowIds(page)).length > 5 && !(await rowIds(page)).includes(other.id));
  await eventually("nothing to try again", async () => (await page.getByRole("button", { name: "Try again" }).count()) === 0);
  await eventually("what was typed", async () => (await engine.rpc("draft.list")).some((draft) => draft.text.includes("Half a sentence, and the rest")));
});
