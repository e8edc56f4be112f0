// The main views as they look.

import { eventually, threads, windowTest } from "./harness.mjs";
import { golden, NOW, still } from "./golden.mjs";

const base = { now: NOW, prepare: still, undo: 30 };

/** What is owed in each conversation was thought about, and the rows in sight say so. */
async function thought(page, engine, params = {}) {
  await eventually("nothing left to think about", async () => (await engine.rpc("actions.list", { which: "all" })).behind === 0);
  await eventually("the rows to say so", async () => {
    const said = new Map((await threads(engine, params)).map((row) => [row.id, row.next !== null || row.unanswered_since !== null]));
    const rows = await page.getByTestId("row").evaluateAll((all) => all.map((row) => ({ id: row.dataset.thread, says: row.querySelector("[data-testid=reason]") !== null })));
    return rows.length > 5 && rows.every((row) => said.get(row.id) === row.says);
  });
}

/** What is looked at is marked read after a while; the picture is taken then. */
async function read(page, engine, id) {
  await eventually("it to be read", async () => (await engine.rpc("thread.get", { id, limit: 1 })).thread.unread === 0);
  const { counts } = await engine.rpc("status");
  await eventually("the rail to know", async () => (await page.getByTestId("nav-inbox").innerText()).includes(String(counts.inbox)));
}

/** Every search in the rail says how much of what it finds is unread. */
async function counted(page, engine) {
  for (const { name, data } of await engine.rpc("kept.list", { kind: "search" })) {
    const { total } = await engine.rpc("threads.list", { in: "all", query: data.query, unread: true, limit: 1 });
    const entry = page.getByTestId("saved-search").filter({ hasText: name });
    await eventually(`what is unread of ${name}`, async () => (/\d+/u.exec(await entry.innerText())?.[0] ?? "0") === String(total));
  }
}

