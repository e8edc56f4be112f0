// Files of messages and messages as files: looked at in the window, saved, shown as they came, printed.

import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

import { eventually, openFile, openThread, threads, windowTest } from "./harness.mjs";

// The engine saves into the downloads folder: one of this run's own.
const downloads = await mkdtemp(join(tmpdir(), "inlet-e2e-downloads-"));
process.env.XDG_DOWNLOAD_DIR = downloads;
after(() => rm(downloads, { recursive: true, force: true }));

/** The first thread with a file that fits, and that file. */
async function threadWith(engine, fits, least = 1) {
  for (const row of await threads(engine, { in: "all", kind: "mail" })) {
    if (!row.has_attachment || row.title.trim() === "") continue;
    const { items } = await engine.rpc("thread.get", { id: row.id });
    const files = items.at(-1).attachments.filter((file) => !file.inline);
    if (files.length >= least && files.every(fits)) return { row, item: items.at(-1), files };
  }
  throw new Error("the demo world has no such file");
}

windowTest("pictures are looked at by keyboard, one after the other", {}, async ({ page, engine }) => {
  const { row, files } = await threadWith(engine, (file) => file.type === "image/png", 3);
  await openThread(page, row);
  const first = page.getByTestId("attachment").first();
  assert.match(await first.innerText(), /Image · \d+ kB/u);
  await first.focus();
  await page.keyboard.press("Enter");
  const picture = page.getByTestId("preview-image");
  await eventually("the picture to be drawn", () => picture.evaluate((image) => image.naturalWidth > 0 && image.src.startsWith("blob:")));
  await page.keyboard.press("ArrowRight");
  await page.getByRole("dialog", { name: files[1].name }).waitFor();
  await eventually("the second picture", () => picture.evaluate((image) => image.naturalWidth > 0));
  const width = () => picture.evaluate((image) => image.getBoundingClientRect().width);
  const before = await width();
  await page.keyboard.press("+");
  await eventually("it to be larger", async () => (await width()) > before);
  await page.keyboard.press("Escape");
  await page.getByTestId("preview").waitFor({ state: "detached" });
  await eventually("the focus to be where it was", () => first.evaluate((button) => button === document.activeElement));
});

windowTest("a PDF is drawn in the window, and its scripts are not there to run", {}, async ({ page, engine }) => {
  const { row } = await threadWith(engine, (file) => file.type === "application/pdf");
  await openThread(page, row);
  await page.getByTestId("attachment").click();
  const drawn = page.locator("[data-testid=pdf-page][data-drawn]");
  await drawn.waitFor();
  const ink = await drawn.evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let dark = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] < 100) dark += 1;
    return dark;
  });
  assert.ok(ink > 200, `${ink} dark points`);
  assert.equal(await page.getByTestId("preview-pdf").getAttribute("data-pages"), "1");
  assert.equal(await page.getByTestId("preview").locator("iframe, embed, object, a").count(), 0);
});

windowTest("all files of a mail are saved into one folder", {}, async ({ page, engine }) => {
  const { row, files } = await threadWith(engine, () => true, 3);
  await openThread(page, row);
  await page.getByTestId("save-all").click();
  await page.getByTestId("toast").filter({ hasText: `${files.length} files` }).waitFor();
  const folders = await readdir(downloads);
  const saved = await Promise.all(folders.map(async (folder) => readdir(join(downloads, folder)).catch(() => [])));
  assert.ok(saved.some((names) => names.length === files.length), JSON.stringify(saved));
});

windowTest("a file that lies elsewhere is opened by the browser, looked at like any link, and offered for nothing else", {}, async ({ page, engine }) => {
  let row, file;
  for (const one of (await threads(engine, { in: "all", kind: "chat" })).filter((each) => each.has_attachment)) {
    const { items } = await engine.rpc("thread.get", { id: one.id });
    file = items.flatMap((item) => item.attachments).find((each) => each.link !== null);
    row = one;
    if (file) break;
  }
  const context = page.context();
  await context.route(`${new URL(file.link).origin}/**`, (route) => route.fulfill({ contentType: "text/html", body: "there" }));
  await openThread(page, row);
  const chip = page.getByRole("button", { name: /CV\.docx Document · opens in the browser/u }).last();
  await chip.waitFor();
  assert.equal(await chip.getAttribute("title"), "Open CV.docx in the browser, at northwind.sharepoint.example");
  assert.equal(await page.getByTestId("attachment-save").count(), 0);
  const tab = context.waitForEvent("page");
  await chip.focus();
  await page.keyboard.press("Enter");
  const opened = await tab;
  await opened.waitForURL(file.link);
  assert.equal(await opened.evaluate(() => window.opener), null);
  await opened.close();

  // A doubtful address is asked about, whoever shared the file.
  await context.route("**/rpc/thread.get", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: (await answer.text()).replaceAll(file.link, "https://northwind.sharepoint.example@127.0.0.1:1/CV.docx") });
  });
  await page.reload();
  await openThread(page, row);
  await chip.click();
  const dialog = page.getByTestId("link-dialog");
  await dialog.getByText(/127\.0\.0\.1 is on this computer/u).waitFor();
  assert.equal(context.pages().length, 1, "nothing was opened");
});

