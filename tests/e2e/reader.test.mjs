// Reading a mail, a chat and a note; and foreign HTML, which can run nothing and fetch nothing.

import assert from "node:assert/strict";

import { eventually, openThread, threads, windowTest } from "./harness.mjs";

for (const kind of ["mail", "chat", "note"]) {
  windowTest(`a ${kind} opens and shows its text`, {}, async ({ page, engine }) => {
    const rows = await threads(engine, { in: "all", kind });
    const row = rows.find((one) => one.title.trim() !== "");
    const view = await engine.rpc("thread.get", { id: row.id });
    const last = view.items.at(-1);
    await openThread(page, row);
    const item = page.locator(`[data-testid=reader-item][data-item="${last.id}"]`);
    await item.waitFor();
    const word = last.text.match(/\p{L}{5,}/u)[0];
    if (last.has_html) await item.frameLocator("iframe").getByText(word).first().waitFor();
    else await item.getByText(word).first().waitFor();
  });
}

/** The first mail whose HTML has remote images. */
async function mailWithImages(engine) {
  for (const row of await threads(engine, { in: "all", kind: "mail" })) {
    const { items } = await engine.rpc("thread.get", { id: row.id });
    const last = items.at(-1);
    if (!last.has_html || row.title.trim() === "") continue;
    const html = await engine.rpc("item.html", { id: last.id });
    if (html.blocked_images > 0) return { row, item: last, html };
  }
  throw new Error("the demo world has no mail with remote images");
}

windowTest("the frame of an HTML mail has no scripts, and remote images wait for a word", {}, async ({ page, engine }) => {
  const { row, item, html } = await mailWithImages(engine);
  const outside = [];
  page.on("request", (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && hostname !== "127.0.0.1") outside.push(request.url());
  });
  await openThread(page, row);
  const frame = page.locator(`[data-item="${item.id}"] iframe`);
  await frame.waitFor();
  const sandbox = await frame.getAttribute("sandbox");
  assert.ok(!sandbox.includes("allow-scripts") && !sandbox.includes("allow-same-origin"), sandbox);
  const document = await frame.getAttribute("srcdoc");
  assert.ok(!/<script/iu.test(document));
  assert.match(document, /Content-Security-Policy/u);
  const remote = await frame.contentFrame().locator('img[src^="http"]').count();
  assert.equal(remote, 0);

  const bar = page.locator(`[data-item="${item.id}"]`).getByText(/not loaded/u);
  await bar.waitFor();
  assert.match(await bar.innerText(), new RegExp(String(html.blocked_images), "u"));
  assert.deepEqual(outside, []);

  // Asked for, the engine fetches them; the page itself never does. The demo's hosts do not exist,
  // so they stay out, and the button can be pressed again.
  const asked = page.waitForRequest((request) => request.url().includes("/rpc/item.html") && request.postData().includes('"remote_images":true'));
  await page.getByTestId("load-images").click();
  await (await asked).response();
  await eventually("the button to be ready again", () => page.getByTestId("load-images").isEnabled());
  assert.equal(await frame.contentFrame().locator('img[src^="http"]').count(), 0);
  assert.deepEqual(outside, []);
});

windowTest("a sender is agreed to in the bar, and the settings take it back", {}, async ({ page, engine }) => {
  const { row, item, html } = await mailWithImages(engine);
  const senders = async () => (await engine.rpc("kept.list", { kind: "images" })).map((kept) => kept.name);
  await openThread(page, row);
  const mail = page.locator(`[data-item="${item.id}"]`);
  assert.match(await mail.getByTestId("always-images").innerText(), new RegExp(html.images_sender.replaceAll(".", "\\."), "u"));
  await mail.getByTestId("always-images").click();
  await mail.getByTestId("always-images").waitFor({ state: "detached" });
  assert.deepEqual(await senders(), [html.images_sender]);
  await page.reload();
  await page.getByTestId("row").first().waitFor();
  await openThread(page, row);
  await mail.getByTestId("frame").waitFor();
  assert.equal(await mail.getByTestId("always-images").count(), 0, "what is agreed to is not asked again");

  await page.keyboard.press("Control+,");
  await page.getByTestId("section-privacy").click();
  await page.getByTestId("images-sender").getByRole("button").click();
  await eventually("the consent to go", async () => (await senders()).length === 0);
  await page.getByTestId("toast").getByRole("button", { name: "Undo" }).click();
  await eventually("the consent to come back", async () => (await senders()).join() === html.images_sender);
});

