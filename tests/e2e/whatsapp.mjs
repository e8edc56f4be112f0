// The fake Cloud API for tests of the window: a program of its own, which checks each request against
// Meta's file and fails the test when one was wrong. tests/support/src/bin/fake_whatsapp.rs lists what it
// can be told to do.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

function binary() {
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  const path = join(target, "debug/inlet-fake-whatsapp");
  if (!existsSync(path)) throw new Error(`no ${path}: build inlet-testkit`);
  return path;
}

/** Why a test that needs it is skipped, or false: the file it checks by is no part of the project. */
export const withoutWhatsApp = process.env.INLET_SHARED ? false : "INLET_SHARED is not set";

/** A port nobody listens at. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** A fake Cloud API, and what ends it: an error if a request was not one Meta documents. */
export async function fakeWhatsApp() {
  const child = spawn(binary(), [], { stdio: ["pipe", "pipe", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (data) => (complaints += data));
  const ended = once(child, "exit");
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    ended.then(() => Promise.reject(new Error(`the fake ended at once: ${complaints}`))),
  ]);
  const told = JSON.parse(line);

  /** Does a command, e.g. `act("say", { from, name, text, at })`; its result. */
  const act = async (name, fields = {}) => {
    const answer = await fetch(told.admin, { method: "POST", body: JSON.stringify({ do: name, ...fields }) });
    const { result, error } = await answer.json();
    if (error) throw new Error(`${name}: ${error}`);
    return result;
  };
  const end = async () => {
    child.stdin.end();
    const [code] = await ended;
    if (code !== 0) throw new Error(`requests that Meta does not document:\n${complaints}`);
  };
  return { ...told, act, end };
}

/** Connects the fake's number, whose events are received by this engine. */
export async function connect(engine, fake) {
  const port = await freePort();
  const config = {
    platform: "whatsapp",
    phone_number_id: fake.number,
    business_account_id: fake.account,
    api_root: fake.url,
    listen: `127.0.0.1:${port}`,
    public_url: null,
    number: null,
  };
  // Where the system has no keyring.
  await engine.rpc("secrets.unlock", { passphrase: "correct horse" });
  const view = await engine.rpc("accounts.add_whatsapp", { config, token: fake.token, app_secret: fake.secret });
  const check = await engine.rpc("accounts.check", { id: view.id });
  if (!check.ok) throw new Error(JSON.stringify(check.steps));
  await fake.act("events", { to: `127.0.0.1:${port}` });
  return view;
}
