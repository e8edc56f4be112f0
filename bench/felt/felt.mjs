// How fast the window feels with a full demo world: in Chromium on `inlet serve`, and in the real
// window (WebKitGTK under Xvfb). Prints one JSON document; `inlet-bench` turns it into a table.

import { spawn, execFile } from "node:child_process";
import { mkdtemp, mkdir, readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const run = promisify(execFile);
const { values: options } = parseArgs({
  options: {
    inlet: { type: "string" },
    app: { type: "string" },
    ui: { type: "string", default: join(root, "ui/dist") },
    copies: { type: "string", default: "67" },
    data: { type: "string" },
  },
});
const scenario = await readFile(join(here, "scenario.js"), "utf8");
const started = [];

/** A program starts once in a run: so often it is opened beside that, to know how it usually is. */
const STARTS = 9;

/** What was measured, with all the starts. */
function withStarts(measured, starts) {
  const failed = [measured, ...starts].find((one) => one.error);
  if (failed) return failed;
  const sorted = [...starts, measured.start.p50].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
  return { ...measured, start: { ...measured.start, p50: at(0.5), p95: at(0.95), count: sorted.length } };
}

/** Starts a program that says on its first line where it is. */
function listening(program, args, env) {
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "ignore"] });
  started.push(child);
  return new Promise((found, failed) => {
    let out = "";
    child.stdout.on("data", (data) => {
      out += data;
      if (out.includes("\n")) found(out.slice(0, out.indexOf("\n")).trim());
    });
    child.once("error", failed);
    child.once("exit", (code) => failed(new Error(`${program} ended with ${code}`)));
  });
}

async function inChromium(dir) {
  const { chromium } = createRequire(join(root, "tests/e2e/package.json"))("playwright-core");
  const line = await listening(options.inlet, ["--data-dir", dir, "serve", "--listen", "127.0.0.1:0", "--ui", options.ui], process.env);
  const engine = started.at(-1);
  const browser = await chromium.launch({
    executablePath: process.env.INLET_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const url = /https?:\/\/\S+/u.exec(line)[0];
  const open = async () => {
    await page.goto(url);
    await page.getByTestId("row").first().waitFor();
  };
  // The first time fills the caches of the system: warm is what is asked for.
  await open();
  const starts = [];
  for (let i = 0; i < STARTS; i += 1) {
    await open();
    starts.push(await page.evaluate((script) => new Promise((done) => new Function(script)("start", done)), scenario));
  }
  await open();
  const measured = await page.evaluate((script) => new Promise((done) => new Function(script)(done)), scenario);
  const version = browser.version();
  await browser.close();
  const ended = new Promise((done) => engine.once("exit", done));
  engine.kill("SIGTERM");
  await ended;
  return { name: `Chromium ${version}`, ...withStarts(measured, starts) };
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((up) => server.once("listening", up));
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

async function inTheWindow(dir, home) {
  const env = { ...process.env, HOME: home, LIBGL_ALWAYS_SOFTWARE: "1", NO_AT_BRIDGE: "1", TAURI_AUTOMATION: "true", TAURI_WEBVIEW_AUTOMATION: "true" };
  for (const name of ["DATA", "CONFIG", "CACHE"]) env[`XDG_${name}_HOME`] = join(home, name.toLowerCase());
  env.XDG_RUNTIME_DIR = join(home, "run");
  await mkdir(env.XDG_RUNTIME_DIR, { mode: 0o700 });
  env.DISPLAY = `:${await listening("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x800x24", "-nolisten", "tcp"], env)}`;
  env.DBUS_SESSION_BUS_ADDRESS = await listening("dbus-daemon", ["--session", "--nofork", "--print-address=1"], env);
  const port = await freePort();
  started.push(spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], { env, stdio: "ignore" }));
  const driver = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`WebDriver: ${JSON.stringify(value)}`);
    return value;
  };
  for (let tries = 0; ; tries += 1) {
    try {
      await driver("GET", "/status");
      break;
    } catch (error) {
      if (tries > 100) throw error;
      await new Promise((later) => setTimeout(later, 100));
    }
  }
  const inside = async (args) => {
    const session = await driver("POST", "/session", {
      capabilities: { alwaysMatch: { "webkitgtk:browserOptions": { binary: options.app, args: ["--data-dir", dir] } } },
    });
    const at = `/session/${session.sessionId}`;
    await driver("POST", `${at}/timeouts`, { script: 600_000 });
    const value = await driver("POST", `${at}/execute/async`, { script: scenario, args });
    await driver("DELETE", at);
    return [value, session.capabilities.browserVersion];
  };
  await inside(["start"]);
  const starts = [];
  for (let i = 0; i < STARTS; i += 1) starts.push((await inside(["start"]))[0]);
  const [measured, version] = await inside([]);
  return { name: `WebKitGTK ${version}`, ...withStarts(measured, starts) };
}

const scratch = await mkdtemp(join(tmpdir(), "inlet-felt-"));
try {
  const dir = options.data ?? join(scratch, "data");
  await mkdir(dir, { recursive: true });
  const status = JSON.parse((await run(options.inlet, ["--data-dir", dir, "--json", "rpc", "status"])).stdout);
  if (status.accounts.length === 0) {
    await run(options.inlet, ["--data-dir", dir, "rpc", "demo.fill", JSON.stringify({ copies: Number(options.copies) })], { timeout: 1_800_000 });
  }
  const results = [await inChromium(dir)];
  if (options.app) results.push(await inTheWindow(dir, scratch));
  process.stdout.write(`${JSON.stringify(results)}\n`);
} finally {
  for (const child of started.reverse()) child.kill("SIGKILL");
  await rm(scratch, { recursive: true, force: true });
}