/** Opens the first conversation of a platform that has words of its own and no frame. */
async function open(page, engine, type) {
  await thought(page, engine);
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
    await read(page, engine, row.id);
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

const composer = (name) => async ({ page, engine }) => {
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
  await golden(page, name, { shown: name === "composer" });
};

windowTest("composer, light", base, composer("composer"));
windowTest("composer, dark", { ...base, theme: "dark" }, composer("composer-dark"));

/** Minutes from the time of the pictures. */
const at = (minutes) => new Date(Date.parse(NOW) + minutes * 60_000).toISOString();

/** A suggestion, as the engine would tell it. */
const card = (row, change) => ({
  thread: row, state: "reply", score: 80, signals: signals("asked", "to-me", "usually-answer"), item: "i1", start: 0, sentence: row.snippet, seen_by: [], person: row.people[0],
  due: null, since: row.at, beside: [], nudge_at: null, hidden_until: null, todo: null, answered: 8, received: 10, their_minutes: null, window_closes: null, ...change,
});
const signals = (...names) => names.map((name) => ({ name, points: 20 }));
/** Conversations of somebody who wrote last. */
const asking = async (engine) => (await threads(engine, { in: "inbox" })).filter((row) => row.kind !== "note" && row.people[0]?.name && !row.last_from_me);

/** What to do next and the meetings of the day: the engine's own go by its clock, which does not stand still. */
async function today(page, engine) {
  const rows = await asking(engine);
  const due = (minutes) => ({ at: at(minutes), day: at(minutes).slice(0, 10), timed: true, ambiguous: false });
  const beside = (row) => ({ thread: row.id, source_type: row.source_type, state: "waiting", item: "i1", start: 9, sentence: row.title, person: row.people[0], due: null, since: row.at, todo: null });
  const actions = [
    card(rows[0], { due: due(-90), signals: signals("asked", "they-spoke-last", "to-me", "overdue") }),
    card(rows[1], { due: due(200), signals: signals("asked", "they-spoke-last", "to-me", "usually-answer", "due-in-a-day") }),
    card(rows[2], { due: { ...due(2900), ambiguous: true }, beside: [beside(rows[2]), beside(rows[2])] }),
    card(rows[3], { state: "todo", signals: signals("promise") }),
    ...rows.slice(4, 7).map((row) => card(row, {})),
  ];
  const people = rows.slice(0, 3).map((row) => ({ party: row.people[0], answer: null }));
  const meeting = { uid: "m1", summary: "Go or no-go", starts: at(45), ends: at(90), all_day: false, repeats: false, place: "Room Skagen", organizer: people[0].party, people, answer: "accept", cancelled: false };
  const proposal = await engine.rpc("proposals.make", { thread: rows[7].id, do: "reply", text: "Yes, gladly. I will send it on Monday.", who: "helper", why: "They asked for the file." });
  await page.route("**/rpc/actions.list", (route) => route.fulfill({ json: { actions, behind: 0 } }));
  await page.route("**/rpc/meetings.list", (route) => route.fulfill({ json: [{ meeting, thread: rows[0].id, item: "i1", source: rows[0].source, source_type: "outlook", can_answer: true }] }));
  await page.getByTestId("nav-today").click();
  await page.getByTestId("card").nth(6).waitFor();
  await page.getByTestId("meeting").waitFor();
  await page.locator(`[data-testid=proposal][data-id="${proposal.id}"]`).waitFor();
}

async function waiting(page, engine) {
  const rows = await asking(engine);
  const waits = (row, days, change) => card(row, { state: "waiting", since: at(-days * 1440), signals: signals("no-answer", "days-open"), their_minutes: 200, ...change });
  const actions = [waits(rows[0], 6, {}), waits(rows[1], 3, { their_minutes: null }), waits(rows[2], 2, { signals: [] })];
  await page.route("**/rpc/actions.list", (route) => route.fulfill({ json: { actions, behind: 0 } }));
  await page.getByTestId("nav-waiting").click();
  await page.getByTestId("card").nth(2).waitFor();
}

async function drafts(page, engine) {
  const [chat] = (await asking(engine)).filter((row) => row.kind === "chat");
  const blank = await engine.rpc("compose.prepare", { mode: "new" });
  await engine.rpc("draft.save", { ...blank, to: [{ name: "Priya Raman", handle: "priya@example.org" }], subject: "Budget, second pass", text: "Hello Priya, here are the figures." });
  await engine.rpc("draft.save", { ...(await engine.rpc("compose.prepare", { mode: "reply", thread: chat.id })), text: "I am on my way" });
  await page.getByTestId("nav-drafts").click();
  // An answer names its chat.
  await page.getByTestId("draft-row").filter({ hasText: chat.title || chat.people[0].name }).filter({ hasText: "on my way" }).waitFor();
  await page.getByTestId("draft-row").nth(2).waitFor();
}

async function accounts(page) {
  await page.getByTestId("nav-accounts").click();
  await page.getByTestId("account").waitFor();
}

async function wizard(page) {
  await page.getByTestId("add-account").click();
  await page.getByTestId("wizard").waitFor();
}

async function rules(page, engine) {
  await engine.rpc("rules.put", { rule: { id: "invoices", name: "Invoices", when: { attachment: ["*.pdf"], kind: ["mail"] }, then: { label: ["Money"], star: true } } });
  await engine.rpc("rules.put", { rule: { id: "builds", name: "Quiet the builds", enabled: false, when: { domain: ["github.example"] }, then: { archive: true, notify: "off" } } });
  await page.keyboard.press("Control+,");
  await page.getByTestId("section-rules").click();
  await page.getByTestId("rule").nth(1).waitFor();
}

async function people(page, engine) {
  // What is owed to somebody is there once everything was thought about.
  await eventually("nothing left to think about", async () => (await engine.rpc("actions.list", { which: "all" })).behind === 0);
  await page.getByTestId("nav-people").click();
  await page.getByTestId("people-find").fill("dara");
  // By their address: everybody stands there until the engine has answered, and two have this name.
  const [dara] = (await engine.rpc("people.list", { query: "dara" })).people;
  await page.getByTestId("person-row").filter({ hasText: dara.party.handle }).click();
  const one = page.getByTestId("person-page");
  await one.getByTestId("person-name").getByText("Dara O'Neill").waitFor();
  await one.getByText(dara.party.handle, { exact: true }).first().waitFor();
  await one.getByTestId("person-thread").first().waitFor();
  await page.getByTestId("people-find").fill("");
  await eventually("everybody", async () => (await page.getByTestId("person-row").count()) > 10);
}

async function notes(page, engine) {
  await page.getByTestId("nav-notes").click();
  await thought(page, engine, { in: "notes" });
  await page.getByTestId("row").nth(1).click();
  await page.getByTestId("reader-item").first().waitFor();
  // The page is a document of its own, which comes after the window's.
  await page.frameLocator("[data-testid=reader-item] iframe").locator("h1, h2, h3, p, li").first().waitFor();
}

/** The clock that stands still knocks at the frame of a page, which lets nobody in. */
const KNOCKING = /^Blocked script execution in 'about:srcdoc'/u;

for (const theme of ["light", "dark"]) {
  for (const [name, show] of Object.entries({ today, waiting, drafts, accounts, wizard, rules, people, notes })) {
    windowTest(`${name}, ${theme}`, { ...base, theme, overlook: name === "notes" ? KNOCKING : undefined }, async ({ page, engine }) => {
      await show(page, engine);
      await golden(page, `${name}-${theme}`, { shown: `${name}-${theme}` === "today-light" });
    });
  }
}

windowTest("search", { ...base, theme: "dark" }, async ({ page, engine }) => {
  await engine.rpc("kept.put", { kind: "search", name: "Trip to Lisbon", data: { query: "lisbon", icon: "plane" } });
  await engine.rpc("kept.put", { kind: "search", name: "With files", data: { query: "has:attachment", icon: "paperclip" } });
  await page.getByTestId("saved-search").first().click();
  await page.locator("#thread-list mark").first().waitFor();
  // A chat: the clock that stands still knocks at the frames of mails, which let nobody in.
  const { hits } = await engine.rpc("search", { query: "lisbon" });
  const hit = hits.find((one) => one.kind === "chat");
  await page.locator(`[data-testid=row][data-item="${hit.item}"]`).click();
  await page.getByTestId("reader-item").first().waitFor();
  await read(page, engine, hit.thread);
  await counted(page, engine);
  await golden(page, "search", { shown: true });
});

const settings = (name) => async ({ page, engine }) => {
  await engine.rpc("kept.put", { kind: "search", name: "Money", data: { query: "invoice OR receipt", icon: "receipt" } });
  await engine.rpc("kept.put", { kind: "split", name: "With files", data: { query: "has:attachment" } });
  await page.keyboard.press("Control+,");
  await page.getByTestId("section-inbox").click();
  await page.getByTestId("kept-split").waitFor();
  await counted(page, engine);
  await golden(page, name);
};

windowTest("settings, light", base, settings("settings"));
windowTest("settings, dark", { ...base, theme: "dark" }, settings("settings-dark"));

windowTest("outbox", base, async ({ page, engine }) => {
  const { accounts } = await engine.rpc("status");
  const [source] = accounts.flatMap((account) => account.sources).filter((one) => one.kind === "mail");
  const op = (id, change) => ({ id, source: source.id, thread: null, kind: "send", state: "queued", reason: null, attempts: 0, not_before: at(-1), key: id, title: "", created_at: at(-8), delivery: [], ...change });
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

for (const theme of ["light", "dark"]) {
  windowTest(`the first run, ${theme}`, { ...base, demo: false, theme }, async ({ page }) => {
    await golden(page, `first-run-${theme}`, { empty: true });
  });
}

windowTest("narrow", { ...base, size: [900, 600] }, async ({ page, engine }) => {
  await thought(page, engine);
  await golden(page, "narrow");
});

windowTest("high contrast, dark", { ...base, theme: "dark", settings: { "appearance.contrast": "high" } }, async ({ page, engine }) => {
  await open(page, engine, "outlook");
  await golden(page, "contrast-dark");
});

windowTest("high contrast", { ...base, settings: { "appearance.contrast": "high" } }, async ({ page, engine }) => {
  await open(page, engine, "outlook");
  await golden(page, "contrast");
});

windowTest("from right to left", { ...base, lang: "ar-x-pseudo" }, async ({ page, engine }) => {
  await open(page, engine, "whatsapp");
  await golden(page, "rtl");
});

// Wide, in a language of long words, and mirrored.

const WIDE = [2560, 1440];

windowTest("wide", { ...base, size: WIDE }, async ({ page, engine }) => {
  await open(page, engine, "whatsapp");
  await golden(page, "wide");
});

windowTest("a page of notes, wide and dark", { ...base, size: WIDE, theme: "dark", overlook: KNOCKING }, async ({ page, engine }) => {
  await notes(page, engine);
  await golden(page, "notes-wide");
});

windowTest("today in German", { ...base, lang: "de" }, async ({ page, engine }) => {
  await today(page, engine);
  await golden(page, "today-german");
});

windowTest("settings in German, narrow and dark", { ...base, lang: "de", size: [900, 600], theme: "dark" }, async ({ page }) => {
  await page.keyboard.press("Control+,");
  await page.getByTestId("section-notifications").click();
  await page.getByTestId("settings-notices").waitFor();
  await golden(page, "settings-german");
});

windowTest("people from right to left, dark", { ...base, lang: "ar-x-pseudo", theme: "dark" }, async ({ page, engine }) => {
  await people(page, engine);
  await golden(page, "people-rtl");
});

windowTest("composer from right to left", { ...base, lang: "ar-x-pseudo" }, composer("composer-rtl"));
