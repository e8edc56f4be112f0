// The fake Microsoft Graph for tests of the window: a program of its own, which checks each request
// against Microsoft's files and fails the test when one was wrong. It is steered by commands, which
// tests/support/src/graph/admin.rs lists.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

function binary() {
  const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
  const path = process.env.INLET_FAKE_GRAPH ?? join(target, "debug/inlet-fake-graph");
  if (!existsSync(path)) throw new Error(`no ${path}: build inlet-testkit, or name it with INLET_FAKE_GRAPH`);
  return path;
}

/** Why a test that needs it is skipped, or false: the files it checks by are no part of the project. */
export const withoutGraph = process.env.INLET_SHARED ? false : "INLET_SHARED is not set";

/** A fake Graph that ends with the test `t`, and fails it if a request was not one Microsoft documents. */
export async function fakeGraph(t) {
  const child = spawn(binary(), [], { stdio: ["pipe", "pipe", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (data) => (complaints += data));
  const ended = once(child, "exit");
  t.after(async () => {
    child.stdin.end();
    const [code] = await ended;
    if (code !== 0) throw new Error(`requests that Microsoft does not document:\n${complaints}`);
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([
    once(lines, "line"),
    ended.then(() => Promise.reject(new Error(`the fake Graph ended at once: ${complaints}`))),
  ]);
  const { url, uploads, admin } = JSON.parse(line);

  /** Does a command, e.g. `act("addMail", { message: { subject: "Hello" } })`; its result. */
  const act = async (name, fields = {}) => {
    const answer = await fetch(admin, { method: "POST", body: JSON.stringify({ do: name, ...fields }) });
    const { result, error } = await answer.json();
    if (error) throw new Error(`${name}: ${error}`);
    return result;
  };
  return { url, uploads, act };
}
