// Every view while it waits, when it fails, when there is nothing, and without a network: a place is held, an error
// says what happened, what still works and what to do, and nothing is ever blank or raw.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { eventually, network, picture, threads, windowTest } from "./harness.mjs";

const nav = (place) => (page) => page.getByTestId(`nav-${place}`).click();
const first = (testid) => (page) => page.getByTestId(testid).first();
const says = (text) => (page) => page.getByRole("main").getByText(text).first();

const section = (name) => async (page) => {
  await page.keyboard.press("Control+,");
  await page.getByTestId(`section-${name}`).click();
};

/** Rows, or what stands in their place. */
const listed = (page) => page.locator("#thread-list").locator("[data-testid=row], .empty").first();

/** A place that is folded away at first. */
const further = (place) => async (page) => {
  if ((await page.getByTestId(`nav-${place}`).count()) === 0) await page.getByTestId("nav-more").click();
  await page.getByTestId(`nav-${place}`).click();
};

/** Opens a conversation that nobody has read ahead. */
const open = (page) => page.getByTestId("row").nth(5).click();

/**
 * The views: the commands whose answers they stand on, the way there, and what is there in the end. Where `early`, the
 * window asks when it starts.
 */
const VIEWS = {
  inbox: { reads: ["threads.list"], early: true, open: () => {}, there: first("row") },
  today: { reads: ["actions.list"], open: nav("today"), there: first("card") },
  waiting: { reads: ["actions.list"], open: nav("waiting"), there: first("card") },
  snoozed: { reads: ["threads.list"], open: nav("snoozed"), there: first("row") },
  drafts: { reads: ["draft.list", "draft.elsewhere"], open: nav("drafts"), there: first("draft-row") },
  outbox: { reads: ["outbox.list"], open: nav("outbox"), there: first("outbox-row") },
  sent: { reads: ["threads.list"], open: nav("sent"), there: first("row") },
  notes: { reads: ["threads.list"], open: nav("notes"), there: first("row") },
  starred: { reads: ["threads.list"], open: nav("starred"), there: listed },
  archive: { reads: ["threads.list"], open: nav("archive"), there: listed },
  all: { reads: ["threads.list"], open: nav("all"), there: listed },
  junk: { reads: ["threads.list"], open: further("junk"), there: listed },
  trash: { reads: ["threads.list"], open: further("trash"), there: listed },
  reader: { reads: ["thread.get"], open, there: first("reader-item") },
  inspector: {
    reads: ["person.get"],
    open: async (page) => {
      await open(page);
      await page.getByTestId("reader-item").first().waitFor();
      if ((await page.getByTestId("inspector").count()) === 0) await page.getByTestId("act-inspector").click();
    },
    there: first("person-name"),
  },
  search: { reads: ["search"], open: (page) => page.getByTestId("search-box").fill("launch"), there: (page) => page.locator("[data-testid=row][data-item]").first() },
  people: { reads: ["people.list"], open: nav("people"), there: first("person-row") },
  person: { reads: ["person.get"], open: nav("people"), there: (page) => page.getByTestId("person-page").getByTestId("person-name") },
  notices: { reads: ["notices.list"], open: (page) => page.keyboard.press("g").then(() => page.keyboard.press("l")), there: (page) => page.getByRole("main").locator("li, .empty").first() },
  accounts: { reads: ["status"], early: true, open: nav("accounts"), there: first("account") },
  settings: { reads: ["config.list"], early: true, open: section("appearance"), there: first("setting-appearance.theme") },
  "settings: inbox": { reads: ["kept.list"], early: true, open: section("inbox"), there: first("new-split") },
  "settings: rules": { reads: ["rules.list"], open: section("rules"), there: says("No rules yet") },
  "settings: actions": { reads: ["actions.rules", "actions.lessons"], open: section("actions"), there: first("weight-asked") },
  "settings: index": { reads: ["search"], early: true, open: section("index"), there: (page) => page.getByRole("main").getByRole("table") },
  "settings: privacy": { reads: ["kept.list"], open: section("privacy"), there: (page) => page.getByRole("main").getByText("None yet. “Always from …”") },
  "settings: data": { reads: ["data.usage"], open: section("data"), there: first("data-usage") },
  "settings: automation": { reads: ["proposals.list"], open: section("automation"), there: first("proposals-waiting") },
  "settings: diagnostics": { reads: ["diagnostics.get"], open: section("diagnostics"), there: first("facts") },
};

