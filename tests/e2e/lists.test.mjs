// What is done to many conversations, where they are put, and how they come back.

import assert from "node:assert/strict";

import { activeRow, eventually, rowIds, threads, windowTest } from "./harness.mjs";
import { alone, focused, goTo, inList, press } from "./keys.mjs";
import { letter, mailbox } from "./mailbox.mjs";

const get = async (engine, id) => (await engine.rpc("thread.get", { id, limit: 1 })).thread;

windowTest("fifty rows are gone through by keyboard alone", {}, async ({ page, engine }) => {
  const rows = (await threads(engine)).slice(0, 50);
  const keys = ["e", "s", "j", "Shift+U", "#"];
  // What is selected is what every key is for, so selecting comes last.
  const wanted = rows.map((row, i) => ({ row, key: i < 45 ? (row.kind === "mail" ? keys[i % keys.length] : keys[i % 4]) : "x" }));
  await page.locator("#thread-list").focus();
  await page.keyboard.press("Home");
  for (const { row, key } of wanted) {
    await eventually(`the focus on ${row.id}`, async () => (await activeRow(page)) === row.id);
    await page.keyboard.press(key);
    // What leaves gives its place to the next; from the others one goes on.
    if (key !== "e" && key !== "#" && key !== "j") await page.keyboard.press("j");
  }
  for (const { row, key } of wanted) {
    const now = await eventually(`what ${key} does`, async () => {
      const now = await get(engine, row.id);
      if (key === "e") return now.place === "archive" && now;
      if (key === "#") return now.place === "trash" && now;
      if (key === "s") return now.starred !== row.starred && now;
      if (key === "Shift+U") return now.unread > 0 !== row.unread > 0 && now;
      return now;
    });
    assert.equal(now.place, key === "e" ? "archive" : key === "#" ? "trash" : "inbox");
  }
  await page.getByTestId("selection").getByText("5 selected").waitFor();
});

windowTest("People and Updates hold what they say, and Tab goes from one to the next", {}, async ({ page, engine }) => {
  await page.locator("#thread-list").focus();
  for (const group of ["people", "updates"]) {
    const wanted = (await threads(engine, { group })).map((row) => row.id);
    assert.ok(wanted.length > 3);
    while ((await page.getByTestId(`split-${group}`).getAttribute("aria-pressed")) !== "true") await page.keyboard.press("Tab");
    await eventually(`the list of ${group}`, async () => {
      const seen = await rowIds(page);
      return seen.length > 3 && seen.every((id, i) => id === wanted[i]);
    });
  }
});

windowTest("L puts labels on and off, makes a folder, and Z takes it back", {}, async ({ page, engine }) => {
  const rows = await threads(engine);
  const gmail = rows.find((row) => row.source_type === "gmail" && !row.labels.includes("Travel"));
  const outlook = rows.find((row) => row.source_type === "outlook");
  await goTo(page, engine, gmail.id);
  await page.keyboard.press("l");
  const picker = page.getByTestId("filing");
  await picker.getByTestId("place").first().waitFor();
  await page.keyboard.type("trav");
  await page.keyboard.press("Enter");
  await eventually("the label", async () => (await get(engine, gmail.id)).labels.includes("Travel"));
  await eventually("the tick", async () => (await picker.getByTestId("place").first().getAttribute("aria-checked")) === "true");
  await page.keyboard.press("Enter");
  await eventually("the label to go", async () => !(await get(engine, gmail.id)).labels.includes("Travel"));
  await page.keyboard.press("Escape");
  await page.keyboard.press("z");
  await eventually("the label to come back", async () => (await get(engine, gmail.id)).labels.includes("Travel"));

  await goTo(page, engine, outlook.id);
  await page.keyboard.press("l");
  await picker.getByTestId("place").first().waitFor();
  await page.keyboard.type("Plans/2027");
  await eventually("only what would be made", async () => (await picker.getByTestId("place").count()) === 1);
  await page.keyboard.press("Enter");
  await eventually("the row to leave", async () => !(await rowIds(page)).includes(outlook.id));
  await eventually("the folder", async () => (await get(engine, outlook.id)).labels.includes("Plans/2027"));
  await eventually("the platform to have it", async () => (await engine.rpc("outbox.list")).length === 0);
  await page.keyboard.press("z");
  await eventually("the row to come back", async () => (await get(engine, outlook.id)).place === "inbox");

  // A selection over two accounts: each choice says whose it is, and is for its own alone.
  for (const row of [gmail, outlook]) {
    await goTo(page, engine, row.id);
    await page.keyboard.press("x");
  }
  await page.keyboard.press("l");
  await picker.getByTestId("place").first().waitFor();
  await page.keyboard.type("suppl");
  await picker.getByText("1 of 2").first().waitFor();
  await page.keyboard.press("Enter");
  await eventually("the mail of one account", async () => (await get(engine, outlook.id)).labels.includes("Suppliers"));
  assert.equal((await get(engine, gmail.id)).place, "inbox");
});

