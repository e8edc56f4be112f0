// The fakes of platforms for tests of the window: programs of their own (tests/support/src/program.rs),
// which check each request against the vendor's files. They are steered by commands, which
// tests/support/src/{graph,slack}/admin.rs and tests/support/src/bin/fake_whatsapp.rs list.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

import { binary } from "./harness.mjs";

/** Why a test that needs one is skipped, or false: the files they check by are no part of the project. */
export const withoutFakes = process.env.INLET_SHARED ? false : "INLET_SHARED is not set";

/**
 * A fake platform (`graph`, `slack`, `whatsapp`): what it tells of itself, `act` to steer it, and `end`,
 * which fails if a request was not one the vendor documents.
 */
export async function startFake(platform) {
  const path = join(dirname(binary()), `inlet-fake-${platform}`);
  if (!existsSync(path)) throw new Error(`no ${path}: build inlet-testkit`);
  const child = spawn(path, [], { stdio: ["pipe", "pipe", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (data) => (complaints += data));
  const ended = once(child, "exit");
  const [line] = await Promise.race([
    once(createInterface({ input: child.stdout }), "line"),
    ended.then(() => Promise.reject(new Error(`the fake ended at once: ${complaints}`))),
  ]);
  const { admin, ...told } = JSON.parse(line);

  /** Does a command, e.g. `act("addMail", { message: { subject: "Hello" } })`; its result. */
  const act = async (name, fields = {}) => {
    const answer = await fetch(admin, { method: "POST", body: JSON.stringify({ do: name, ...fields }) });
    const { result, error } = await answer.json();
    if (error) throw new Error(`${name}: ${error}`);
    return result;
  };
  const end = async () => {
    child.stdin.end();
    const [code] = await ended;
    if (code !== 0) throw new Error(`requests that nobody documents:\n${complaints}`);
  };
  return { ...told, act, end };
}
