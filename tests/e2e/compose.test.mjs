// Writing: answers on every kind of channel, and nothing that was typed is ever lost.

import assert from "node:assert/strict";

import { eventually, openThread, replyBox, sendButton, threads, windowTest } from "./harness.mjs";
import { focused } from "./keys.mjs";

/** A thread of a kind in a source that can send, with somebody else's word last. */
async function answerable(engine, kind) {
  const { accounts } = await engine.rpc("status");
  const sources = accounts.flatMap((account) => account.sources);
  const can = new Set(sources.filter((source) => source.capabilities.send && source.state !== "auth_needed").map((source) => source.id));
  const rows = await threads(engine, { in: "all", kind });
  const row = rows.find((one) => can.has(one.source) && one.title.trim() !== "" && (kind === "note" || (!one.last_from_me && one.people.length === 1)))
    ?? rows.find((one) => can.has(one.source) && one.title.trim() !== "");
  assert.ok(row, `the demo world has a ${kind} one can answer`);
  return { row, source: sources.find((source) => source.id === row.source) };
}

const items = async (engine, id) => (await engine.rpc("thread.get", { id })).items;

/** Messages on their way; marks and moves are on their way as well, and not what is meant. */
const sending = async (engine) => (await engine.rpc("outbox.list")).filter((op) => op.kind === "send");

/** Waits until everything that was sent has left. */
const delivered = (engine) => eventually("the outbox to be empty", async () => (await engine.rpc("outbox.list")).length === 0);

for (const kind of ["mail", "chat"]) {
  windowTest(`an answer to a ${kind} goes through the outbox to sent, and is answered`, { undo: 30 }, async ({ page, engine }) => {
    const { row, source } = await answerable(engine, kind);
    const before = (await items(engine, row.id)).length;
    await openThread(page, row);
    const heading = page.getByTestId("reply").getByTestId("compose-heading");
    await heading.waitFor();
    if (kind === "chat") await eventually("the channel in words", async () => /on (WhatsApp|Teams|Slack)/u.test(await heading.innerText()));
    else await eventually("the account in words", async () => (await heading.innerText()).includes(source.identity));

    const text = `Thank you, that works for me (${kind}).`;
    await replyBox(page).fill(text);
    if (kind === "chat") await page.keyboard.press("Enter");
    else await page.keyboard.press("Control+Enter");
    await page.getByTestId("toast").filter({ hasText: "Sent to Outbox" }).waitFor();
    await eventually("the box to be empty", async () => (await replyBox(page).inputValue()) === "");
    const [op] = await sending(engine);

    await page.getByTestId("nav-outbox").click();
    await page.locator(`[data-testid=outbox-row][data-op="${op.id}"]`).waitFor();
    // Nobody wants it back.
    await engine.rpc("outbox.retry", { id: op.id });
    await delivered(engine);
    await page.getByTestId("outbox-finished").check();
    const state = page.locator(`[data-op="${op.id}"]`).getByTestId("outbox-state");
    await eventually("the row to say it was sent", async () => (await state.innerText()) === "Sent");
    await page.locator(`[data-op="${op.id}"]`).getByRole("button", { name: /delivery log/iu }).click();
    await page.locator(`[data-op="${op.id}"]`).getByTestId("outbox-delivery").first().waitFor();

    await eventually("the scripted answer", async () => {
      const now = await items(engine, row.id);
      const mine = now.findIndex((item) => item.from_me && item.text.includes(text));
      return now.length >= before + 2 && mine >= 0 && now.slice(mine + 1).some((item) => !item.from_me);
    });
    const sent = await threads(engine, { in: "sent" });
    assert.ok(sent.some((one) => one.id === row.id));
    // Exactly one of them, however often the platform echoes it.
    assert.equal((await items(engine, row.id)).filter((item) => item.text.includes(text)).length, 1);
    await openThread(page, row);
    await page.getByTestId("reader").getByText(text).first().waitFor();
  });
}

windowTest("a message on WhatsApp is read after a while, by sign and by word", { undo: 0 }, async ({ page, engine }) => {
  const row = (await threads(engine, { in: "inbox", kind: "chat" })).find((one) => one.source_type === "whatsapp" && one.title.trim() !== "");
  await openThread(page, row);
  const { items } = await engine.rpc("thread.get", { id: row.id });
  const old = items.findLast((item) => item.from_me && item.receipt === "read");
  if (old) {
    const mark = page.locator(`[data-item="${old.id}"]`).getByTestId("receipt");
    assert.equal(await mark.getAttribute("title"), "Read");
    assert.equal(await mark.getAttribute("aria-label"), "Read", "a sign without a word beside it says it");
  }
  await replyBox(page).fill("The ladder is in the shed.");
  await page.keyboard.press("Enter");
  const mine = page.getByTestId("reader-item").filter({ hasText: "The ladder is in the shed." });
  const mark = mine.getByTestId("receipt");
  await eventually("it to be read", async () => (await mark.count()) === 1 && (await mark.getAttribute("title")) === "Read");
});

