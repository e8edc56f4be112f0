// Finding things.

import assert from "node:assert/strict";

import { eventually, rowIds, threads, windowTest } from "./harness.mjs";
import { inList } from "./keys.mjs";

/** A word that stands in few subjects: what is looked for and what must be found. */
async function rareWord(engine) {
  const rows = await threads(engine, { in: "all", kind: "mail" });
  for (const row of rows) {
    for (const word of row.title.match(/\p{L}{6,}/gu) ?? []) {
      const found = await engine.rpc("search", { query: word });
      if (found.total > 0 && found.total < 20 && found.hits.some((hit) => hit.thread === row.id)) return { word, row, found };
    }
  }
  throw new Error("no rare word in the demo world");
}

windowTest("a search shows its hits with the words marked, and its coverage", {}, async ({ page, engine }) => {
  const { word, row, found } = await rareWord(engine);
  await page.keyboard.press("/");
  await page.keyboard.type(word);
  await page.locator(`[data-testid=row][data-thread="${row.id}"]`).first().waitFor();
  await eventually("the count", async () => (await page.getByTestId("search-count").innerText()).includes(String(found.total)));
  await eventually(`${word} to be marked`, async () => {
    const marked = await page.locator("#thread-list mark").allInnerTexts();
    if (marked.length === 0) return found.hits.every((hit) => hit.snippet.every((span) => !span.hit));
    return marked.some((text) => text.toLowerCase().startsWith(word.toLowerCase().slice(0, 4)));
  });
  await eventually("the coverage", async () => (await page.getByTestId("search-coverage").innerText()).length > 10);
});

windowTest("hits in the text are marked", {}, async ({ page, engine }) => {
  const rows = await threads(engine, { in: "all", kind: "chat" });
  const { items } = await engine.rpc("thread.get", { id: rows[0].id });
  const word = items.map((item) => item.text.match(/\p{L}{5,}/u)?.[0]).find(Boolean);
  await page.getByTestId("search-box").fill(`"${word}"`);
  await eventually("a marked word", async () =>
    (await page.locator("#thread-list mark").allInnerTexts()).some((text) => text.toLowerCase() === word.toLowerCase()),
  );
});

windowTest("while one types, only the newest search counts", {}, async ({ page, engine }) => {
  const { word, found } = await rareWord(engine);
  const asked = [];
  let answered = 0;
  // The first letters are answered late: what they find must not replace what the whole word finds.
  await page.route("**/rpc/search", async (route) => {
    const params = JSON.parse(route.request().postData());
    asked.push(params);
    const response = await route.fetch();
    if (params.query !== "" && params.query.length < word.length) await new Promise((later) => setTimeout(later, 400));
    await route.fulfill({ response });
    answered += 1;
  });
  await page.getByTestId("search-box").pressSequentially(word);
  await eventually("the whole word to be searched", () => asked.some((params) => params.query === word));
  const typing = asked.filter((params) => params.query !== "");
  assert.ok(typing.every((params) => params.lane), "every search while typing has a lane, so the engine cancels the one before");
  const threadsFound = new Set(found.hits.map((hit) => hit.thread));
  await eventually("the hits of the whole word", async () => {
    const ids = await page.getByTestId("row").evaluateAll((rows) => rows.map((row) => row.dataset.thread));
    return ids.length > 0 && ids.every((id) => threadsFound.has(id));
  });
  await eventually("every search to be answered", () => answered === asked.length);
  const ids = await page.getByTestId("row").evaluateAll((rows) => rows.map((row) => row.dataset.thread));
  assert.ok(ids.every((id) => threadsFound.has(id)), "a late answer replaced a newer one");
});

windowTest("what is not there is said, with what was searched", {}, async ({ page }) => {
  await page.getByTestId("search-box").fill("qzxwvkjqzxwv");
  await page.getByText("Nothing found").waitFor();
  await page.getByRole("button", { name: "Back to the list" }).click();
  await page.getByTestId("row").first().waitFor();
});

/** Fills in the question that keeps a search. */
async function keep(page, name, { tab = false } = {}) {
  await page.getByTestId("keep-search-name").fill(name);
  if (tab) await page.getByTestId("keep-search-tab").check();
  await page.getByTestId("keep-search-save").click();
  await page.getByTestId("keep-search").waitFor({ state: "detached" });
}

/** The hits on screen are those of a query, in its order. */
async function shows(page, engine, query) {
  const { hits } = await engine.rpc("search", { query, limit: 5 });
  assert.ok(hits.length > 0, query);
  await eventually(`the hits of ${query}`, async () => {
    const seen = await page.getByTestId("row").evaluateAll((rows) => rows.map((row) => row.dataset.item));
    return hits.every((hit, i) => seen[i] === hit.item);
  });
}

