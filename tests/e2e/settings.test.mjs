// Settings, keys of one's own, the palette, and a window that stays as it was left.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { activeRow, eventually, openThread, replyBox, rowIds, threads, windowTest } from "./harness.mjs";

/** The settings of the engine by their keys. */
async function config(engine) {
  return Object.fromEntries((await engine.rpc("config.list")).map((setting) => [setting.key, setting]));
}

async function choose(page, key, value) {
  await page.getByTestId(`setting-${key}`).locator("select").selectOption(value);
}

/** Height of a row on screen. */
const rowHeight = (page) => page.getByTestId("row").first().evaluate((row) => Math.round(row.getBoundingClientRect().height));

windowTest("density, text size and panes change at once, survive a reload, and are reset", {}, async ({ page, engine }) => {
  assert.equal(await rowHeight(page), 58);
  await page.keyboard.press("Control+,");
  await page.getByTestId("section-appearance").click();
  await choose(page, "appearance.density", "compact");
  await choose(page, "appearance.font_size", "larger");
  await choose(page, "appearance.layout", "below");
  const changed = ["appearance.density", "appearance.font_size", "appearance.layout"];
  await eventually("the engine to know", async () => {
    const now = await config(engine);
    return changed.every((key) => now[key].origin === "file");
  });
  await page.getByTestId("origin-appearance.layout").getByText("config.toml").waitFor();
  await page.reload();
  await page.getByTestId("row").first().waitFor();
  await eventually("compact rows of larger text", async () => (await rowHeight(page)) === Math.round(34 * 1.25));
  assert.ok(await page.getByTestId("row").first().locator(".source svg").isVisible(), "a source is a sign and a word");
  await page.getByTestId("row").nth(2).click();
  await page.getByTestId("reader-item").first().waitFor();
  const list = await page.locator("#thread-list").boundingBox();
  const reader = await page.getByTestId("reader").boundingBox();
  assert.ok(reader.y >= list.y + list.height, "the reader is below the list");

  await page.keyboard.press("Control+,");
  await page.getByTestId("reset-appearance.density").click();
  await eventually("the default", async () => (await config(engine))["appearance.density"].origin === "default");
  await page.getByTestId("reset-appearance.density").waitFor({ state: "detached" });
  await choose(page, "appearance.layout", "list");
  await page.keyboard.press("Escape");
  await page.getByTestId("nav-inbox").click();
  const first = await page.getByTestId("row").first().getAttribute("data-thread");
  await page.getByTestId("row").first().click();
  await page.getByTestId("reader-item").first().waitFor();
  // The conversation covers the list.
  await page.locator("#thread-list").waitFor({ state: "hidden" });
  await page.keyboard.press("Escape");
  await page.locator("#thread-list").waitFor();
  await eventually("the row it was opened from", async () => (await activeRow(page)) === first);
});

windowTest("the language changes everywhere and stays", {}, async ({ page, engine }) => {
  await page.keyboard.press("Control+,");
  await page.getByTestId("section-appearance").click();
  await choose(page, "appearance.language", "de");
  await page.getByRole("heading", { level: 1, name: "Einstellungen" }).waitFor();
  await eventually("the engine to know", async () => (await config(engine))["appearance.language"].value === "de");
  await page.reload();
  await page.getByRole("heading", { level: 1, name: "Posteingang" }).waitFor();
  // Changed outside, as in a terminal: the window hears of it.
  await engine.rpc("config.set", { key: "appearance.language", value: null });
  await page.getByRole("heading", { level: 1, name: "Inbox" }).waitFor();
});

windowTest("settings are searched, and nonsense is refused in words", {}, async ({ page, engine }) => {
  await page.keyboard.press("Control+,");
  await page.getByTestId("settings-find").fill("undo");
  const row = page.getByTestId("setting-send.undo_seconds");
  await row.waitFor();
  await page.getByTestId("setting-appearance.theme").waitFor({ state: "detached" });
  await row.locator("input").fill("99");
  await row.locator("input").press("Tab");
  await row.getByRole("alert").waitFor();
  assert.equal((await config(engine))["send.undo_seconds"].value, "10");
  await row.locator("input").fill("20");
  await row.locator("input").press("Tab");
  await eventually("the engine to know", async () => (await config(engine))["send.undo_seconds"].value === "20");
  await page.getByTestId("settings-find").fill("zzzz");
  await page.getByText("No setting fits").waitFor();
});

