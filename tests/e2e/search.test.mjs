// Finding things.

import assert from "node:assert/strict";

import { eventually, threads, windowTest } from "./harness.mjs";

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
  const marked = await page.locator("#thread-list mark").allInnerTexts();
  assert.ok(
    marked.length === 0 ? found.hits.every((hit) => hit.snippet.every((span) => !span.hit)) : marked.some((text) => text.toLowerCase().startsWith(word.toLowerCase().slice(0, 4))),
    `${word}: ${marked}`,
  );
  const coverage = await page.getByTestId("search-coverage").innerText();
  assert.ok(coverage.length > 10, coverage);
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