/** Something in every view of the demo world. */
async function furnish(engine) {
  const [one, two] = await threads(engine, { kind: "mail" });
  await engine.rpc("act", { verb: "snooze", threads: [one.id], until: new Date(Date.now() + 86_400_000).toISOString() });
  const answer = await engine.rpc("compose.prepare", { mode: "reply", thread: two.id, item: null });
  await engine.rpc("send", { message: { ...answer, text: "On its way." }, undo_seconds: 3600, at: null });
}

/** Opens the window anew, as it is when nothing was looked at yet, and goes to a view while `meanwhile` holds. */
async function arrive(page, view, meanwhile) {
  if (view.early) await meanwhile();
  await page.reload();
  if (view.early) await page.getByTestId("nav-inbox").waitFor();
  else {
    await page.getByTestId("row").first().waitFor();
    await meanwhile();
  }
  await view.open(page);
}

const each = (views) => Object.entries(views);
const route = (command) => `**/rpc/${command}`;
const skeletons = (page) => page.getByRole("main").getByTestId("skeleton");

windowTest("a place is held for what takes long, in every view", { size: [1200, 800] }, async ({ page, engine }) => {
  await furnish(engine);
  for (const [name, view] of each(VIEWS)) {
    let go;
    const held = new Promise((resolve) => (go = resolve));
    const hold = (one) => held.then(() => one.continue()).catch(() => {});
    await arrive(page, view, async () => {
      for (const command of view.reads) await page.route(route(command), hold);
    });
    await skeletons(page).first().waitFor().catch((error) => assert.fail(`${name}: ${error}`));
    assert.equal(await page.getByRole("main").getByRole("alert").count(), 0, `${name}: nothing is wrong`);
    await picture(page, `loading ${name}`);
    go();
    await view.there(page).waitFor().catch((error) => assert.fail(`${name}: ${error}`));
    await eventually(`${name}: nothing to be waited for`, async () => (await skeletons(page).count()) === 0);
    await page.unrouteAll({ behavior: "ignoreErrors" });
  }
});

const WHAT = "The disk is full: make room on it.";
const fail = (one) => one.fulfill({ status: 500, json: { error: { code: "failed", message: WHAT } } });

windowTest("what could not be read says so, what still works and what to do, in every view", { theme: "dark", size: [900, 600] }, async ({ page, engine }) => {
  await furnish(engine);
  for (const [name, view] of each(VIEWS)) {
    await arrive(page, view, async () => {
      for (const command of view.reads) await page.route(route(command), fail);
    });
    const note = page.getByRole("main").getByRole("alert").filter({ hasText: WHAT }).first();
    await note.waitFor().catch((error) => assert.fail(`${name}: ${error}`));
    assert.match(await note.innerText(), /The rest of Inlet goes on/u, name);
    // A view may stand on two answers, which fail one after the other.
    await eventually(`${name}: nothing more to be waited for`, async () => (await skeletons(page).count()) === 0);
    await picture(page, `error ${name}`);
    const again = note.getByRole("button", { name: "Try again" });
    const asked = page.waitForRequest(route(view.reads[0]));
    await again.click();
    await asked;
    await page.unrouteAll({ behavior: "wait" });
    // A view may ask by itself as well, when the engine says that something has changed.
    await eventually(`${name}: it to be there`, async () => {
      if (await view.there(page).isVisible()) return true;
      await again.click({ timeout: 1000 }).catch(() => {});
    });
    await eventually(`${name}: nothing to be wrong`, async () => (await page.getByRole("main").getByRole("alert").count()) === 0);
  }
});