windowTest("a key is rebound, the conflict told before, used, and given back", {}, async ({ page, engine }) => {
  await page.keyboard.press("Control+,");
  await page.getByTestId("section-keyboard").click();
  await page.getByTestId("key-add-archive").click();
  await page.getByTestId("recorder-keys").waitFor();
  await page.keyboard.press("s");
  await page.getByText("S belongs to “Star or remove the star”").waitFor();
  await page.keyboard.press("Escape");
  assert.deepEqual(await page.getByTestId("key-archive").locator("kbd").allInnerTexts(), ["E"], "told, and nothing was taken");

  await page.getByTestId("key-add-archive").click();
  await page.keyboard.press("s");
  await page.getByTestId("recorder-take").click();
  await eventually("the new key", async () => (await page.getByTestId("key-archive").locator("kbd").allInnerTexts()).includes("S"));
  await page.getByText("No key").waitFor();
  // A chord, by keyboard alone.
  await page.getByTestId("key-add-mute").focus();
  await page.keyboard.press("Enter");
  await page.getByTestId("recorder-keys").waitFor();
  for (const key of ["g", "m", "Enter"]) await page.keyboard.press(key);
  await page.getByTestId("key-mute").getByText("G then M").waitFor();
  await eventually("the engine to know", async () => (await config(engine))["keyboard.bindings"].value.includes("g m"));

  await page.reload();
  await page.getByTestId("row").first().waitFor();
  const [gone] = await rowIds(page);
  await page.locator("#thread-list").focus();
  await page.keyboard.press("s");
  await eventually("the row to go", async () => !(await rowIds(page)).includes(gone));
  await page.keyboard.press("?");
  await page.getByTestId("sheet").getByText("G then M").waitFor();
  await page.keyboard.press("Escape");

  await page.keyboard.press("Control+,");
  await page.getByTestId("section-keyboard").click();
  await page.getByTestId("reset-keyboard.bindings-star").click();
  await eventually("S to be the star's again", async () => (await page.getByTestId("key-star").locator("kbd").allInnerTexts()).includes("S"));
  assert.deepEqual(await page.getByTestId("key-archive").locator("kbd").allInnerTexts(), ["E"]);
  await page.getByTestId("keys-reset-all").click();
  await eventually("the default", async () => (await config(engine))["keyboard.bindings"].origin === "default");
  await page.getByTestId("setting-keyboard.preset").locator("select").selectOption("outlook");
  await page.getByTestId("key-compose").getByText("N", { exact: true }).waitFor();
});

windowTest("the palette finds by a few letters, runs, and remembers", {}, async ({ page }) => {
  const first = await activeRow(page);
  await page.getByTestId("search-box").focus();
  await page.keyboard.press("Control+k");
  const field = page.getByTestId("palette-input");
  await field.waitFor();
  await field.fill("arhiv");
  await page.locator('[data-testid=palette-option][data-entry="command:archive"][aria-selected=true]').waitFor();
  await page.keyboard.press("Enter");
  await eventually("the row to go", async () => !(await rowIds(page)).includes(first));
  assert.equal(await field.count(), 0);

  await page.keyboard.press("Control+k");
  await field.waitFor();
  assert.equal(await page.getByTestId("palette-option").first().getAttribute("data-entry"), "command:archive", "what was used last is first");
  await field.fill("theme dark");
  await page.locator('[data-entry="setting:appearance.theme=dark"][aria-selected=true]').waitFor();
  await page.keyboard.press("Enter");
  await page.locator(":root[data-theme=dark]").waitFor();

  await page.keyboard.press("Control+k");
  await field.fill("text size");
  await page.locator('[data-entry="setting:appearance.font_size"]').click();
  await eventually("the row to have the keyboard", () => page.evaluate(() => document.activeElement?.closest("[data-testid]")?.dataset.testid === "setting-appearance.font_size"));

  await page.keyboard.press("Control+k");
  await field.fill("zzzqqq");
  await page.getByText("Nothing fits").waitFor();
  await page.keyboard.press("Escape");
  await field.waitFor({ state: "detached" });
});

windowTest("the palette finds people, and shows what they wrote", {}, async ({ page, engine }) => {
  const person = (await engine.rpc("people.suggest", { prefix: "an", source: null }))[0];
  await page.keyboard.press("Control+k");
  await page.getByTestId("palette-input").fill(person.name ?? person.handle);
  await page.locator(`[data-entry="person:${person.handle}"]`).click();
  await page.getByTestId("search-count").getByText(/\d/u).waitFor();
  await eventually("hits", async () => (await rowIds(page)).length > 0);
});

windowTest("the index is rebuilt and finds again; the bundle is written where one wants it", {}, async ({ page, engine }) => {
  const total = async () => (await engine.rpc("search", { query: "launch", limit: 1 })).total;
  const before = await total();
  assert.ok(before > 0);
  for (const key of ["j", "j", "Enter"]) await page.keyboard.press(key);
  await page.getByTestId("reader-item").first().waitFor();
  await page.keyboard.press("Control+,");
  await page.getByTestId("section-index").click();
  await page.getByTestId("index-rebuild").click();
  await page.getByTestId("toast").filter({ hasText: "built anew" }).waitFor();
  await eventually("the index to be whole", async () => (await total()) === before && (await engine.rpc("status")).index_behind === 0);
  await page.getByTestId("index-current").waitFor();

  await page.getByTestId("section-diagnostics").click();
  await page.getByTestId("felt-focus").getByText("ms").first().waitFor();
  await page.getByTestId("bundle-folder").fill(join(engine.dir, "out"));
  await page.getByTestId("bundle-save").click();
  const said = page.getByTestId("bundle-saved");
  await said.getByText(/\.json/u).waitFor();
  const path = /\/\S+\.json/u.exec(await said.innerText())[0];
  const bundle = JSON.parse(await readFile(path, "utf8"));
  const felt = Object.fromEntries(bundle.felt.map((one) => [one.action, one]));
  assert.equal(felt.focus.count, 2);
  assert.ok(felt.open.count >= 1 && felt.start.count === 1);
});