windowTest("search, refine, save, reopen", {}, async ({ page, engine }) => {
  const { hits } = await engine.rpc("search", { query: "has:attachment" });
  const sender = hits.find((hit) => hit.from?.handle.includes("@")).from.handle;
  await page.keyboard.press("/");
  await page.keyboard.type("has:attachment");
  await shows(page, engine, "has:attachment");
  await page.keyboard.type(` from:${sender}`);
  const query = `has:attachment from:${sender}`;
  await page.keyboard.press("Enter");
  await shows(page, engine, query);
  await inList(page);
  await page.keyboard.press("Shift+S");
  await keep(page, "Files of theirs");
  const entry = page.getByTestId("saved-search");
  // What is on show is marked in the rail.
  await entry.and(page.locator("[aria-current=page]")).waitFor();
  const { total } = await engine.rpc("threads.list", { in: "all", query, unread: true, limit: 1 });
  if (total > 0) await eventually("the unread count", async () => (await entry.innerText()).includes(String(total)));

  await page.getByTestId("nav-inbox").click();
  assert.equal(await page.getByTestId("search-box").inputValue(), "");
  await page.reload();
  await page.getByTestId("row").first().waitFor();
  await entry.click();
  assert.equal(await page.getByTestId("search-box").inputValue(), query);
  await shows(page, engine, query);

  // From the palette as well.
  await page.getByTestId("nav-inbox").click();
  await page.keyboard.press("Control+k");
  await page.getByTestId("palette-input").fill("files of th");
  await page.locator("[data-testid=palette-option][aria-selected=true]").filter({ hasText: "Files of theirs" }).waitFor();
  await page.keyboard.press("Enter");
  await shows(page, engine, query);

  // The bookmark changes one that is kept already.
  await page.getByTestId("save-search").click();
  assert.equal(await page.getByTestId("keep-search-query").inputValue(), query);
  await keep(page, "Papers");
  await eventually("the new name", async () => (await entry.innerText()).startsWith("Papers"));
  assert.deepEqual((await engine.rpc("kept.list", { kind: "search" })).map((kept) => kept.name), ["Papers"]);
});

windowTest("a search becomes a tab, Tab reaches it, and the settings order, change and remove what is kept", {}, async ({ page, engine }) => {
  await page.getByTestId("search-box").fill("has:attachment");
  await page.getByTestId("save-search").click();
  await keep(page, "Files", { tab: true });
  await page.getByTestId("search-box").fill("is:starred");
  await page.getByTestId("save-search").click();
  await keep(page, "Stars");
  await page.getByTestId("nav-inbox").click();

  const [split] = await engine.rpc("kept.list", { kind: "split" });
  const tab = page.getByTestId(`split-own-${split.id}`);
  await tab.waitFor();
  await page.locator("#thread-list").focus();
  await page.keyboard.press("Shift+Tab");
  assert.equal(await tab.getAttribute("aria-pressed"), "true", "the last tab is the person's own");
  const wanted = (await threads(engine, { in: "inbox", query: "has:attachment" })).map((row) => row.id);
  assert.ok(wanted.length > 1);
  await eventually("the rows of the tab", async () => {
    const seen = await rowIds(page);
    return seen.length > 1 && seen.every((id, i) => id === wanted[i]);
  });
  const { total } = await engine.rpc("threads.list", { in: "inbox", query: "has:attachment", unread: true, limit: 1 });
  assert.ok(total > 0);
  await eventually("what is unread there", async () => (await tab.innerText()).includes(String(total)));

  await page.getByTestId("manage-searches").click();
  const rows = page.getByTestId("kept-search");
  await rows.getByRole("button", { name: "Move Stars up" }).click();
  await eventually("the new order", async () => (await engine.rpc("kept.list", { kind: "search" })).map((kept) => kept.name).join() === "Stars,Files");
  await eventually("the rail to follow", async () => (await page.getByTestId("saved-search").first().innerText()).startsWith("Stars"));
  // Files is a tab already, Stars is not.
  assert.equal(await rows.getByTestId("make-tab").count(), 1);
  await rows.getByRole("button", { name: "Make Stars a tab" }).click();
  await eventually("the second tab", async () => (await page.getByTestId("kept-split").count()) === 2);
  await page.getByTestId("kept-split").getByRole("button", { name: "Remove Files" }).click();
  await eventually("one tab", async () => (await page.getByTestId("kept-split").count()) === 1);
  await page.getByTestId("new-split").click();
  await page.getByTestId("keep-search-query").fill("is:unread");
  await keep(page, "New");
  assert.deepEqual((await engine.rpc("kept.list", { kind: "split" })).map((kept) => [kept.name, kept.data.query]), [["Stars", "is:starred"], ["New", "is:unread"]]);
});
