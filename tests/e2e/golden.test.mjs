// The main views as they look.

import { eventually, rowIds, threads, windowTest } from "./harness.mjs";
import { golden, NOW, still } from "./golden.mjs";

const base = { now: NOW, prepare: still, undo: 30 };

/** Opens the first conversation of a platform that has words of its own and no frame. */
async function open(page, engine, type) {
  for (const row of await threads(engine)) {
    if (row.source_type !== type || row.title.trim() === "") continue;
    const { items } = await engine.rpc("thread.get", { id: row.id });
    if (items.at(-1).has_html || items.length < 3) continue;
    const entry = page.locator(`[data-testid=row][data-thread="${row.id}"]`);
    await page.locator("#thread-list").focus();
    await page.keyboard.press("Home");
    const at = (await threads(engine)).findIndex((one) => one.id === row.id);
    for (let step = 0; step < at; step++) await page.keyboard.press("j");
    await entry.click();
    await page.getByTestId("reader-item").first().waitFor();
    // It is marked read after a while; the picture is taken then.
    await eventually("it to be read", async () => (await engine.rpc("thread.get", { id: row.id, limit: 1 })).thread.unread === 0);
    const { counts } = await engine.rpc("status");
    await eventually("the rail to know", async () => (await page.getByTestId("nav-inbox").innerText()).includes(String(counts.inbox)));
    return row;
  }
  throw new Error(`nothing of ${type} to open`);
}

windowTest("inbox and reader, light", base, async ({ page, engine }) => {
  await open(page, engine, "whatsapp");
  await golden(page, "inbox-light", { shown: true });
});

windowTest("inbox and reader, dark", { ...base, theme: "dark" }, async ({ page, engine }) => {
  await open(page, engine, "slack");
  await golden(page, "inbox-dark", { shown: true });
});

windowTest("composer", base, async ({ page, engine }) => {
  const { people } = (await threads(engine, { kind: "mail" })).find((row) => /^\p{L}+ \p{L}+$/u.test(row.people[0]?.name ?? "") && !row.last_from_me);
  await page.getByTestId("compose").click();
  const panel = page.getByTestId("composer");
  const body = panel.locator("[data-testid=compose-body][contenteditable=true]");
  await body.waitFor();
  await panel.getByTestId("compose-to").fill(`${people[0].name} <${people[0].handle}>,`);
  await panel.getByTestId("compose-subject").fill("Site visit on Thursday");
  await body.click();
  await page.keyboard.type("Hello,\ntwo things before Thursday:\n- keys are at the gate\n");
  await page.keyboard.type("bring boots\n\n");
  await page.keyboard.press("Control+b");
  await page.keyboard.type("Please answer by noon.");
  await eventually("the draft to be kept", async () => (await panel.getByTestId("draft-state").getAttribute("data-state")) === "saved");
  await golden(page, "composer", { shown: true });
});

windowTest("search", { ...base, theme: "dark" }, async ({ page, engine }) => {
  await engine.rpc("kept.put", { kind: "search", name: "Trip to Lisbon", data: { query: "lisbon", icon: "plane" } });
  await engine.rpc("kept.put", { kind: "search", name: "With files", data: { query: "has:attachment", icon: "paperclip" } });
  await page.getByTestId("saved-search").first().click();
  await page.locator("#thread-list mark").first().waitFor();
  // A chat: the clock that stands still knocks at the frames of mails, which let nobody in.
  const { hits } = await engine.rpc("search", { query: "lisbon" });
  await page.locator(`[data-testid=row][data-item="${hits.find((hit) => hit.kind === "chat").item}"]`).click();
  await page.getByTestId("reader-item").first().waitFor();
  await eventually("the counts", async () => /\d/u.test(await page.getByTestId("saved-search").nth(1).innerText()));
  await golden(page, "search", { shown: true });
});

windowTest("settings", base, async ({ page, engine }) => {
  await engine.rpc("kept.put", { kind: "search", name: "Money", data: { query: "invoice OR receipt", icon: "receipt" } });
  await engine.rpc("kept.put", { kind: "split", name: "With files", data: { query: "has:attachment" } });
  await page.keyboard.press("Control+,");
  await page.getByTestId("section-inbox").click();
  await page.getByTestId("kept-split").waitFor();
  await golden(page, "settings");
});

windowTest("outbox", base, async ({ page, engine }) => {
  const { accounts } = await engine.rpc("status");
  const [source] = accounts.flatMap((account) => account.sources).filter((one) => one.kind === "mail");
  const at = (minutes) => new Date(Date.parse(NOW) + minutes * 60_000).toISOString();
  const op = (id, change) => ({ id, source: source.id, thread: null, kind: "send", state: "queued", reason: null, attempts: 0, not_before: at(-1), key: id, title: "", created_at: at(-8), ...change });
  // Every state at once; the engine would take days for that.
  const ops = [
    op("o1", { state: "parked", attempts: 3, title: "Priya Raman: Budget, second pass", reason: "The server refused the recipient. Correct the address and send again." }),
    op("o2", { attempts: 2, not_before: at(9), title: "Jonas Weber: Contract draft with comments", reason: "The server did not answer in time." }),
    op("o3", { state: "sending", attempts: 1, title: "Ana Duarte: Site visit on Thursday" }),
    op("o4", { state: "unknown", attempts: 1, title: "Mei Tanaka: Kitchen plan", reason: "The connection broke after the mail was handed over." }),
    op("o5", { kind: "flags", title: "Mark 3 mails read" }),
  ];
  await page.route("**/rpc/outbox.list", (route) => route.fulfill({ json: ops }));
  await page.getByTestId("nav-outbox").click();
  await page.getByTestId("outbox-row").nth(4).waitFor();
  await golden(page, "outbox");
});

windowTest("narrow", { ...base, size: [900, 600] }, async ({ page }) => {
  await eventually("the rows", async () => (await rowIds(page)).length > 5);
  await golden(page, "narrow");
});

windowTest("high contrast", { ...base, settings: { "appearance.contrast": "high" } }, async ({ page, engine }) => {
  await open(page, engine, "outlook");
  await golden(page, "contrast");
});

windowTest("from right to left", { ...base, lang: "ar-x-pseudo" }, async ({ page, engine }) => {
  await open(page, engine, "whatsapp");
  await golden(page, "rtl");
});
