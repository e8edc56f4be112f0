// Each task by the keyboard alone, from the first key to its end: nothing is pressed with a mouse, and nothing has the
// focus that keys did not bring there.

import assert from "node:assert/strict";

import { eventually, threads, windowTest } from "./harness.mjs";
import { alone, downTo, focused, inList, press, tabTo } from "./keys.mjs";
import { letter, startMailbox } from "./mailbox.mjs";

/** Goes to a list by its chord. */
async function go(page, letter, name) {
  await press(page, "g", letter);
  await page.locator(`#thread-list[aria-label="${name}"]`).waitFor();
  await inList(page);
}

windowTest("every kind of source is answered from the list to the end, by keys alone", { undo: 0, prepare: alone }, async ({ page, engine }) => {
  const { accounts } = await engine.rpc("status");
  const able = accounts.flatMap((account) => account.sources).filter((source) => source.capabilities.send && source.state !== "auth_needed");
  const sources = [...new Map(able.map((source) => [source.type, source])).values()];
  assert.deepEqual(sources.map((source) => source.type).sort(), ["gmail", "onenote", "outlook", "slack", "teams", "whatsapp"]);
  for (const source of sources) {
    const note = source.kind === "note";
    await (note ? go(page, "n", "Notes") : go(page, "i", "Inbox"));
    const row = (await threads(engine, { in: note ? "notes" : "inbox" })).find((one) => one.source === source.id && (note || !one.last_from_me));
    assert.ok(row, `a conversation of ${source.name}`);
    await downTo(page, row.id);
    await press(page, "Enter");
    await page.getByTestId("reader-item").first().waitFor();
    await press(page, "r");
    await focused(page, "reply-box");
    const words = `Noted by hand (${source.type}).`;
    await page.keyboard.type(words);
    await press(page, source.kind === "chat" ? "Enter" : "Control+Enter");
    await eventually(`the answer to be out through ${source.name}`, async () => {
      const { items } = await engine.rpc("thread.get", { id: row.id });
      return items.some((item) => item.text.includes(words) && item.op === null);
    });
    await eventually("it to be in the window", async () => {
      const [, ...mails] = page.frames();
      const said = [page.getByTestId("reader-item"), ...mails.map((frame) => frame.locator("body"))].map((part) => part.allInnerTexts().catch(() => []));
      return (await Promise.all(said)).flat().some((text) => text.includes(words));
    });
    // From where one writes back to the list.
    await press(page, "Escape");
    await inList(page);
  }
  await press(page, "g", "o");
  await tabTo(page, "outbox-finished");
  await press(page, "Space");
  const done = page.getByTestId("outbox-row").filter({ has: page.locator("[data-testid=outbox-state][data-state=done]") });
  await eventually("each of them in the log", async () => (await done.count()) >= sources.length);
});

windowTest("search, refine, save and reopen, by keys alone", { prepare: alone }, async ({ page, engine }) => {
  const { hits } = await engine.rpc("search", { query: "has:attachment" });
  const query = `has:attachment from:${hits.find((hit) => hit.from?.handle.includes("@")).from.handle}`;
  const wanted = (await engine.rpc("search", { query, limit: 5 })).hits.map((hit) => hit.item);
  const shown = () =>
    eventually(`the hits of ${query}`, async () => {
      const seen = await page.getByTestId("row").evaluateAll((rows) => rows.map((row) => row.dataset.item));
      return wanted.every((item, i) => seen[i] === item);
    });
  await press(page, "/");
  await page.keyboard.type("has:attachment");
  await press(page, "Enter");
  await page.locator(`[data-testid=row][data-item="${hits[0].item}"]`).waitFor();
  await inList(page);
  await press(page, "/", "End");
  await page.keyboard.type(query.slice("has:attachment".length));
  await press(page, "Enter");
  await shown();
  await inList(page);
  await press(page, "Shift+S");
  await focused(page, "keep-search-name");
  await page.keyboard.type("Files of theirs");
  await press(page, "Enter");
  await page.getByTestId("keep-search").waitFor({ state: "detached" });
  await page.getByTestId("saved-search").waitFor();

  // From the rail, which lies before the search box.
  await go(page, "i", "Inbox");
  await press(page, "/");
  await focused(page, "search-box");
  await tabTo(page, "saved-search", "Shift+Tab");
  await press(page, "Enter");
  await shown();
  await inList(page);
  await press(page, "j", "Enter");
  await page.getByTestId("reader-item").first().waitFor();

  // From the palette.
  await go(page, "i", "Inbox");
  await press(page, "Control+k");
  await focused(page, "palette-input");
  await page.keyboard.type("files of th");
  await page.locator("[data-testid=palette-option][aria-selected=true]").filter({ hasText: "Files of theirs" }).waitFor();
  await press(page, "Enter");
  await shown();
});

