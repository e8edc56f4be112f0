// Long work: what it is, how much of it is done and how long it takes, held and ended, where it was begun and in the
// foot of the window.

import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { eventually, PATIENCE, picture, threads, windowTest } from "./harness.mjs";
import { connectMailbox, letter, startMailbox, way } from "./mailbox.mjs";

/** The bar of a kind of work in a part of the window. */
const bar = (part, kind) => part.locator(`[data-testid=work][data-kind=${kind}]`);

/** Its words say what and how much, and its bar says the same. */
async function measured(work, what) {
  await work.getByText(what).waitFor();
  const progress = work.locator("progress");
  await eventually("its bar to move", () => progress.evaluate((one) => one.hasAttribute("value") && one.max > 1 && one.value <= one.max));
}

/** Begins work and holds it at once: a world this small is gone through before anybody can press the button. */
async function caught(engine, kind, begin) {
  const until = Date.now() + PATIENCE;
  const holding = async () => {
    for (;;) {
      const work = (await engine.rpc("work.list")).find((one) => one.kind === kind);
      if (work) return engine.rpc("work.pause", { id: work.id });
      if (Date.now() > until) throw new Error(`no ${kind} has begun`);
    }
  };
  await Promise.all([holding(), begin()]);
}

windowTest("everything is written into files behind a bar, held on request, and ended on request", {}, async ({ page, engine }) => {
  await page.keyboard.press("Control+,");
  await page.getByTestId("section-data").click();
  const form = page.getByRole("form", { name: "Export" });
  const work = bar(form, "export");
  const begin = async (folder) => {
    await page.getByTestId("export-folder").fill(join(engine.dir, folder));
    await caught(engine, "export", () => page.getByTestId("export-start").click());
    await work.getByText("paused").waitFor();
  };
  await begin("whole");
  await measured(work, /Export to whole: [\d,]+ of [\d,]+ · paused/u);
  await bar(page.getByTestId("status-line"), "export").waitFor();
  await picture(page, "work export");
  await work.getByTestId("work-pause").click();
  await page.getByTestId("export-done").getByText(/\d/u).waitFor();
  await work.waitFor({ state: "detached" });
  const whole = await readdir(join(engine.dir, "whole"));
  assert.ok(whole.length > 0 && whole.every((name) => name.endsWith(".mbox")), whole.join());

  await begin("half");
  await bar(page.getByTestId("status-line"), "export").getByTestId("work-cancel").click();
  await form.getByRole("alert").getByText("ended before it was finished").waitFor();
  await work.waitFor({ state: "detached" });
  assert.deepEqual(await engine.rpc("work.list"), []);
});

const MANY = 3000;