windowTest("all that match are done at once and undone as one", {}, async ({ page, engine }) => {
  const before = (await engine.rpc("threads.list", { in: "inbox" })).total;
  await page.locator("#thread-list").focus();
  await page.keyboard.press("x");
  await page.getByTestId("select-all").click();
  await page.getByTestId("selection").getByText(`All ${before} selected`).waitFor();
  await page.getByTestId("bulk-archive").click();
  await eventually("an empty inbox", async () => (await engine.rpc("threads.list", { in: "inbox" })).total === 0);
  await page.getByText("All done").waitFor();
  await page.getByTestId("toast-undo").last().click();
  await eventually("the inbox as it was", async () => (await engine.rpc("threads.list", { in: "inbox" })).total === before);
  await page.getByTestId("row").first().waitFor();

  // The same for everything that a search finds, hits chosen one by one first.
  const query = "in:inbox type:mail";
  const found = (await threads(engine, { in: "inbox", query, limit: 500 })).map((row) => row.id);
  await page.getByTestId("search-box").fill(query);
  await page.keyboard.press("Enter");
  await page.getByTestId("row").first().waitFor();
  await page.locator("#thread-list").focus();
  await page.keyboard.press("x");
  await page.getByTestId("selection").getByText("1 selected").waitFor();
  await page.keyboard.press("Control+a");
  await page.getByTestId("selection").getByText(/^All /u).waitFor();
  await page.keyboard.press("m");
  await eventually("all to be muted", async () => (await threads(engine, { in: "inbox", query, limit: 500 })).length === 0);
  assert.ok((await get(engine, found.at(-1))).muted);
  await page.keyboard.press("z");
  await eventually("all to be heard again", async () => (await threads(engine, { in: "inbox", query, limit: 500 })).length === found.length);
});

windowTest("two hundred rapid archives and undos end where they should", {}, async ({ page, engine }) => {
  const before = (await threads(engine)).map((row) => row.id);
  await page.locator("#thread-list").focus();
  await page.keyboard.press("Home");
  await eventually("the first row", async () => (await activeRow(page)) === before[0]);
  // In bursts, as fast as a hand can: ten out, ten back, and one for good.
  for (let burst = 0; burst < 10; burst++) {
    for (let i = 0; i < 10; i++) await page.keyboard.press("e");
    for (let i = 0; i < 10; i++) await page.keyboard.press("z");
    await eventually("every key to be answered", async () => (await threads(engine)).length === before.length - burst);
    await eventually("the first row", async () => {
      await page.keyboard.press("Home");
      return (await activeRow(page)) === before[burst];
    });
    await page.keyboard.press("e");
    await eventually("the row to stay away", async () => (await threads(engine)).length === before.length - burst - 1);
  }
  const left = before.slice(10);
  assert.deepEqual((await threads(engine)).map((row) => row.id), left);
  await eventually("the window to agree", async () => {
    const seen = await rowIds(page);
    return seen.length > 0 && seen.every((id, i) => id === left[i]);
  });
  await eventually("the platforms to agree", async () => (await engine.rpc("outbox.list")).length === 0);
  await engine.rpc("sync.now");
  assert.deepEqual((await threads(engine)).map((row) => row.id), left);
});

windowTest("H snoozes and the conversation is back in time", {}, async ({ page, engine }) => {
  const [first] = await threads(engine);
  await goTo(page, engine, first.id);
  await page.keyboard.press("h");
  await page.getByTestId("snooze").getByRole("textbox").fill("in 3 days");
  await page.keyboard.press("Enter");
  await eventually("the row to leave", async () => !(await rowIds(page)).includes(first.id));
  const snoozed = await eventually("the engine to know", async () => (await get(engine, first.id)).snoozed_until);
  const until = Date.parse(snoozed) - Date.now();
  assert.ok(until > 2 * 86_400_000 && until < 4 * 86_400_000, `${until}`);
  // The time comes: what the window asked for is told anew with a moment that is near.
  await engine.rpc("act", { verb: "snooze", threads: [first.id], until: new Date(Date.now() + 3000).toISOString() });
  await eventually("the row to come back", async () => (await rowIds(page)).includes(first.id));
});

