// The window in a browser on the real engine: `inlet serve` on a data directory of its own for
// every test. What the page complains about fails the test; a failed test leaves a picture behind.

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const results = join(here, "results");
const run = promisify(execFile);

/** Milliseconds a condition may take. Generous: the machine is shared, and a debug build is slow. */
export const PATIENCE = Number(process.env.INLET_E2E_PATIENCE ?? 20_000);

/**
 * Milliseconds by which every answer of the engine comes later, one half before it is asked and one after; its events
 * come at once. A test that reads what an answer brings without waiting for it fails then for certain:
 * `INLET_E2E_LATE=300 node --test tests/e2e/….test.mjs`.
 */
const LATE = Number(process.env.INLET_E2E_LATE ?? 0);

/** Milliseconds a test may take. */
const LONGEST = LATE > 0 ? 360_000 : 90_000;

/** The seed of the demo world; tests that name people of it rely on this one. */
const SEED = "7";

/** The program under test. */
export function binary() {
  if (process.env.INLET_BIN) return process.env.INLET_BIN;
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  const found = ["debug", "release"].map((profile) => join(target, profile, "inlet")).find((path) => existsSync(path));
  if (!found) throw new Error(`no inlet in ${target}: build it, or name it with INLET_BIN`);
  return found;
}

function window() {
  const path = process.env.INLET_UI ?? join(root, "ui/dist");
  if (!existsSync(join(path, "index.html"))) throw new Error(`no window in ${path}: run "npm run build" in ui/`);
  return path;
}

/** Runs the command line once and returns what it printed. */
export async function inlet(dir, ...args) {
  const { stdout } = await run(binary(), ["--data-dir", dir, ...args], { timeout: 120_000, maxBuffer: 64 << 20 });
  return stdout;
}

/** An engine on a data directory. */
class Engine {
  constructor(dir) {
    this.dir = dir;
  }

  /** Starts it and waits for the address it prints. */
  async start() {
    this.child = spawn(binary(), ["--data-dir", this.dir, "serve", "--listen", "127.0.0.1:0", "--ui", window()], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.log = "";
    this.child.stderr.on("data", (data) => (this.log += data));
    this.url = await new Promise((found, failed) => {
      let out = "";
      const late = setTimeout(() => failed(new Error(`inlet serve printed no address.\n${out}\n${this.log}`)), 60_000);
      this.child.stdout.on("data", (data) => {
        out += data;
        const url = /https?:\/\/\S+/u.exec(out)?.[0];
        if (!url || !out.includes("\n")) return;
        clearTimeout(late);
        found(url);
      });
      this.child.once("exit", (code) => {
        clearTimeout(late);
        failed(new Error(`inlet serve ended with ${code}.\n${out}\n${this.log}`));
      });
    });
    this.token = new URL(this.url).searchParams.get("token");
    return this;
  }

  /** Runs a command of the engine; what the window shows is checked against its answers. */
  async rpc(name, params = {}) {
    const response = await fetch(new URL(`rpc/${name}`, new URL("./", this.url)), {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${this.token}` },
      body: JSON.stringify(params),
      signal: AbortSignal.timeout(PATIENCE),
    }).catch((error) => {
      throw new Error(`the engine did not answer ${name} ${JSON.stringify(params)}`, { cause: error });
    });
    const body = await response.json();
    if (!response.ok) throw Object.assign(new Error(`${name}: ${body.message ?? body.error?.message}`), body);
    return body;
  }

  async stop() {
    if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((done) => this.child.once("exit", done));
    this.child.kill("SIGTERM");
    const late = setTimeout(() => this.child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(late);
  }
}

let browser;
/** Filled data directories that tests copy, by the time of their world: making one takes longer than copying it. */
const templates = new Map();

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.INLET_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
  });
});

after(async () => {
  await browser?.close();
  for (const made of templates.values()) {
    const world = await made.catch(() => null);
    if (world) await rm(world, { recursive: true, force: true });
  }
});

function demoWorld(now) {
  if (!templates.has(now)) {
    const made = mkdtemp(join(tmpdir(), "inlet-e2e-world-")).then(async (dir) => {
      await inlet(dir, "demo", "--seed", SEED, ...(now ? ["--now", now] : []));
      return dir;
    });
    templates.set(now, made);
  }
  return templates.get(now);
}

/** Errors a page may report: a refused command is an answer, not a fault of the page. */
function harmless(message) {
  const from = message.location().url;
  return from.includes("/rpc/") && message.text().startsWith("Failed to load resource");
}

/** Lets an answer come later. */
async function late(route) {
  const half = () => new Promise((over) => setTimeout(over, LATE / 2));
  try {
    await half();
    const response = await route.fetch();
    await half();
    await route.fulfill({ response });
  } catch {
    // The page or the engine went away meanwhile.
    await route.abort().catch(() => {});
  }
}

/**
 * A test with an engine and a page of its own.
 *
 * Options: `demo` (default true) fills the data directory; `theme` light or dark; `size` of the
 * window; `undo` the seconds a message can be taken back; `now` the time of the demo world; `lang`
 * the language of the window; `settings` of the engine; `prepare` gets the context before the page;
 * `overlook` what the page may complain of, as the test itself is to blame; `skip` the reason not to run it.
 *
 * `work({ page, engine, open })` gets a page that is open and ready.
 */
export function windowTest(name, options, work) {
  const { demo = true, theme = "light", size = [1280, 800], undo, now, lang, settings = {}, prepare, overlook, skip = false } = options;
  test(name, { timeout: LONGEST, skip }, async () => {
    const dir = await mkdtemp(join(tmpdir(), "inlet-e2e-"));
    const engine = new Engine(dir);
    const complaints = [];
    let context;
    try {
      if (demo) await cp(await demoWorld(now), dir, { recursive: true });
      await engine.start();
      if (undo !== undefined) await engine.rpc("config.set", { key: "send.undo_seconds", value: String(undo) });
      for (const [key, value] of Object.entries(settings)) await engine.rpc("config.set", { key, value });
      context = await browser.newContext({
        viewport: { width: size[0], height: size[1] },
        colorScheme: theme,
        reducedMotion: "reduce",
        locale: "en-GB",
        timezoneId: "Europe/Berlin",
      });
      context.setDefaultTimeout(PATIENCE);
      if (LATE > 0) await context.route("**/rpc/**", late);
      await prepare?.(context);
      const page = await context.newPage();
      page.on("console", (message) => {
        if (message.type() === "error" && !harmless(message) && !overlook?.test(message.text())) complaints.push(message.text());
      });
      page.on("pageerror", (error) => complaints.push(String(error)));
      await page.goto(lang ? `${engine.url}&lang=${lang}` : engine.url);
      const first = demo ? page.getByTestId("row").first() : page.getByTestId("first-run-demo");
      await first.waitFor();
      try {
        await work({ page, engine });
      } catch (error) {
        await mkdir(results, { recursive: true });
        const file = join(results, `${name.replace(/[^\w]+/gu, "-").slice(0, 80)}.png`);
        await page.screenshot({ path: file }).catch(() => {});
        throw error;
      }
      assert.deepEqual(complaints, [], "the page complained");
    } finally {
      // What was asked at the last moment is answered to nobody, and is no fault of the test.
      for (const one of [context, ...(context?.pages() ?? [])]) await one?.unrouteAll({ behavior: "ignoreErrors" }).catch(() => {});
      await context?.close();
      await engine.stop();
      await rm(dir, { recursive: true, force: true });
    }
  });
}

/** Waits until `condition` returns something true, and returns it. */
export async function eventually(what, condition, patience = PATIENCE) {
  const until = Date.now() + patience;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > until) throw new Error(`waited in vain for ${what}`);
    await new Promise((again) => setTimeout(again, 50));
  }
}

/** Keeps a picture for whoever wants to look, in the folder INLET_E2E_PICTURES names. */
export async function picture(page, name) {
  const folder = process.env.INLET_E2E_PICTURES;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name.replace(/[^\w]+/gu, "-")}.png`) });
}

/** The browser says that the computer has a network, or none; the engine on it is there all the same. */
export async function network(page, there) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const rest = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
  await session.send("Network.overrideNetworkState", { offline: !there, ...rest });
}