windowTest("a line is added to a page of notes", { undo: 0 }, async ({ page, engine }) => {
  const { row } = await answerable(engine, "note");
  await openThread(page, row);
  await replyBox(page).fill("Measured again: 62 cm.");
  await eventually("where it goes in words", async () => /^Add to/u.test(await page.getByTestId("reply").getByTestId("compose-heading").innerText()));
  await sendButton(page).click();
  await page.getByTestId("toast").waitFor();
  await delivered(engine);
  await eventually("the line to be in the page", async () =>
    (await items(engine, row.id)).some((item) => item.text.includes("Measured again: 62 cm.")),
  );
});

windowTest("undo takes a message back into the box it came from", { undo: 30 }, async ({ page, engine }) => {
  const { row } = await answerable(engine, "mail");
  await openThread(page, row);
  await replyBox(page).fill("Too early.");
  await page.keyboard.press("Control+Enter");
  await page.getByTestId("toast-undo").last().click();
  await eventually("the text to be back", async () => (await replyBox(page).inputValue()) === "Too early.");
  await eventually("nothing to be on its way", async () => (await sending(engine)).length === 0);
  await eventually("one draft of it", async () => (await engine.rpc("draft.list")).filter((draft) => draft.text === "Too early.").length === 1);
  assert.ok(!(await items(engine, row.id)).some((item) => item.text.includes("Too early.")));
});

windowTest("a draft survives the page, in its conversation and in Drafts", {}, async ({ page, engine }) => {
  const { row } = await answerable(engine, "mail");
  await openThread(page, row);
  await replyBox(page).pressSequentially("Half a thought");
  await eventually("the draft to be saved", async () => (await engine.rpc("draft.list")).some((draft) => draft.text === "Half a thought"));
  await page.reload();
  await page.getByTestId("row").first().waitFor();
  await openThread(page, row);
  await eventually("the text to be back", async () => (await replyBox(page).inputValue()) === "Half a thought");
  await page.getByTestId("nav-drafts").click();
  await page.getByTestId("draft-row").filter({ hasText: "Half a thought" }).waitFor();
  // Going away and coming back never makes a second draft of it.
  assert.equal((await engine.rpc("draft.list")).filter((draft) => draft.text.startsWith("Half")).length, 1);
});

windowTest("what was typed is saved when one goes on to another conversation", {}, async ({ page, engine }) => {
  const { row } = await answerable(engine, "chat");
  const other = await answerable(engine, "mail");
  await openThread(page, row);
  await replyBox(page).fill("On my way");
  await openThread(page, other.row);
  await eventually("the box of the other one", async () => (await replyBox(page).inputValue()) === "");
  await eventually("the draft", async () => (await engine.rpc("draft.list")).some((draft) => draft.text === "On my way" && draft.thread === row.id));
  await openThread(page, row);
  await eventually("the text to be back", async () => (await replyBox(page).inputValue()) === "On my way");
});

