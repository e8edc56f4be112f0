// A certified OpenID provider for tests of the window, with its own login page.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** Runs a server that prints where it is, and ends with its standard input. */
export async function server(program, args) {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "ignore"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value, done } = await lines.next();
  assert.ok(!done, `${program} says where it is`);
  return {
    where: JSON.parse(value),
    lines,
    say: (order) => child.stdin.write(`${JSON.stringify(order)}\n`),
    async stop() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

/**
 * A provider that knows these scopes. With a `tenant` its endpoints are where Microsoft's are, below that name.
 *
 * Its `faults(point, answers)` lets the next answers of `token` or `device/auth` go wrong.
 */
export async function oidc({ scopes, tenant }) {
  const setup = { scopes, tenant, access_seconds: 3600, refresh_seconds: 86_400, device_seconds: 600 };
  const provider = await server(process.execPath, [join(root, "tests/support/oidc/server.mjs"), JSON.stringify(setup)]);
  const issuer = `http://127.0.0.1:${provider.where.port}`;
  let orders = 0;
  return {
    issuer,
    /** Where somebody asks about a token (RFC 7662). */
    introspection: `${issuer.replace("://", "://mail:server@")}/token/introspection`,
    async faults(point, answers) {
      const id = ++orders;
      provider.say({ id, faults: { [point]: answers } });
      for (let event = {}; event.event !== "done" || event.id !== id; ) event = JSON.parse((await provider.lines.next()).value);
    },
    stop: () => provider.stop(),
  };
}

/** Types a login into the provider's page; the page of the consent comes next. */
export async function loggedIn(page, who) {
  await page.locator("input[name=login]").fill(who);
  await page.locator("input[name=password]").fill("any");
  await page.locator("button[type=submit]").click();
}