windowTest("snoozed in words, found among the snoozed, and had back, by keys alone", { prepare: alone }, async ({ page, engine }) => {
  const [first, second] = await threads(engine);
  await downTo(page, first.id);
  await press(page, "h");
  await focused(page, "snooze");
  await page.keyboard.type("next monday");
  await press(page, "Enter");
  const row = page.locator(`[data-testid=row][data-thread="${first.id}"]`);
  await row.waitFor({ state: "detached" });
  await inList(page);
  // One of the usual times, chosen by Tab.
  await downTo(page, second.id);
  await press(page, "h");
  await focused(page, "snooze");
  await press(page, "Tab", "Enter");
  await page.locator(`[data-testid=row][data-thread="${second.id}"]`).waitFor({ state: "detached" });

  await go(page, "h", "Snoozed");
  await downTo(page, first.id);
  await press(page, "Shift+I");
  await row.waitFor({ state: "detached" });
  await go(page, "i", "Inbox");
  await row.waitFor();
  await press(page, "z");
  await row.waitFor({ state: "detached" });
});

windowTest("a mailbox is connected and its first mail read and answered, by keys alone", { demo: false, undo: 0, prepare: alone }, async ({ page, engine }) => {
  const mail = await startMailbox();
  try {
    await mail.ask({ deliver: letter("Harbour", "Shall we meet at the harbour?") });
    await engine.rpc("secrets.unlock", { passphrase: "correct horse" });
    const { config, password } = mail.where;
    await tabTo(page, "first-run-connect");
    await press(page, "Enter");
    const fill = async (testid, text) => {
      await tabTo(page, testid);
      await press(page, "Control+a");
      await page.keyboard.type(text);
    };
    await fill("wizard-address", config.address);
    await fill("wizard-password", password);
    await fill("wizard-name", "Anna Berg");
    await tabTo(page, "wizard-advanced");
    await press(page, "Enter");
    await eventually("the servers of the address", async () => (await page.getByTestId("wizard-imap-host").inputValue()) !== "");
    await fill("wizard-imap-host", config.imap.host);
    await fill("wizard-imap-port", String(config.imap.port));
    await fill("wizard-smtp-host", config.smtp.host);
    await fill("wizard-smtp-port", String(config.smtp.port));
    // The kind of protection by its first letter; it may change the ports to the usual ones, but for those one wrote.
    await tabTo(page, "wizard-tls");
    await page.keyboard.type("None");
    await eventually("no protection", async () => (await page.getByTestId("wizard-tls").inputValue()) === "loopback-plain");
    assert.equal(await page.getByTestId("wizard-imap-port").inputValue(), String(config.imap.port));
    await tabTo(page, "wizard-test");
    await press(page, "Enter");
    await page.getByText("Everything works", { exact: false }).waitFor();
    await tabTo(page, "wizard-connect");
    await press(page, "Enter");
    await focused(page, "wizard-open");
    await press(page, "Enter");
    await page.getByTestId("row").filter({ hasText: "Harbour" }).waitFor();
    await inList(page);
    await press(page, "Home", "Enter");
    await page.getByTestId("reader").getByText("Shall we meet at the harbour?").first().waitFor();
    await press(page, "r");
    await focused(page, "reply-box");
    await page.keyboard.type("At noon.");
    await press(page, "Control+Enter");
    const [sent] = await mail.ask({ accepted: 1 });
    assert.match(sent, /At noon\./u);
  } finally {
    await mail.stop();
  }
});

windowTest("settings are found, changed and given back, by keys alone", { prepare: alone }, async ({ page, engine }) => {
  const setting = async (key) => (await engine.rpc("config.list")).find((one) => one.key === key);
  const find = async (words, key) => {
    await tabTo(page, "settings-find", "Shift+Tab");
    await press(page, "Control+a");
    await page.keyboard.type(words);
    await tabTo(page, `setting-${key}`);
  };
  await press(page, "Control+,");
  await page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  // The keyboard is in the view, not at the top of the window.
  await page.waitForFunction(() => document.activeElement?.tagName === "MAIN");
  await press(page, "Tab");
  await focused(page, "settings-find");

  // A number.
  await find("undo", "send.undo_seconds");
  await press(page, "Control+a");
  await page.keyboard.type("25");
  await press(page, "Tab");
  await eventually("the seconds", async () => (await setting("send.undo_seconds")).value === "25");
  await tabTo(page, "reset-send.undo_seconds");
  await press(page, "Enter");
  await eventually("the default", async () => (await setting("send.undo_seconds")).origin === "default");
  // The button is gone; the keyboard is still in its row.
  await focused(page, "setting-send.undo_seconds");

  // A choice.
  await find("density", "appearance.density");
  const before = (await setting("appearance.density")).value;
  await press(page, "ArrowDown");
  await eventually("another density", async () => (await setting("appearance.density")).value !== before);

  // A switch.
  await find("enter sends", "compose.enter_sends");
  await press(page, "Space");
  await eventually("the switch", async () => (await setting("compose.enter_sends")).value === "false");

  // A section by its name, and a setting from the palette.
  await tabTo(page, "settings-find", "Shift+Tab");
  await press(page, "Control+a", "Delete");
  await tabTo(page, "section-privacy");
  await press(page, "Enter");
  await page.getByRole("heading", { level: 2, name: "Privacy" }).waitFor();
  await press(page, "Control+k");
  await focused(page, "palette-input");
  await page.keyboard.type("text size");
  await page.locator('[data-entry="setting:appearance.font_size"][aria-selected=true]').waitFor();
  await press(page, "Enter");
  await focused(page, "setting-appearance.font_size");
});