const quiet = { "compose.enter_sends": "false", "privacy.remote_images": "never" };

windowTest("Enter begins a new line in a chat, and no image can be asked for, when that is set", { settings: quiet }, async ({ page, engine }) => {
  const chat = (await threads(engine, { in: "inbox", kind: "chat" })).find((one) => one.title.trim() !== "");
  await openThread(page, chat);
  await replyBox(page).fill("one");
  await page.keyboard.press("Enter");
  await page.keyboard.type("two");
  assert.equal(await replyBox(page).inputValue(), "one\ntwo");
  assert.deepEqual((await engine.rpc("outbox.list")).filter((op) => op.kind === "send" && op.thread === chat.id), []);

  for (const row of await threads(engine, { in: "all", kind: "mail" })) {
    const { items } = await engine.rpc("thread.get", { id: row.id });
    const { id, has_html: html } = items.at(-1);
    if (!html || row.title.trim() === "") continue;
    const asked = await engine.rpc("item.html", { id, remote_images: true });
    if (asked.blocked_images === 0) continue;
    await openThread(page, row);
    await page.locator(`[data-item="${id}"]`).getByText("switched off").waitFor();
    assert.equal(await page.getByTestId("load-images").count(), 0);
    return;
  }
  assert.fail("the demo world has no mail with remote images");
});

windowTest("every row says where it comes from, and has its own way back", {}, async ({ page, engine }) => {
  await page.keyboard.press("Control+,");
  // A weight, by keyboard alone.
  await page.getByTestId("section-actions").click();
  const asked = page.getByTestId("weight-asked");
  await asked.fill("20");
  await asked.press("Tab");
  const weight = async () => (await engine.rpc("actions.rules")).find((rule) => rule.name === "asked").points;
  await eventually("the weight to be kept", async () => (await weight()) === 20);
  const origin = page.getByTestId("origin-actions.weights-asked");
  await page.getByTestId("reset-actions.weights-asked").waitFor();
  await origin.and(page.locator("[data-origin=file]")).waitFor();
  assert.equal(await page.getByTestId("origin-actions.weights-promise").getAttribute("data-origin"), "default");
  await page.getByTestId("reset-actions.weights-asked").press("Enter");
  await eventually("the weight it had", async () => (await weight()) === 35);
  assert.equal((await config(engine))["actions.weights"].origin, "default", "nothing is left in the file");

  // The keys of one command.
  await page.getByTestId("section-keyboard").click();
  assert.equal(await page.getByTestId("origin-keyboard.bindings-archive").getAttribute("data-origin"), "default");
  await page.getByTestId("key-archive").getByRole("button", { name: /^Remove/u }).press("Enter");
  await page.getByTestId("reset-keyboard.bindings-archive").waitFor();
  await eventually("the keyboard not to be lost with the key", () => page.evaluate(() => document.activeElement?.closest("[data-testid]")?.dataset.testid === "reset-keyboard.bindings-archive"));
  await page.keyboard.press("Enter");
  await eventually("its key again", async () => (await page.getByTestId("key-archive").locator("kbd").allInnerTexts()).join() === "E");

  // The folder was named when the engine was started.
  await page.getByTestId("section-data").click();
  await page.getByTestId("data-folder-origin").getByText("Given as a flag").waitFor();
});

windowTest("what ships is listed with its licences, and other programs and channels have a place", {}, async ({ page, engine }) => {
  await page.keyboard.press("Control+k");
  await page.getByTestId("palette-input").fill("licences");
  await page.locator('[data-entry="section:about"]').click();
  await page.getByTestId("licence").first().waitFor();
  const all = await page.getByTestId("licence").count();
  assert.ok(all > 300, `${all}`);
  await page.getByTestId("licences-find").fill("liberation");
  await eventually("one font", async () => (await page.getByTestId("licence").count()) === 1);
  await page.getByTestId("licences-found").getByText("One part").waitFor();
  await page.getByTestId("licence").locator("summary").focus();
  await page.keyboard.press("Enter");
  await page.getByTestId("licence-text").getByText("SIL OPEN FONT LICENSE").first().waitFor();
  await page.getByTestId("licences-find").fill("tantivy");
  await eventually("the index", async () => (await page.getByTestId("licence").count()) > 3);

  await page.getByTestId("section-automation").click();
  await page.getByTestId("connectors-none").waitFor();
  await page.getByTestId("proposals-waiting").getByText("Nothing is proposed").waitFor();
  const [mail] = await threads(engine, { in: "inbox", kind: "mail" });
  await engine.rpc("proposals.make", { thread: mail.id, do: "archive", who: "helper", why: "It is done." });
  await page.getByTestId("proposals-waiting").getByText("One proposal waits").waitFor();
  await page.getByTestId("connector-new").click();
  await page.locator("[data-testid=wizard-kind-channel][aria-pressed=true]").waitFor();
});