windowTest("files are read behind a bar, held on request, and read to their end", { demo: false }, async ({ page, engine }) => {
  const folder = await mkdtemp(join(tmpdir(), "inlet-e2e-many-"));
  try {
    const mail = (number) => {
      const at = new Date(Date.UTC(2026, 0, 1) + number * 60_000).toUTCString().replace("GMT", "+0000");
      return `From ana@x.example Thu Jan  1 00:00:00 2026\nFrom: Ana <ana@x.example>\nTo: me@x.example\nSubject: Number ${number}\nDate: ${at}\nMessage-ID: <${number}@x.example>\n\nMessage number ${number}.\n\n`;
    };
    await writeFile(join(folder, "many.mbox"), Array.from({ length: MANY }, (_, number) => mail(number)).join(""));
    await page.getByTestId("first-run-import").click();
    await page.getByTestId("import-paths").fill(join(folder, "many.mbox"));
    const work = bar(page.getByTestId("import"), "import");
    await caught(engine, "import", () => page.getByTestId("import-start").click());
    await measured(work, /: [\d,]+ of [\d,]+ · paused/u);
    await bar(page.getByTestId("status-line"), "import").waitFor();
    await picture(page, "work import");
    assert.equal(await page.getByTestId("import").getByText("3,000").count(), 0, "it is not said to be done");
    await work.getByTestId("work-pause").click();
    await page.getByTestId("import").getByText("3,000").waitFor();
    await work.waitFor({ state: "detached" });
    assert.equal((await engine.rpc("threads.list", { in: "all", limit: 1 })).total, MANY);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

windowTest("the index is built anew behind a bar, held on request, while the old one finds", {}, async ({ page, engine }) => {
  const found = async () => (await engine.rpc("search", { query: "launch", limit: 1 })).total;
  const before = await found();
  await page.keyboard.press("Control+,");
  await page.getByTestId("section-index").click();
  await caught(engine, "rebuild", () => page.getByTestId("index-rebuild").click());
  await bar(page.getByRole("main"), "rebuild").getByText("paused").waitFor();
  const work = bar(page.getByTestId("status-line"), "rebuild");
  await measured(work, /Search index: [\d,]+ of [\d,]+ · paused/u);
  await picture(page, "work rebuild");
  assert.equal(await found(), before);
  await work.getByTestId("work-pause").click();
  await page.getByTestId("index-current").waitFor();
  await work.waitFor({ state: "detached" });
  await eventually("it to find as before", async () => (await found()) === before);
});

windowTest("the first sync of a real mailbox on a slow line: the newest are read, the rest is behind a bar", { demo: false, size: [1280, 700] }, async ({ page, engine }) => {
  const MANY = 130;
  const mail = await startMailbox();
  const { imap } = mail.where.config;
  // Fifty mails of four thousand bytes get through, and some of those that come after.
  const line = await way(imap.port, 300_000);
  try {
    const text = "We row out at noon.\r\n".repeat(190);
    for (let number = 1; number <= MANY; number += 1) await mail.ask({ deliver: letter(`Harbour ${number}`, text) });
    await connectMailbox(engine, mail, { ...imap, port: line.port });
    const work = bar(page.getByTestId("status-line"), "sync");
    await measured(work, new RegExp(`[\\d,]+ of ${MANY}`, "u"));
    // The newest are here and can be read, while the rest is on its way.
    const newest = page.getByTestId("row").first();
    assert.ok(Number(/Harbour (\d+)/u.exec(await newest.innerText())[1]) > MANY - 60, await newest.innerText());
    await newest.click();
    await page.getByTestId("reader").getByText("We row out at noon.").first().waitFor();
    const here = async () => (await threads(engine)).length;
    assert.ok((await here()) < MANY, `${await here()} of ${MANY}`);
    await picture(page, "work first sync");
    await work.getByTestId("work-pause").click();
    await work.getByText("paused").waitFor();
    await work.getByTestId("work-pause").click();
    line.go();
    await eventually("all of them", async () => (await here()) === MANY);
    await work.waitFor({ state: "detached" });
  } finally {
    await line.end();
    await mail.stop();
  }
});

windowTest("a first sync says how far it is and how long it takes, and is held and ended from the foot", { prepare: (context) => context.clock.install() }, async ({ page, engine }) => {
  const { accounts } = await engine.rpc("status");
  const source = accounts.flatMap((account) => account.sources).find((one) => one.type === "gmail");
  // A mailbox that takes an hour: its answers are written here, and each is further than the one before.
  const asked = [];
  const sync = { id: source.id, kind: "sync", title: source.name, done: 0, total: 48_000, started_at: new Date().toISOString(), paused: false, can_pause: true, can_cancel: true };
  let all = [sync];
  await page.route("**/rpc/work.*", (route) => {
    const command = new URL(route.request().url()).pathname.split("/").at(-1);
    if (command === "work.list") sync.done += 40;
    else asked.push([command, JSON.parse(route.request().postData()).id]);
    sync.paused = asked.at(-1)?.[0] === "work.pause";
    if (command === "work.cancel") all = [];
    return route.fulfill({ json: all });
  });
  await page.reload();
  await page.getByTestId("row").first().waitFor();
  const work = bar(page.getByTestId("status-line"), "sync");
  await measured(work, /Gmail: [\d,]+ of 48,000/u);
  // A pace is known after a while; the window asks again when a source says something.
  await page.clock.fastForward(5000);
  await eventually("how long it takes", async () => {
    await engine.rpc("sync.now");
    return /minute/u.test(await work.innerText());
  });
  await picture(page, "work sync");
  await work.getByTestId("work-pause").click();
  await work.getByText("paused").waitFor();
  await work.getByTestId("work-pause").click();
  await work.getByText("paused").waitFor({ state: "detached" });
  await work.getByTestId("work-cancel").click();
  await work.waitFor({ state: "detached" });
  assert.deepEqual(asked, [["work.pause", source.id], ["work.resume", source.id], ["work.cancel", source.id]]);
  assert.ok((await threads(engine)).length > 0);
});
