// Writing with formatting: pictures in the text, templates, signatures, what is asked before
// sending, sending later, and what must not freeze or lose anything.

import assert from "node:assert/strict";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { eventually, openThread, replyBox, sendButton, threads, windowTest } from "./harness.mjs";
import { focused } from "./keys.mjs";

/** One red pixel. */
const DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";

const sending = async (engine) => (await engine.rpc("outbox.list")).filter((op) => op.kind === "send");
const drafts = (engine) => engine.rpc("draft.list");

/** The first account mail goes out from. */
async function mailbox(engine) {
  const { accounts } = await engine.rpc("status");
  return accounts.flatMap((account) => account.sources).find((source) => source.kind === "mail" && source.capabilities.send);
}

/** Somebody who has written to me, with a name of two words. */
async function friend(engine) {
  const people = (await threads(engine, { in: "inbox", kind: "mail" })).filter((row) => !row.last_from_me).flatMap((row) => row.people);
  return people.find((one) => /^\p{L}+ \p{L}+$/u.test(one.name ?? "") && one.handle.includes("@"));
}

async function compose(page) {
  await page.locator("#thread-list").focus();
  await page.keyboard.press("c");
  const panel = page.getByTestId("composer");
  await panel.locator("[data-testid=compose-body][contenteditable=true]").waitFor();
  return panel;
}