windowTest("foreign pages and drawings are never shown, and ask before they are opened", { demo: false }, async ({ page, engine }) => {
  const part = (name, type) => `--b\r\nContent-Type: ${type}; name="${name}"\r\nContent-Disposition: attachment; filename="${name}"\r\n\r\n<svg xmlns="http://www.w3.org/2000/svg" onload="document.title='run'"/><script>document.title='run'</script>\r\n`;
  const mail = `From: Ana <ana@x.example>\r\nTo: me@x.example\r\nSubject: Look\r\nDate: Fri, 20 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@x.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHere.\r\n${part("page.html", "text/html")}${part("drawing.svg", "image/svg+xml")}${part("picture.png", "image/png")}--b--\r\n`;
  await openFile(page, engine, mail);
  for (const name of ["page.html", "drawing.svg"]) {
    await page.getByTestId("attachment").filter({ hasText: name }).click();
    await page.getByTestId("file-ask").getByText(name).waitFor();
    assert.equal(await page.getByTestId("preview").count(), 0);
    await page.keyboard.press("Escape");
  }
  // What calls itself a picture and is none says so.
  await page.getByTestId("attachment").filter({ hasText: "picture.png" }).click();
  await page.getByTestId("preview").getByText(/cannot be shown here/u).waitFor();
  assert.notEqual(await page.title(), "run");
});

windowTest("a mail is shown as it came, and saved as a file", {}, async ({ page, engine }) => {
  let row, item;
  for (const one of (await threads(engine, { in: "all", kind: "mail" })).filter((each) => each.title.trim() !== "" && each.total === 1)) {
    const [only] = (await engine.rpc("thread.get", { id: one.id })).items;
    // A mail of several parts is written anew by the demo each time, with other boundaries.
    if (only.has_html || only.attachments.length > 0) continue;
    [row, item] = [one, only];
    break;
  }
  const { raw } = await engine.rpc("item.raw", { id: item.id });
  await openThread(page, row);
  await page.getByTestId("reader-item").first().press("v");
  const text = page.getByTestId("source-text");
  await text.waitFor();
  assert.equal((await text.textContent()).replaceAll("\r\n", "\n"), raw.replaceAll("\r\n", "\n"));
  assert.equal(await text.evaluate((pre) => getComputedStyle(pre).whiteSpaceCollapse), "preserve");
  const wraps = () => text.evaluate((pre) => getComputedStyle(pre).textWrapMode);
  assert.equal(await wraps(), "wrap");
  await page.getByTestId("source-wrap").uncheck();
  assert.equal(await wraps(), "nowrap");
  await page.getByTestId("source-save").click();
  await page.getByTestId("toast").filter({ hasText: ".eml" }).waitFor();
  const names = (await readdir(downloads)).filter((name) => name.endsWith(".eml"));
  assert.equal(names.length, 1);
  assert.equal(await readFile(join(downloads, names[0]), "utf8"), raw);
});

windowTest("on paper there is the conversation, whole and black on white, and nothing of the window", { theme: "dark" }, async ({ page, engine }) => {
  const rows = await threads(engine, { in: "all", kind: "mail" });
  let found;
  for (const row of rows.filter((one) => one.total > 1 && one.title.trim() !== "")) {
    const { items } = await engine.rpc("thread.get", { id: row.id });
    if (items.some((item) => item.has_html)) {
      found = { row, items };
      break;
    }
  }
  await page.evaluate(() => {
    window.print = () => (window.printed = true);
  });
  await openThread(page, found.row);
  await page.getByTestId("reader-item").first().press("Control+p");
  await eventually("the print", () => page.evaluate(() => window.printed === true));
  await page.emulateMedia({ media: "print" });
  const paper = page.getByTestId("paper");
  await eventually("every message on the paper", async () => (await paper.locator("section").count()) === found.items.length);
  await page.locator(".window").waitFor({ state: "hidden" });
  const [ground, ink] = await paper.evaluate((element) => [getComputedStyle(element).backgroundColor, getComputedStyle(element).color]);
  assert.deepEqual([ground, ink], ["rgb(255, 255, 255)", "rgb(0, 0, 0)"]);
  const frames = await paper.locator("iframe").evaluateAll((all) =>
    all.map((frame) => ({ sandbox: frame.getAttribute("sandbox"), height: frame.clientHeight, whole: frame.contentDocument.documentElement.scrollHeight })),
  );
  assert.ok(frames.length > 0);
  for (const { sandbox, height, whole } of frames) {
    assert.ok(!sandbox.includes("allow-scripts"), sandbox);
    assert.ok(height >= whole && height > 20, `${height} of ${whole}`);
  }
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await paper.waitFor({ state: "detached" });
});