windowTest("a new mail: recipients from history, questions before sending, a file", { undo: 30 }, async ({ page, engine }) => {
  const person = (await threads(engine, { in: "all", kind: "mail" })).flatMap((row) => row.people).find((one) => one.name && one.handle.includes("@"));
  await page.locator("#thread-list").focus();
  await page.keyboard.press("c");
  const panel = page.getByTestId("composer");
  const to = panel.getByTestId("compose-to");
  await eventually("the focus in To", () => to.evaluate((input) => input === document.activeElement));
  await panel.locator("[data-testid=compose-body][contenteditable=true]").waitFor();
  await to.pressSequentially(person.name.slice(0, 4));
  const known = panel.getByRole("listbox").getByRole("option");
  await known.first().waitFor();
  await known.filter({ hasText: person.name }).first().click();
  await to.pressSequentially("not an address,");
  await panel.getByText("not an address", { exact: true }).first().waitFor();
  await panel.getByTestId("compose-subject").fill("The plan");
  await panel.getByTestId("compose-body").fill("See the attached plan.");
  await page.keyboard.press("Control+Enter");
  await panel.getByTestId("compose-problem").filter({ hasText: "is not a mail address" }).waitFor();
  await panel.getByRole("button", { name: "Remove not an address" }).click();

  await sendButton(page, "composer").click();
  await panel.getByTestId("compose-ask").filter({ hasText: /attachment/u }).waitFor();
  await page.keyboard.press("Escape");
  assert.equal(await panel.getByTestId("compose-body").innerText(), "See the attached plan.");
  await panel.getByTestId("compose-file").setInputFiles({ name: "plan.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(4096, 7) });
  await panel.getByTestId("compose-file-row").filter({ hasText: "plan.pdf" }).waitFor();
  await sendButton(page, "composer").click();
  await eventually("the panel to close", async () => (await panel.count()) === 0);
  const [op] = await sending(engine);
  assert.ok(op.title.includes("The plan"), op.title);

  await page.getByTestId("nav-outbox").click();
  await page.locator(`[data-op="${op.id}"]`).getByTestId("outbox-edit").click();
  await eventually("the text to be back", async () => (await panel.getByTestId("compose-body").innerText()) === "See the attached plan.");
  await panel.getByTestId("compose-file-row").filter({ hasText: "plan.pdf" }).waitFor();
  await focused(page, "composer");
  await page.keyboard.press("Escape");
  await eventually("the panel to close", async () => (await panel.count()) === 0);
  await eventually("one draft of it", async () => (await engine.rpc("draft.list")).filter((draft) => draft.subject === "The plan").length === 1);
});

windowTest("files come by dropping them, and one over the limit is refused before it is sent", {}, async ({ page }) => {
  await page.keyboard.press("c");
  const panel = page.getByTestId("composer");
  await panel.getByTestId("compose-file").waitFor({ state: "attached" });
  const drop = (name, bytes) =>
    panel.locator("form").evaluate(
      (form, [name, bytes]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([new Uint8Array(bytes)], name));
        form.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
      },
      [name, bytes],
    );
  await drop("film.mov", 60_000_000);
  await panel.getByTestId("compose-problem").filter({ hasText: /film\.mov.*at most/u }).waitFor();
  assert.equal(await panel.getByTestId("compose-file-row").count(), 0);
  await drop("note.txt", 500);
  await panel.getByTestId("compose-file-row").filter({ hasText: "500 B" }).waitFor();
  await panel.getByTestId("compose-problem").waitFor({ state: "detached" });
});

windowTest("when sending fails the text stays, and the error is a sentence", {}, async ({ page, engine }) => {
  const { row } = await answerable(engine, "mail");
  await openThread(page, row);
  await page.route("**/rpc/send", (route) =>
    route.fulfill({ status: 400, contentType: "application/json", body: JSON.stringify({ code: "refused", message: "This account cannot send; choose another account." }) }),
  );
  await replyBox(page).fill("Do not lose me");
  await page.keyboard.press("Control+Enter");
  await page.getByTestId("compose-problem").filter({ hasText: "choose another account" }).waitFor();
  assert.equal(await replyBox(page).inputValue(), "Do not lose me");
  await eventually("the draft to be kept", async () => (await engine.rpc("draft.list")).some((draft) => draft.text === "Do not lose me"));
});

windowTest("a draft that cannot be saved is said to be so, and is saved as soon as it can be", {}, async ({ page, engine }) => {
  const { row } = await answerable(engine, "mail");
  await openThread(page, row);
  await page.route("**/rpc/draft.save", (route) => route.abort());
  await replyBox(page).fill("Offline words");
  await eventually("the state to say so", async () => (await page.getByTestId("draft-state").getAttribute("data-state")) === "failed");
  await page.unroute("**/rpc/draft.save");
  await eventually("the draft to be saved", async () => (await engine.rpc("draft.list")).some((draft) => draft.text === "Offline words"));
  await eventually("the state to say so", async () => (await page.getByTestId("draft-state").getAttribute("data-state")) === "saved");
});

windowTest("a conversation that changes while one writes takes nothing of it", {}, async ({ page, engine }) => {
  const { row } = await answerable(engine, "mail");
  await openThread(page, row);
  await replyBox(page).fill("First half");
  await engine.rpc("act", { verb: "star", threads: [row.id] });
  await page.getByTestId("act-star").and(page.locator("[aria-pressed=true]")).waitFor();
  await engine.rpc("act", { verb: "unstar", threads: [row.id] });
  await page.getByTestId("act-star").and(page.locator("[aria-pressed=false]")).waitFor();
  await replyBox(page).pressSequentially(", second half");
  await eventually("both halves to be saved", async () =>
    (await engine.rpc("draft.list")).some((draft) => draft.text === "First half, second half"),
  );
});
