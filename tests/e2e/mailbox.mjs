// A mailbox and a submission server that are real (tests/support/examples/mailbox.rs), for tests of the window, and the
// way to them, which can be cut.

import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect, createServer } from "node:net";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream";

import { binary } from "./harness.mjs";
import { server } from "./provider.mjs";

export const ANNA = "anna@inlet.test";
export const BOB = "bob@inlet.test";

/** Starts both, for Anna: `where` they are, as an account's settings and its password; `ask` gives an order. */
export async function startMailbox() {
  const program = join(dirname(binary()), "examples/mailbox");
  assert.ok(existsSync(program), `${program} is there: cargo build -p inlet-testkit --examples`);
  const mail = await server(program, [ANNA]);
  const ask = async (order) => {
    mail.say(order);
    return JSON.parse((await mail.lines.next()).value);
  };
  return { where: mail.where, ask, stop: () => mail.stop() };
}

/** Connects the engine to one, by its own address or another way; the source. */
export async function connectMailbox(engine, { where }, imap = where.config.imap, smtp = where.config.smtp) {
  await engine.rpc("secrets.unlock", { passphrase: "correct horse" });
  const account = await engine.rpc("accounts.add_imap", { ...where, config: { ...where.config, imap, smtp } });
  return account.sources[0].id;
}

/** One that the engine is connected to. */
export async function mailbox(engine) {
  const there = await startMailbox();
  return { ...there, source: await connectMailbox(engine, there) };
}

/** A mail of Bob's to Anna. */
export const letter = (id, text, ...headers) =>
  [`Message-ID: <${id}@inlet.test>`, `Date: ${new Date().toUTCString()}`, `From: Bob Novak <${BOB}>`, `To: ${ANNA}`, `Subject: ${id}`, ...headers, "", text, ""].join("\r\n");

/**
 * A way to a port of this computer. Once it is `cut`, what goes through it ends and nothing more gets through, as
 * when a server is stopped; `mend` opens it again where it was, and `end` is for the end of the test. After `most` bytes
 * of the server's it stands still, as a slow line does, until it may `go` on.
 */
export async function way(port, most = Infinity) {
  const ends = new Set();
  let left = most;
  let go;
  const gone = new Promise((done) => (go = done));
  /** Bytes of the server's, as far as they get through. */
  const slowly = async function* (bytes) {
    for await (const some of bytes) {
      const first = some.subarray(0, left);
      left -= first.length;
      if (first.length > 0) yield first;
      if (first.length === some.length) continue;
      await gone;
      left = Infinity;
      yield some.subarray(first.length);
    }
  };
  const both = createServer((here) => {
    const there = connect(port, "127.0.0.1");
    for (const [one, other] of [[here, there], [there, here]]) {
      ends.add(one);
      one.on("error", () => {});
      one.on("close", () => {
        ends.delete(one);
        other.destroy();
      });
    }
    here.pipe(there);
    pipeline(there, slowly, here, () => {});
  });
  const open = async (at) => {
    both.listen(at, "127.0.0.1");
    await once(both, "listening");
    return both.address().port;
  };
  const at = await open(0);
  const cut = async () => {
    const closed = once(both, "close");
    both.close();
    for (const end of ends) end.destroy();
    await closed;
  };
  return { port: at, go, cut, mend: () => open(at), end: () => both.listening && cut() };
}