windowTest("an answer that is none, or does not come, is a sentence as well", {}, async ({ page }) => {
  const answers = [
    [/could not answer/u, (one) => one.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad Gateway</h1>" })],
    [/cannot be reached.*What is shown can still be read/u, (one) => one.abort("connectionreset")],
  ];
  for (const [words, answer] of answers) {
    await arrive(page, VIEWS.inbox, () => page.route(route("threads.list"), answer));
    const note = page.getByRole("main").getByRole("alert");
    await note.filter({ hasText: words }).waitFor();
    assert.doesNotMatch(await page.locator("body").innerText(), /Bad Gateway|TypeError|fetch|undefined|\[object/u);
    await page.unrouteAll({ behavior: "wait" });
    await eventually("the rows", async () => {
      if (await page.getByTestId("row").first().isVisible()) return true;
      await note.getByRole("button", { name: "Try again" }).click({ timeout: 1000 }).catch(() => {});
    });
  }
  // Rows that are here stay, and it is said that they are no longer news.
  await page.route(route("threads.list"), fail);
  await page.getByTestId("nav-sent").click();
  await page.getByTestId("nav-inbox").click();
  await page.getByRole("main").getByRole("alert").filter({ hasText: WHAT }).waitFor();
  await page.getByTestId("row").first().waitFor();
});

const writes = ["Write a message", (page) => page.getByTestId("composer")];
const toInbox = ["Go to the inbox", (page) => page.getByRole("heading", { level: 1, name: "Inbox" })];

/** What stands in a view of somebody who has nothing, and the action that fills it, with where that leads. */
const EMPTY = {
  inbox: ["All done", nav("inbox"), ...writes],
  today: ["Nothing waits for you", nav("today"), ...toInbox],
  waiting: ["Nobody owes you an answer", nav("waiting"), ...toInbox],
  snoozed: ["Nothing is snoozed", nav("snoozed"), ...toInbox],
  drafts: ["No drafts", nav("drafts"), "Write a mail", (page) => page.getByTestId("composer")],
  outbox: ["Nothing is waiting", nav("outbox"), ...writes],
  sent: ["Nothing sent yet", nav("sent"), ...writes],
  notes: ["No notes yet", nav("notes"), "Connect an account", (page) => page.getByTestId("wizard")],
  starred: ["Nothing is starred", nav("starred"), ...toInbox],
  archive: ["The archive is empty", nav("archive"), ...toInbox],
  junk: ["No junk", further("junk"), ...toInbox],
  trash: ["The trash is empty", further("trash"), ...toInbox],
  all: ["Nothing here yet", nav("all"), "Connect an account", (page) => page.getByTestId("wizard")],
  people: ["Nobody yet", nav("people"), ...writes],
  search: ["Nothing found", (page) => nav("inbox")(page).then(() => page.getByTestId("search-box").fill("launch")), "Back to the list", (page) => page.locator("#thread-list[aria-label=Inbox]")],
  reader: ["The list beside it has none.", nav("inbox"), ...writes],
  notices: ["Nothing has come in yet", VIEWS.notices.open, "What you are told of", (page) => page.getByRole("heading", { name: "Notifications" })],
  "settings: rules": ["No rules yet", section("rules"), "New rule", (page) => page.getByTestId("rule-editor")],
  "settings: inbox": ["None yet. A tab shows", section("inbox"), "New tab", (page) => page.getByTestId("keep-search")],
  "settings: actions": ["Nothing yet.", section("actions"), "Open Today", (page) => page.getByText("Nothing waits for you")],
  "settings: index": ["Nothing is connected that could be searched.", section("index"), "Connect an account", (page) => page.getByTestId("wizard")],
  "settings: privacy": ["None yet.", section("privacy"), ...toInbox],
  "settings: automation": ["Nothing is proposed", section("automation")],
};

windowTest("where nothing is, it is said what would be there, with the action that fills it", { demo: false }, async ({ page, engine }) => {
  // An account that only sends: somebody who has nothing to read.
  await engine.rpc("secrets.unlock", { passphrase: "correct horse" });
  const { secret } = await engine.rpc("channels.secret", {});
  await engine.rpc("accounts.add_channel", { config: { via: { kind: "webhook", url: "http://127.0.0.1:9/" } }, secret, name: "Team" });
  for (const [name, [title, go, action, leads]] of each(EMPTY)) {
    await page.getByTestId("nav-inbox").waitFor();
    await go(page);
    await page.getByRole("main").getByText(title).first().waitFor().catch((error) => assert.fail(`${name}: ${error}`));
    assert.equal(await page.getByRole("main").getByRole("alert").count(), 0, name);
    await picture(page, `empty ${name}`);
    if (action === undefined) continue;
    await page.getByRole("main").getByRole("button", { name: action, exact: true }).first().click();
    await leads(page).first().waitFor().catch((error) => assert.fail(`${name}: ${error}`));
    await page.keyboard.press("Escape");
    await page.getByTestId("composer").waitFor({ state: "detached" });
  }
  await nav("sent")(page);
  await page.locator("#thread-list[aria-label=Sent]").focus();
  await page.keyboard.press("i");
  const inspector = page.getByTestId("inspector");
  await inspector.getByText("Open a conversation").waitFor();
  await inspector.getByRole("button", { name: "Go to the inbox" }).click();
  await page.locator("#thread-list[aria-label=Inbox]:focus").waitFor();

  // Somebody out of an address book whom nobody has written to or heard from.
  const book = join(engine.dir, "book.vcf");
  await writeFile(book, "BEGIN:VCARD\nVERSION:3.0\nFN:Zoë Unheard\nEMAIL:zoe@quiet.example\nEND:VCARD\n");
  await engine.rpc("contacts.import", { paths: [book] });
  await nav("people")(page);
  const person = page.getByTestId("person-page");
  await person.getByTestId("person-name").getByText("Zoë Unheard").waitFor();
  for (const words of ["No conversations.", "No files yet.", "No notes mention this name."]) await person.getByText(words, { exact: true }).waitFor();
  await picture(page, "empty person");
  await page.getByTestId("people-find").fill("nobody of this name");
  await page.getByText("Nobody of that name").waitFor();
  await page.getByTestId("people-everybody").click();
  await person.getByTestId("person-name").getByText("Zoë Unheard").waitFor();
  assert.equal(await page.getByTestId("people-find").inputValue(), "");

  // The last account goes while one looks at it.
  await nav("accounts")(page);
  const card = page.getByTestId("account");
  await card.getByTestId("channel-log-open").click();
  await card.getByText("Nothing has been told through it yet.").waitFor();
  await engine.rpc("accounts.remove", { id: (await engine.rpc("accounts.list"))[0].id });
  await page.getByRole("heading", { name: "No account yet" }).waitFor();
  await picture(page, "empty accounts");
  await page.getByRole("button", { name: "Import files" }).click();
  await page.getByTestId("import").waitFor();
  await nav("accounts")(page);
  await page.locator(".empty").getByRole("button", { name: "Connect an account" }).click();
  await page.getByTestId("wizard").waitFor();
});

windowTest("without a network every view has its banner, and what it had", { theme: "dark", size: [900, 600] }, async ({ page, engine }) => {
  await furnish(engine);
  await network(page, false);
  const banner = page.getByRole("status").filter({ hasText: "You are offline. Everything that is here works" });
  for (const [name, view] of each(VIEWS)) {
    if (name === "reader" || name === "inspector") await page.getByTestId("nav-inbox").click();
    await view.open(page);
    await view.there(page).waitFor().catch((error) => assert.fail(`${name}: ${error}`));
    // The browser tells the page after it has told us.
    await banner.waitFor().catch((error) => assert.fail(`${name}: the banner: ${error}`));
    await page.getByTestId("status-line").getByText("Offline").waitFor();
    await picture(page, `offline ${name}`);
  }
});

windowTest("how the sync is stands in a shape and in words, and where nothing is open the marked conversation is", {}, async ({ page }) => {
  const sync = page.getByTestId("sync");
  // One source of the demo world fails.
  await page.getByRole("button", { name: "Sync now. One source does not sync." }).waitFor();
  assert.equal(await sync.locator("svg.ill").count(), 1);
  const answer = (state) => async (one) => {
    const told = await one.fetch();
    const body = await told.json();
    for (const account of body.accounts) for (const source of account.sources) source.state = state;
    await one.fulfill({ response: told, json: body });
  };
  for (const [state, words, shape] of [["syncing", "It is being synced.", "busy"], ["paused", "Nothing is synced at present.", "resting"], ["live", "Everything is up to date.", null]]) {
    await page.route(route("status"), answer(state));
    await page.reload();
    await page.getByRole("button", { name: `Sync now. ${words}` }).waitFor();
    assert.equal(await sync.locator("svg.busy, svg.resting, svg.ill").count(), shape === null ? 0 : 1, state);
    if (shape) assert.equal(await sync.locator(`svg.${shape}`).count(), 1, state);
    await page.unrouteAll({ behavior: "ignoreErrors" });
  }

  const first = await page.getByTestId("row").first().getAttribute("data-thread");
  await page.getByTestId("open-first").click();
  await page.getByTestId("reader-item").first().waitFor();
  assert.equal(await page.locator("[data-testid=row].open").first().getAttribute("data-thread"), first);
});