windowTest("Shift+H reminds of what nobody answers, and says since when", {}, async ({ page, engine }) => {
  await page.keyboard.press("g");
  await page.keyboard.press("w");
  await page.getByRole("heading", { level: 1, name: "Waiting" }).waitFor();
  const { actions } = await engine.rpc("actions.list", { which: "waiting" });
  const waiting = actions.map((one) => one.thread).filter((row) => row.last_from_me);
  const mail = waiting.find((row) => row.kind === "mail" && row.place !== "inbox") ?? waiting[0];
  await page.locator(`#card-${mail.id}`).focus();
  await page.keyboard.press("Shift+H");
  await page.getByTestId("remind").getByRole("textbox").fill("tomorrow 9");
  await page.keyboard.press("Enter");
  await eventually("the reminder", async () => (await get(engine, mail.id)).remind_at !== null);
  await engine.rpc("act", { verb: "remind", threads: [mail.id], until: new Date(Date.now() + 3000).toISOString() });
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  const back = page.locator(`[data-testid=row][data-thread="${mail.id}"]`);
  await eventually("the conversation in the inbox", async () => (await get(engine, mail.id)).place === "inbox");
  await goTo(page, engine, mail.id);
  await back.getByTestId("reason").getByText(/No answer since/u).waitFor();
});

/** Opens the newest mail of a list that is left this way, and presses what leaves it. */
async function leave(page, engine, way) {
  for (const row of await threads(engine, { in: "all", kind: "mail", group: "updates" })) {
    const { items } = await engine.rpc("thread.get", { id: row.id });
    const mail = items.findLast((item) => item.unsubscribe?.way === way);
    if (!mail) continue;
    await page.getByTestId("search-box").fill(row.title);
    await page.locator(`[data-testid=row][data-thread="${row.id}"]`).first().click();
    await page.getByTestId("unsubscribe").first().click();
    return mail.id;
  }
  assert.fail(`the demo world has a list that is left by ${way}`);
}

windowTest("a list that is left by mail was asked once the mail is out, and never when it is taken back", { undo: 30 }, async ({ page, engine }) => {
  const mail = await leave(page, engine, "mail");
  const asked = async () => (await engine.rpc("item.get", { id: mail })).unsubscribe;
  await page.getByTestId("leave-confirm").click();
  await page.getByTestId("unsubscribe").first().getByText(/^Asked to unsubscribe/u).waitFor();
  await page.getByTestId("toast-undo").last().click();
  await eventually("nobody to have been asked", async () => (await asked()).asked_at === null);
  await page.getByTestId("unsubscribe").first().getByText("Unsubscribe", { exact: true }).waitFor();

  await engine.rpc("config.set", { key: "send.undo_seconds", value: "0" });
  await page.getByTestId("unsubscribe").first().click();
  await page.getByTestId("leave-confirm").click();
  await page.getByTestId("unsubscribe").first().getByText(/^Unsubscribed/u).waitFor();
  await eventually("the mail to be out", async () => (await asked()).asked_at !== null && !(await asked()).pending);
});

windowTest("a list of a real mailbox is left by a mail through its own server, and the window says so", { demo: false, undo: 0, prepare: alone }, async ({ page, engine }) => {
  const mail = await mailbox(engine);
  try {
    const list = "List-Unsubscribe: <mailto:leave@list.test?subject=leave%20anna>";
    await mail.ask({ deliver: letter("Digest", "This week in the harbour.", "List-Id: <harbour.list.test>", list) });
    await page.getByTestId("row").filter({ hasText: "Digest" }).waitFor();
    await inList(page);
    await press(page, "Home", "Enter");
    await page.getByTestId("unsubscribe").getByText("Unsubscribe", { exact: true }).waitFor();
    await press(page, "Shift+L");
    await page.getByTestId("leave-list").getByText("leave@list.test").waitFor();
    await focused(page, "leave-confirm");
    await press(page, "Enter");
    const [asked] = await mail.ask({ accepted: 1 });
    assert.match(asked, /^To: .*leave@list\.test/mu);
    assert.match(asked, /^Subject: leave anna\r?$/mu);
    await page.getByTestId("unsubscribe").getByText(/^Unsubscribed/u).waitFor();
  } finally {
    await mail.stop();
  }
});

windowTest("a list is left after a question, and that is remembered", {}, async ({ page, engine }) => {
  await leave(page, engine, "one_click");
  await page.getByTestId("leave-confirm").click();
  await page.getByTestId("toast").filter({ hasText: /confirmed/u }).waitFor();
  await page.getByTestId("unsubscribe").first().getByText(/Unsubscribed/u).waitFor();
  await page.locator("#thread-list").focus();
  await page.keyboard.press("Shift+L");
  await page.getByTestId("leave-list").getByText(/asked already/u).waitFor();
});