/** Pastes into what has the focus, as the platform does. */
const paste = (target, data) =>
  target.evaluate((element, { text, base64, name }) => {
    const clipboardData = new DataTransfer();
    if (text !== undefined) clipboardData.setData("text/plain", typeof text === "number" ? "All work and no play.\n".repeat(text) : text);
    if (base64 !== undefined) {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      clipboardData.items.add(new File([bytes], name, { type: "image/png" }));
    }
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, data);

windowTest("a formatted mail from a template, with a picture and a signature, arrives as it was written", { undo: 0 }, async ({ page, engine }) => {
  const source = await mailbox(engine);
  const person = await friend(engine);
  const panel = await compose(page);
  await panel.getByTestId("compose-to").fill(`${person.name} <${person.handle}>,`);

  // A signature is written once, here, and stands below from then on.
  await panel.getByTestId("compose-signatures").click();
  await page.getByTestId("kept-new").click();
  await page.getByTestId("kept-name").fill("Work");
  await page.getByTestId("kept-text").fill("Kind regards\nNorthwind & Co");
  await page.getByTestId("kept-save").click();
  await page.getByTestId("kept-row").filter({ hasText: "Work" }).getByRole("button").first().click();
  await panel.getByTestId("compose-signature").filter({ hasText: "Northwind & Co" }).waitFor();

  await engine.rpc("kept.put", { kind: "template", name: "Greeting", data: { subject: "About {order}", text: "Dear {first_name},\nthank you." } });
  await panel.getByTestId("compose-templates").click();
  await page.getByTestId("kept-row").filter({ hasText: "Greeting" }).getByRole("button").first().click();
  const body = panel.getByTestId("compose-body");
  await body.filter({ hasText: `Dear ${person.name.split(" ")[0]},` }).waitFor();

  await body.press("Control+End");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+b");
  await page.keyboard.type("Really.");
  await page.keyboard.press("Control+b");
  await paste(body, { base64: DOT, name: "dot.png" });
  await body.locator('img[src^="data:image/png"]').waitFor();
  assert.equal(await panel.getByTestId("compose-file-row").count(), 0, "a picture in the text is no file beside it");

  await page.keyboard.press("Control+Enter");
  const ask = panel.getByTestId("compose-ask");
  await ask.filter({ hasText: "{order}" }).waitFor();
  await page.keyboard.press("Escape");
  await panel.getByTestId("compose-subject").fill("About your kitchen");
  await page.keyboard.press("Control+Enter");
  await eventually("the panel to close", async () => (await panel.count()) === 0);

  await eventually("it to be sent", async () => (await engine.rpc("outbox.list")).length === 0);
  const sent = await eventually("the copy in Sent", async () => {
    const row = (await threads(engine, { in: "sent" })).find((one) => one.title === "About your kitchen");
    const item = row && (await engine.rpc("thread.get", { id: row.id })).items.find((one) => one.from_me);
    return item?.op === null && item.has_html ? item : null;
  });
  assert.match(sent.text, /Really\./u);
  assert.match(sent.text, /-- \r?\nKind regards\r?\nNorthwind & Co/u);
  const { document } = await engine.rpc("item.html", { id: sent.id, theme: "light" });
  assert.match(document, /<strong>Really\.<\/strong>/u);
  assert.match(document, /Northwind &amp; Co/u);
  assert.ok(document.includes(`data:image/png;base64,${DOT}`), "the picture came along");

  // The next answer from this account has the signature as well, and it can be left out.
  const row = (await threads(engine, { in: "inbox", kind: "mail", source: source.id })).find((one) => one.title.trim() !== "" && !one.last_from_me);
  await openThread(page, row);
  await replyBox(page).focus();
  await page.getByTestId("reply").getByTestId("compose-signature-remove").click();
  await eventually("the signature to be gone", async () => (await page.getByTestId("reply").getByTestId("compose-signature").count()) === 0);
});

windowTest("a signature with formatting stands so below a formatted mail, and as text below a plain one", { undo: 0 }, async ({ page, engine }) => {
  const person = await friend(engine);
  let panel = await compose(page);
  await panel.getByTestId("compose-signatures").click();
  await page.getByTestId("kept-new").click();
  await page.getByTestId("kept-name").fill("Work");
  const text = page.locator("[data-testid=kept-text][contenteditable=true]");
  await text.click();
  await page.keyboard.type("Ana ");
  await page.keyboard.press("Control+b");
  await page.keyboard.type("Ferreira");
  await page.keyboard.press("Control+b");
  await page.keyboard.press("Enter");
  await page.getByTestId("kept-form").getByTestId("format-link").click();
  await page.getByTestId("format-address").fill("lumen.example/ana");
  await page.keyboard.press("Enter");
  await page.getByTestId("kept-save").click();
  await page.getByTestId("kept-row").getByRole("button").first().click();
  const signed = panel.getByTestId("compose-signature");
  await signed.locator("strong", { hasText: "Ferreira" }).waitFor();
  const [kept] = await engine.rpc("kept.list", { kind: "signature" });
  assert.match(kept.data.text, /^Ana Ferreira\nlumen\.example\/ana/u);

  // Open again, it is as it was written.
  await panel.getByTestId("compose-signatures").click();
  await page.getByTestId("kept-row").getByRole("button", { name: "Edit Work" }).click();
  await text.locator("strong", { hasText: "Ferreira" }).waitFor();
  await page.keyboard.press("Escape");

  const send = async (subject) => {
    await panel.getByTestId("compose-to").fill(`${person.name} <${person.handle}>,`);
    await panel.getByTestId("compose-subject").fill(subject);
    await panel.getByTestId("compose-body").fill("Hello.");
    await page.keyboard.press("Control+Enter");
    await eventually("the panel to close", async () => (await panel.count()) === 0);
    return eventually("the copy in Sent", async () => {
      const row = (await threads(engine, { in: "sent" })).find((one) => one.title === subject);
      const item = row && (await engine.rpc("thread.get", { id: row.id })).items.find((one) => one.from_me);
      return item?.op === null ? item : null;
    });
  };
  const formatted = await send("With formatting");
  const { document } = await engine.rpc("item.html", { id: formatted.id, theme: "light" });
  assert.match(document, /<strong>Ferreira<\/strong>/u);
  assert.match(document, /href="https:\/\/lumen\.example\/ana"/u);
  assert.match(formatted.text, /-- \r?\nAna Ferreira/u);

  panel = await compose(page);
  await panel.getByTestId("compose-format").click();
  await signed.getByText("Ana Ferreira").waitFor();
  assert.equal(await signed.locator("strong").count(), 0);
  const plain = await send("Without");
  assert.equal(plain.has_html, false);
  assert.match(plain.text, /Hello\.\r?\n\r?\n-- \r?\nAna Ferreira\r?\nlumen\.example\/ana/u);
});

windowTest("no key is lost while the editor with formatting is on its way, nor where it begins anew", { undo: 30 }, async ({ page, engine }) => {
  let arrive;
  const arrived = new Promise((done) => (arrive = done));
  await page.route(/\/RichText-[^/]*\.js$/u, async (route) => {
    await arrived;
    await route.continue();
  });
  const written = (text) => eventually(`"${text}" in a draft`, async () => (await drafts(engine)).find((one) => one.text === text));

  // Its looks are from another time: what is written into them in the plain box stands in its place.
  const source = await mailbox(engine);
  const looks = "<div>Dear <strong>Ana</strong>,</div><div>see you.</div>";
  await engine.rpc("draft.save", { ...(await engine.rpc("compose.prepare", { mode: "new" })), source: source.id, subject: "Friday", text: "Dear Ana,\nsee you.", html: looks });
  await page.getByTestId("nav-drafts").click();
  await page.getByTestId("draft-row").filter({ hasText: "Friday" }).getByText("Friday").click();
  const panel = page.getByTestId("composer");
  const body = panel.getByTestId("compose-body");
  await page.locator("textarea[data-testid=compose-body]").waitFor();
  await body.focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.type(" and Ben");
  assert.equal(await body.inputValue(), "Dear Ana and Ben,\nsee you.");
  // Saved as it is, the formatting says the same.
  const early = await written("Dear Ana and Ben,\nsee you.");
  assert.match(early.html, /<strong>Ana<\/strong> and Ben,|<strong>Ana and Ben<\/strong>,/u);
  await page.keyboard.type(" ");
  arrive();
  await panel.locator("[data-testid=compose-body][contenteditable=true]").waitFor();
  // No click: the keyboard has stayed, and so has the place.
  await page.keyboard.type("or Cem");
  await written("Dear Ana and Ben or Cem,\nsee you.");
  await body.locator("strong").waitFor();
  await page.keyboard.press("Escape");

  // The engine fills in the message late; whoever writes with formatting by then goes on writing.
  let fill;
  const filled = new Promise((done) => (fill = done));
  await page.route("**/rpc/compose.prepare", async (route) => {
    await filled;
    await route.continue();
  });
  await page.locator("#thread-list").or(page.getByRole("main")).first().focus();
  await page.keyboard.press("c");
  await panel.getByTestId("compose-format").click();
  await panel.locator("[data-testid=compose-body][contenteditable=true]").waitFor();
  await body.focus();
  await page.keyboard.type("Good day");
  await page.keyboard.press("ArrowLeft");
  fill();
  await eventually("the account", async () => (await panel.getByTestId("compose-from").count()) > 0 && (await panel.getByTestId("compose-from").inputValue()) !== "");
  await page.keyboard.type("xy");
  await written("Good daxyy");
});

windowTest("an address nobody has heard of is marked, and asked about once", { undo: 30 }, async ({ page, engine }) => {
  const panel = await compose(page);
  await panel.getByTestId("compose-to").fill("pat@never-heard-of.example,");
  await panel.getByText("first time", { exact: true }).waitFor();
  await panel.getByTestId("compose-subject").fill("Hello");
  await panel.getByTestId("compose-body").fill("Nice to meet you.");
  await page.keyboard.press("Control+Enter");
  await panel.locator("[data-testid=compose-ask][data-ask=stranger]").waitFor();
  // The answer is given by key: the question has the focus.
  await page.keyboard.press("Enter");
  await eventually("it to be queued", async () => (await sending(engine)).length === 1);
  await page.getByTestId("toast-undo").last().click();
  await panel.getByTestId("compose-body").waitFor();
  await focused(page, "composer");
  await page.keyboard.press("Control+Enter");
  await eventually("it to be queued without a second question", async () => (await sending(engine)).length === 1);
});

windowTest("a mail goes out later, at a time said in words", { undo: 10 }, async ({ page, engine }) => {
  const person = await friend(engine);
  const panel = await compose(page);
  await panel.getByTestId("compose-to").fill(`${person.handle},`);
  await panel.getByTestId("compose-subject").fill("Not now");
  await panel.getByTestId("compose-body").fill("But tomorrow.");
  await panel.getByTestId("compose-later").click();
  await page.getByTestId("compose-later-when").fill("tomorrow morning");
  await page.keyboard.press("Enter");
  await page.getByTestId("toast").filter({ hasText: /Will be sent/u }).waitFor();
  const [op] = await sending(engine);
  const at = new Date(op.not_before);
  const hour = new Intl.DateTimeFormat("en-GB", { hour: "numeric", hourCycle: "h23", timeZone: "Europe/Berlin" }).format(at);
  assert.equal(Number(hour), 8);
  assert.ok(at > new Date() && at < new Date(Date.now() + 2 * 86_400_000));
  await page.getByTestId("toast-undo").last().click();
  await eventually("it to be a draft again", async () => (await drafts(engine)).some((draft) => draft.subject === "Not now"));
});

windowTest("ten megabytes of text, two hundred recipients and a file of two gigabytes freeze nothing", { undo: 30 }, async ({ page, engine }) => {
  const folder = await mkdtemp(join(tmpdir(), "inlet-e2e-file-"));
  try {
    const file = await open(join(folder, "disk.img"), "w");
    await file.truncate(2 * 2 ** 30);
    await file.close();
    const panel = await compose(page);
    const body = panel.getByTestId("compose-body");
    await body.focus();
    await paste(body, { text: 500_000 });
    await panel.getByTestId("compose-file-row").filter({ hasText: /pasted\.txt.*11\.0 MB|pasted\.txt.*1\d(\.\d)? MB/u }).waitFor();
    assert.equal((await body.innerText()).trim(), "");

    await panel.getByTestId("compose-file").setInputFiles(join(folder, "disk.img"));
    await panel.getByTestId("compose-problem").filter({ hasText: /disk\.img.*at most/u }).waitFor();
    assert.equal(await panel.getByTestId("compose-file-row").count(), 1);

    const to = panel.getByTestId("compose-to");
    await to.focus();
    const many = Array.from({ length: 200 }, (_, i) => `Person ${i} <p${i}@team.example>`);
    // Lists name people twice.
    await paste(to, { text: [...many, "Somebody <P7@team.example>", "p8@team.example"].join(", ") });
    await panel.getByTestId("compose-to-more").filter({ hasText: "180" }).waitFor();
    await panel.getByTestId("compose-to-more").click();
    await panel.getByRole("button", { name: "Remove Person 199" }).click();
    await panel.getByTestId("compose-subject").fill("To everybody");
    await sendButton(page, "composer").click();
    await panel.locator("[data-testid=compose-ask][data-ask=many]").filter({ hasText: "199" }).waitFor();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await eventually("the panel to close", async () => (await panel.count()) === 0);
    const kept = await eventually("the draft", async () => (await drafts(engine)).find((draft) => draft.subject === "To everybody"));
    assert.equal(kept.to.length, 199);
    assert.ok(kept.attachments[0].base64.length > 10_000_000);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

windowTest("ten megabytes pasted anywhere are refused in a sentence, and freeze nothing", { undo: 30 }, async ({ page }) => {
  const HUGE = 500_000;
  const refused = /That text has 1\d,\d{3},\d{3} characters; at most [\d,]+ can be pasted here/u;
  const toast = page.getByTestId("toast").filter({ hasText: refused });
  const gone = async () => {
    await toast.getByRole("button", { name: "Dismiss" }).first().click();
    await eventually("it to be put away", async () => (await toast.count()) === 0);
  };
  const search = page.getByTestId("search-box");
  await paste(search, { text: HUGE });
  await toast.waitFor();
  assert.equal(await search.inputValue(), "");
  await gone();
  // What fits is no matter of the window.
  await search.fill("launch");
  await page.locator("[data-testid=row][data-item]").first().waitFor();
  await search.fill("");

  const panel = await compose(page);
  const to = panel.getByTestId("compose-to");
  const problem = panel.getByTestId("compose-problem");
  await paste(to, { text: HUGE });
  await problem.filter({ hasText: refused }).waitFor();
  assert.equal(await to.inputValue(), "");
  assert.equal(await panel.getByTestId("compose-file-row").count(), 0, "a list of recipients is no file");
  await paste(to, { text: Array.from({ length: 6000 }, (_, i) => `p${i}@team.example`).join("\n") });
  await problem.filter({ hasText: "5,000 recipients were left out: a message goes to 1,000 at most." }).waitFor();
  await panel.getByTestId("compose-to-more").filter({ hasText: "980" }).waitFor();

  // More formatting than anybody writes: the words of it are put in.
  const body = panel.getByTestId("compose-body");
  await body.evaluate((element) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/html", "<table><tr><td>All work</td></tr></table>".repeat(250_000));
    clipboardData.setData("text/plain", "All work and no play.");
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  });
  await problem.filter({ hasText: "only its words were put in" }).waitFor();
  await eventually("the words", async () => (await body.innerText()).trim() === "All work and no play.");

  await panel.getByTestId("compose-signatures").click();
  await page.getByTestId("kept-new").click();
  const text = page.locator("[data-testid=kept-text][contenteditable=true]");
  await text.waitFor();
  await paste(text, { text: HUGE });
  // It is said in the dialog: what lies under one is not heard.
  const note = page.getByTestId("kept-signature").getByTestId("pasted");
  await note.filter({ hasText: refused }).waitFor();
  assert.equal((await text.innerText()).trim(), "");
  await paste(text, { text: "Kind regards" });
  await eventually("what fits", async () => (await text.innerText()).trim() === "Kind regards");
  assert.equal(await note.count(), 0);
});

windowTest("an engine that is killed while one types loses at most a second of it", {}, async ({ page, engine }) => {
  const row = (await threads(engine, { in: "inbox", kind: "mail" })).find((one) => one.title.trim() !== "" && !one.last_from_me);
  // A page of its own, as it will complain of the engine that is gone.
  const other = await page.context().newPage();
  await other.goto(engine.url);
  await page.goto("about:blank");
  await other.getByTestId("row").first().waitFor();
  await openThread(other, row);
  await replyBox(other).focus();
  const typed = [];
  const started = Date.now();
  while (Date.now() - started < 3000) {
    await other.keyboard.type("x");
    typed.push(Date.now());
  }
  const killed = Date.now();
  const ended = new Promise((done) => engine.child.once("exit", done));
  engine.child.kill("SIGKILL");
  await ended;
  await other.close();
  await engine.start();
  const [draft] = await drafts(engine);
  const before = typed.filter((at) => at < killed - 1000).length;
  assert.ok(draft.text.length >= before, `${draft.text.length} letters are left of ${typed.length}; ${before} were older than a second`);
});

windowTest("every source that can send is answered from the foot of its conversation", { undo: 30 }, async ({ page, engine }) => {
  const { accounts } = await engine.rpc("status");
  const sources = accounts.flatMap((account) => account.sources).filter((source) => source.capabilities.send && source.state !== "auth_needed");
  assert.deepEqual([...new Set(sources.map((source) => source.type))].sort(), ["gmail", "onenote", "outlook", "slack", "teams", "whatsapp"]);
  for (const source of sources) {
    const rows = await threads(engine, { in: "all", source: source.id });
    const row = rows.find((one) => one.title.trim() !== "" && !one.last_from_me && one.people.length > 0) ?? rows.find((one) => one.title.trim() !== "") ?? rows[0];
    await openThread(page, row);
    await page.locator(`[data-testid=reply] [data-testid=reply-box]`).fill(`Noted (${source.type}).`);
    await page.keyboard.press("Control+Enter");
    await eventually(`the answer through ${source.name}`, async () => (await sending(engine)).some((op) => op.source === source.id && op.thread === row.id));
  }
});

windowTest("an answer goes on in a chat with the same person, only after the question who that is", { undo: 30 }, async ({ page, engine }) => {
  let found;
  for (const row of (await threads(engine, { in: "inbox", kind: "mail" })).filter((one) => one.title.trim() !== "" && !one.last_from_me)) {
    const [there] = await engine.rpc("people.elsewhere", { id: row.id });
    if (there && !there.same) found = { row, there };
    if (found) break;
  }
  assert.ok(found, "somebody in the demo world writes mails and chats under another address");
  await openThread(page, found.row);
  await replyBox(page).fill("Shall we talk instead?");
  await eventually("the draft", async () => (await drafts(engine)).some((draft) => draft.thread === found.row.id));
  await page.getByTestId("channel-instead").first().click();
  await page.getByTestId("channel-ask").filter({ hasText: found.there.person.handle }).waitFor();
  await page.keyboard.press("Enter");
  await eventually("the words in the chat", async () => (await drafts(engine)).some((draft) => draft.thread === found.there.thread && draft.text === "Shall we talk instead?"));
  await eventually("the words in its box", async () => (await replyBox(page).inputValue()) === "Shall we talk instead?");
  await eventually("the mail to have no draft any more", async () => !(await drafts(engine)).some((draft) => draft.thread === found.row.id));
  assert.equal((await sending(engine)).length, 0);
});

windowTest("an answer in a chat goes on as a new mail to the same person, only after the question who that is", { undo: 30 }, async ({ page, engine }) => {
  let found;
  for (const row of await threads(engine, { in: "inbox", kind: "chat" })) {
    const there = (await engine.rpc("people.elsewhere", { id: row.id })).find((one) => one.thread === null);
    if (there) found = { row, there };
    if (found) break;
  }
  assert.ok(found, "somebody in the demo world chats and writes mails under another address");
  const { row, there } = found;
  await openThread(page, row);
  await replyBox(page).fill("This is too long for a chat.");
  await eventually("the draft", async () => (await drafts(engine)).some((draft) => draft.thread === row.id));
  const source = (await engine.rpc("status")).accounts.flatMap((account) => account.sources).find((one) => one.id === there.source);
  const instead = page.getByTestId("channel-instead").filter({ hasText: "Write a mail instead" });
  await instead.first().click();
  await page.getByTestId("channel-ask").filter({ hasText: there.person.handle }).waitFor();
  await page.keyboard.press("Enter");
  const panel = page.getByTestId("composer");
  await panel.getByTestId("compose-heading").getByText(source.identity).waitFor();
  await panel.getByText(there.person.name).first().waitFor();
  const draft = await eventually("the words in a mail", async () => (await drafts(engine)).find((one) => one.text === "This is too long for a chat."));
  assert.deepEqual([draft.thread, draft.source, draft.to], [null, there.source, [there.person]]);
  await eventually("the chat to have no draft any more", async () => !(await drafts(engine)).some((one) => one.thread === row.id));
  // The keyboard is in the panel.
  await panel.getByTestId("compose-subject").press("End");
  await page.keyboard.type("At length");
  await page.keyboard.press("Control+Enter");
  await eventually("the mail to be queued", async () => (await sending(engine)).some((op) => op.source === there.source));
});

windowTest("an answer from another mailbox than it came to asks first, and goes back to the right one", { undo: 30 }, async ({ page, engine }) => {
  const { accounts } = await engine.rpc("status");
  const boxes = accounts.flatMap((account) => account.sources).filter((source) => source.kind === "mail" && source.capabilities.send);
  const home = boxes.find((box) => box.type === "outlook");
  const other = boxes.find((box) => box.id !== home.id);
  const row = (await threads(engine, { in: "inbox", source: home.id })).find((one) => one.title.trim() !== "" && !one.last_from_me);
  await openThread(page, row);
  await replyBox(page).fill("From the wrong desk.");
  await page.getByTestId("reply").getByRole("button", { name: "Write in a larger panel" }).click();
  const panel = page.getByTestId("composer");
  await panel.getByTestId("compose-from").selectOption(other.id);
  await sendButton(page, "composer").click();
  const ask = panel.locator("[data-testid=compose-ask][data-ask=account]");
  await ask.getByText(home.identity).first().waitFor();
  assert.equal((await sending(engine)).length, 0, "nothing goes before the answer");
  await ask.getByRole("button").first().click();
  await eventually("the mailbox it came to", async () => (await panel.getByTestId("compose-from").inputValue()) === home.id);
  await sendButton(page, "composer").click();
  await eventually("the answer from there", async () => (await sending(engine)).some((op) => op.source === home.id && op.thread === row.id));
});