windowTest("U closes what is open and the list has the keyboard again", {}, async ({ page }) => {
  await page.getByTestId("row").first().click();
  await page.getByTestId("reader-item").first().waitFor();
  await page.keyboard.press("u");
  await eventually("the reader to be empty", async () => (await page.getByTestId("reader-item").count()) === 0);
  await eventually("the list to have the focus", () => page.evaluate(() => document.activeElement?.id === "thread-list"));
});

windowTest("a chat opens where its unread ones begin, quotes what is answered and goes there", {}, async ({ page, engine }) => {
  let found;
  for (const row of await threads(engine, { in: "all", kind: "chat" })) {
    const { items } = await engine.rpc("thread.get", { id: row.id, limit: 100 });
    const answer = items.find((item) => item.reply_to !== null && !item.retracted);
    if (answer) found ??= { row, answer };
  }
  const unread = (await threads(engine, { in: "inbox", kind: "chat" })).find((row) => row.unread > 0);
  const { items } = await engine.rpc("thread.get", { id: unread.id });
  const first = items.find((item) => !item.flags.read && !item.from_me);
  await page.locator(`[data-testid=row][data-thread="${unread.id}"]`).first().click();
  await page.getByTestId("unread-line").waitFor();
  const after = await page.getByTestId("unread-line").evaluate((line) => line.nextElementSibling.querySelector("[data-item]").dataset.item);
  assert.equal(after, first.id);
  await eventually("it to be in sight", () =>
    page.getByTestId("unread-line").evaluate((line) => {
      const [at, box] = [line.getBoundingClientRect(), line.closest(".scroll").getBoundingClientRect()];
      return at.top >= box.top && at.bottom <= box.bottom;
    }),
  );

  await openThread(page, found.row);
  const bubble = page.locator(`[data-item="${found.answer.id}"]`);
  await bubble.getByTestId("answers").click();
  await eventually("the answered message to have the focus", () => page.evaluate((id) => document.activeElement?.dataset.item === id, found.answer.reply_to));
});

windowTest("an invitation is answered by keyboard, shown at once, taken back, and the answer changed", { undo: 30 }, async ({ page, engine }) => {
  let row, item;
  for (const one of await threads(engine, { in: "inbox", kind: "mail" })) {
    const { items } = await engine.rpc("thread.get", { id: one.id });
    item = items.find((candidate) => candidate.invitation?.can_answer && Date.parse(candidate.invitation.starts) > Date.now());
    if (item) {
      row = one;
      break;
    }
  }
  assert.ok(row, "the demo world has an invitation to something that is still to come");
  const answer = async () => (await engine.rpc("item.get", { id: item.id })).invitation.answer;
  await openThread(page, row);
  const card = page.locator(`[data-item="${item.id}"]`).getByTestId("invitation");
  await card.waitFor();
  const text = await card.innerText();
  for (const word of [item.invitation.summary, item.invitation.place]) assert.ok(text.includes(word), `${word} in ${text}`);
  assert.match(text, /From /u);

  const accept = card.getByTestId("rsvp-accept");
  await accept.focus();
  await page.keyboard.press("Enter");
  await card.getByText("You have accepted.").waitFor();
  await accept.and(page.locator("[aria-pressed=true]")).waitFor();
  await eventually("the engine to know", async () => (await answer()) === "accept");
  const waiting = async () => (await engine.rpc("outbox.list")).filter((op) => op.kind === "rsvp").map((op) => op.state);
  assert.deepEqual(await waiting(), ["queued"], "held back, to be taken back");

  await page.keyboard.press("z");
  await eventually("the answer to be taken back", async () => (await answer()) === null);
  await eventually("no button to be pressed", async () => (await accept.getAttribute("aria-pressed")) === "false");
  await eventually("nothing to wait", async () => (await waiting()).length === 0);

  await page.keyboard.press("Tab");
  await page.keyboard.press("Space");
  await card.getByText("You have answered with “maybe”.").waitFor();
  await card.getByTestId("rsvp-decline").click();
  await card.getByText("You have declined.").waitFor();
  await eventually("the last word to count", async () => (await answer()) === "decline");
  assert.deepEqual(await waiting(), ["queued"], "one answer goes out");

  // By the keys of the table, wherever the keyboard is in the conversation.
  for (const [key, word] of [["Shift+Y", "accept"], ["Shift+M", "tentative"], ["Shift+D", "decline"]]) {
    await page.keyboard.press(key);
    await eventually(`${key} to count`, async () => (await answer()) === word);
  }
  await page.keyboard.press("?");
  await page.getByText("Accept the invitation").first().waitFor();
});
