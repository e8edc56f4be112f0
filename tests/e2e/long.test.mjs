// What strangers may send: two thousand messages in one conversation, a subject of ten thousand
// characters, names nobody can see. Nothing breaks, freezes or lies.

import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { eventually, threads, windowTest } from "./harness.mjs";

const MANY = 2000;
const BIDI = "\u202e\u200f\u2066";

const encoded = (text) => `=?utf-8?B?${Buffer.from(text).toString("base64")}?=`;

function mail(number, { from = "Ana <ana@x.example>", subject = "Re: The long one", first = false, text = `Message number ${number}.` }) {
  const at = new Date(Date.UTC(2026, 0, 1) + number * 60_000).toUTCString().replace("GMT", "+0000");
  const parent = first ? "" : "In-Reply-To: <0@x.example>\nReferences: <0@x.example>\n";
  return `From ana@x.example Thu Jan  1 00:00:00 2026\nFrom: ${from}\nTo: me@x.example\nSubject: ${subject}\nDate: ${at}\nMessage-ID: <${number}@x.example>\n${parent}\n${text}\n\n`;
}

windowTest("two thousand messages, ten thousand characters, names that cannot be seen", { demo: false }, async ({ page, engine }) => {
  const folder = await mkdtemp(join(tmpdir(), "inlet-e2e-mbox-"));
  const box = join(folder, "long.mbox");
  const long = Array.from({ length: 1112 }, (_, i) => encoded(`word${String(i).padStart(4, "0")} `)).join("\n ");
  let text = "";
  for (let i = 0; i < MANY; i += 1) text += mail(i, { first: i === 0, subject: i === 0 ? "The long one" : "Re: The long one" });
  text += mail(MANY, { first: true, subject: long, from: `${encoded("👩‍👩‍👧")} <emoji@x.example>` });
  text += mail(MANY + 1, { first: true, subject: encoded(BIDI), from: `${encoded(BIDI)} <hidden@x.example>`, text: "Who am I?" });
  await writeFile(box, text);
  await engine.rpc("import", { paths: [box] });
  const rows = await eventually("the whole box", async () => {
    const found = await threads(engine, { in: "all" });
    return found.length === 3 && found.some((row) => row.total === MANY) && found;
  }, 60_000);
  await page.reload();
  await page.getByTestId("nav-all").click();
  const open = async (row) => {
    await page.locator(`[data-testid=row][data-thread="${row.id}"]`).click();
    await page.locator(`[data-testid=reader][aria-busy=false] [data-testid=reader-item]`).first().waitFor();
  };
  const tidy = async (what) => {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${what}: nothing runs out of the window`);
  };

  const longest = rows.find((row) => row.total === MANY);
  await open(longest);
  const items = page.getByTestId("reader-item");
  await page.getByText(`Message number ${MANY - 1}.`).first().waitFor();
  assert.ok((await items.count()) <= 100, "only the newest are drawn at first");
  const scroll = page.locator("[data-testid=reader] .scroll");
  for (let pages = 2; pages <= 4; pages += 1) {
    const before = await items.count();
    await scroll.evaluate((box) => (box.scrollTop = 0));
    await eventually(`page ${pages}`, async () => (await items.count()) > before);
  }
  // What was in sight stays in sight: the top is again far up.
  await eventually("the place to be kept", () => scroll.evaluate((box) => box.scrollTop > 100));
  await tidy("the long conversation");

  const wordy = rows.find((row) => row.title.startsWith("word0000"));
  // What is left out of so much is said.
  assert.ok(wordy.title.length > 1900 && wordy.title.endsWith("…"), `${wordy.title.length}`);
  await open(wordy);
  const title = page.locator("[data-testid=reader] h2").first();
  await eventually("its title", async () => (await title.innerText()).startsWith("word0000"));
  assert.ok((await title.boundingBox()).height < 60, "a title is two lines at the most");
  await page.getByTestId("reader-item").getByText("👩‍👩‍👧").first().waitFor();
  await tidy("the long subject");

  const hidden = rows.find((row) => row.id !== longest.id && row.id !== wordy.id);
  await open(hidden);
  await page.getByText("Who am I?").last().waitFor();
  await page.getByTestId("reader-item").first().filter({ hasText: "hidden@x.example" }).waitFor();
  await page.locator(`[data-testid=row][data-thread="${hidden.id}"]`).filter({ hasText: "hidden@x.example" }).waitFor();
  await eventually("its title", async () => (await title.innerText()) === "No subject");
  await page.keyboard.press("i");
  await page.getByTestId("person-name").getByText("hidden@x.example").waitFor();
  await rm(folder, { recursive: true, force: true });
});