/** Threads of the engine, newest first. */
export async function threads(engine, params = {}) {
  return (await engine.rpc("threads.list", { limit: 200, ...params })).threads;
}

/** Brings a mail in as a file, and opens its conversation. */
export async function openFile(page, engine, mail) {
  const folder = await mkdtemp(join(engine.dir, "mails-"));
  await writeFile(join(folder, "1.eml"), mail.replaceAll(/\r?\n/gu, "\r\n"));
  await engine.rpc("import", { paths: [folder] });
  const [row] = await eventually("the mail", async () => {
    const rows = await threads(engine, { in: "all" });
    return rows.length > 0 && rows;
  });
  await page.reload();
  await page.getByTestId("nav-all").click();
  await page.locator(`[data-testid=row][data-thread="${row.id}"]`).click();
}

/** The ids of the rows that are on screen, from the top. */
export function rowIds(page) {
  return page.getByTestId("row").evaluateAll((rows) =>
    rows
      .map((row) => ({ id: row.dataset.thread, top: row.getBoundingClientRect().top }))
      .sort((a, b) => a.top - b.top)
      .map((row) => row.id),
  );
}

/** The id of the row the list points at for screen readers. */
export function activeRow(page) {
  return page.evaluate(() => {
    const list = document.getElementById("thread-list");
    const active = document.getElementById(list?.getAttribute("aria-activedescendant") ?? "");
    return active?.dataset.thread ?? null;
  });
}

/** Opens a thread by what a person would do: search for it, press its row. */
export async function openThread(page, row) {
  const box = page.getByTestId("search-box");
  const words = row.title.replace(/[^\p{L}\p{N}\s]/gu, " ").trim();
  await box.fill(words === "" ? `from:${row.people[0].handle}` : words);
  await page.locator(`[data-testid=row][data-thread="${row.id}"]`).first().click();
  await page.getByTestId("reader-item").first().waitFor();
}

/**
 * A port of loopback nobody listens at. It lies below those a system gives away by itself: one that was given away and
 * let go might be somebody else's before it is used.
 */
export async function freePort() {
  for (;;) {
    const port = randomInt(10_000, 32_768);
    const server = createServer().listen(port, "127.0.0.1");
    const free = await once(server, "listening").then(() => true, () => false);
    if (!free) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}

/** The box at the foot of the reader. */
export const replyBox = (page) => page.getByTestId("reply-box");

/** The button that sends, in the composer that is meant. */
export const sendButton = (page, within = "reply") => page.getByTestId(within).getByTestId("send");
