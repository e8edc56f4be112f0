// Connecting a mailbox: every way it fails names its fix, and nothing that was typed is lost.

import assert from "node:assert/strict";
import { createServer } from "node:net";

import { eventually, freePort, windowTest } from "./harness.mjs";

/**
 * An IMAP server that greets, offers plain sign-in, and refuses every password (RFC 9051); or is gone without a word as
 * soon as one is on its way, as a server that is restarted is.
 */
async function refusing({ drops = false } = {}) {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.write("* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR] ready\r\n");
    let rest = "";
    socket.on("data", (data) => {
      rest += data;
      for (let end = rest.indexOf("\r\n"); end >= 0; end = rest.indexOf("\r\n")) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        const [tag, command = ""] = line.split(" ");
        if (/^capability$/iu.test(command)) socket.write(`* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\n${tag} OK done\r\n`);
        else if (drops) return socket.destroy();
        else if (/^(login|authenticate)$/iu.test(command)) socket.write(`${tag} NO [AUTHENTICATIONFAILED] Invalid credentials\r\n`);
        else if (/^logout$/iu.test(command)) socket.end(`* BYE bye\r\n${tag} OK done\r\n`);
        else socket.write(`${tag} OK done\r\n`);
      }
    });
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return server;
}

async function fill(page, { host, port, tls }) {
  await page.getByTestId("wizard-address").fill("maya@posteo.example");
  await page.getByTestId("wizard-password").fill("correct horse");
  await page.getByTestId("wizard-name").fill("Maya Lindqvist");
  await page.getByTestId("wizard-advanced").click();
  await eventually("the servers of the address", async () => (await page.getByTestId("wizard-imap-host").inputValue()) !== "");
  await page.getByTestId("wizard-imap-host").fill(host);
  await page.getByTestId("wizard-smtp-host").fill("");
  if (tls) await page.getByTestId("wizard-tls").selectOption(tls);
  await page.getByTestId("wizard-imap-port").fill(String(port));
}

/** The last line of the test failed and says what to do; everything typed is still there. */
async function failsWithFix(page, host) {
  await page.getByTestId("wizard-test").click();
  const failed = page.locator("[data-testid=wizard-check][data-ok=false]");
  await failed.waitFor();
  const text = await failed.innerText();
  assert.ok(text.split("\n").filter((line) => line.trim() !== "").at(-1).length > 15, text);
  assert.equal(await page.getByTestId("wizard-address").inputValue(), "maya@posteo.example");
  assert.equal(await page.getByTestId("wizard-password").inputValue(), "correct horse");
  assert.equal(await page.getByTestId("wizard-name").inputValue(), "Maya Lindqvist");
  assert.equal(await page.getByTestId("wizard-imap-host").inputValue(), host);
  return text;
}

async function wizard(page) {
  await page.getByTestId("first-run-connect").click();
  await page.getByTestId("wizard").waitFor();
}

windowTest("a refused port names its fix, and nothing is lost by looking elsewhere", { demo: false }, async ({ page, engine }) => {
  await wizard(page);
  await fill(page, { host: "127.0.0.1", port: await freePort(), tls: "loopback-plain" });
  const text = await failsWithFix(page, "127.0.0.1");
  assert.match(text, /Connect to 127\.0\.0\.1/u);
  // Connecting in spite of it tests again and connects nothing.
  const tested = page.waitForResponse("**/rpc/accounts.test_imap");
  await page.getByTestId("wizard-connect").click();
  await tested;
  await page.locator("[data-testid=wizard-check][data-ok=false]").waitFor();
  assert.equal((await engine.rpc("accounts.list")).length, 0);
});

windowTest("an unknown host names its fix", { demo: false }, async ({ page }) => {
  await wizard(page);
  await fill(page, { host: "imap.does-not-exist.invalid", port: 993 });
  const text = await failsWithFix(page, "imap.does-not-exist.invalid");
  assert.match(text, /imap\.does-not-exist\.invalid/u);
});

windowTest("a server that speaks no TLS names its fix", { demo: false }, async ({ page }) => {
  const server = await refusing();
  try {
    await wizard(page);
    await fill(page, { host: "127.0.0.1", port: server.address().port });
    const text = await failsWithFix(page, "127.0.0.1");
    assert.match(text, /does not speak TLS on this port: check the port, or choose STARTTLS/u);
  } finally {
    server.close();
  }
});

windowTest("a wrong password names its fix", { demo: false }, async ({ page }) => {
  const server = await refusing();
  try {
    await wizard(page);
    await fill(page, { host: "127.0.0.1", port: server.address().port, tls: "loopback-plain" });
    const text = await failsWithFix(page, "127.0.0.1");
    assert.match(text, /sign in/iu);
    assert.match(text, /password/iu);
    const ticks = await page.locator("[data-testid=wizard-check][data-ok=true]").count();
    assert.ok(ticks >= 2, "the steps before it have their ticks");
  } finally {
    server.close();
  }
});

windowTest("a server that is gone in the middle names its fix", { demo: false }, async ({ page, engine }) => {
  const server = await refusing({ drops: true });
  try {
    await wizard(page);
    await fill(page, { host: "127.0.0.1", port: server.address().port, tls: "loopback-plain" });
    const text = await failsWithFix(page, "127.0.0.1");
    assert.match(text, /closed the connection/u);
    // No word of the password: nobody has judged it.
    assert.doesNotMatch(text, /password/iu);
    const ticks = await page.locator("[data-testid=wizard-check][data-ok=true]").count();
    assert.ok(ticks >= 1, "it was reached");
    assert.equal((await engine.rpc("accounts.list")).length, 0);
  } finally {
    server.close();
  }
});

windowTest("what is missing is said at its field, and the focus goes there", { demo: false }, async ({ page }) => {
  await wizard(page);
  await page.getByTestId("wizard-test").click();
  const address = page.getByTestId("wizard-address");
  await eventually("the focus in the address", () => address.evaluate((input) => input === document.activeElement));
  await page.locator("[data-testid=wizard-address][aria-invalid=true]").waitFor();
  const described = await address.getAttribute("aria-describedby");
  assert.match(await page.locator(`[id="${described.split(" ")[0]}"]`).innerText(), /address/u);
  await address.fill("maya@gmail.com");
  await page.getByTestId("wizard-advice").filter({ hasText: /app password/iu }).waitFor();
  await page.getByTestId("wizard-password").fill("x");
  await page.getByTestId("wizard-advanced").click();
  await eventually("the servers", async () => (await page.getByTestId("wizard-imap-host").inputValue()) === "imap.gmail.com");
  await page.getByTestId("wizard-tls").selectOption("loopback-plain");
  await page.getByTestId("wizard-test").click();
  await page.getByText(/only a server on this computer/u).first().waitFor();
});

windowTest("accounts show their health; pause, resume, check and removing ask the engine", {}, async ({ page, engine }) => {
  const rail = page.getByTestId("nav-accounts");
  await rail.click();
  const card = page.getByTestId("account").first();
  await card.waitFor();
  const { accounts } = await engine.rpc("status");
  await eventually("a line for each source", async () => (await card.getByTestId("account-source").count()) === accounts[0].sources.length);
  // The one that was signed out says so in words.
  await card.getByText(/sign-in needed/iu).waitFor();
  await card.getByTestId("account-check").click();
  await card.getByTestId("wizard-check").first().waitFor();
  await card.getByTestId("account-pause").click();
  await eventually("the sources to be paused", async () =>
    (await engine.rpc("status")).accounts[0].sources.every((source) => source.state === "paused"),
  );
  await card.getByRole("button", { name: "Resume" }).click();
  await eventually("the sources to go on", async () =>
    (await engine.rpc("status")).accounts[0].sources.every((source) => source.state !== "paused"),
  );
  await card.getByTestId("account-remove").click();
  const dialog = page.getByTestId("account-remove-dialog");
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await eventually("the dialog to close", async () => (await dialog.count()) === 0);
  assert.equal((await engine.rpc("status")).accounts.length, 1);
  await card.getByTestId("account-remove").click();
  await page.getByTestId("account-remove-yes").click();
  await eventually("the account to be gone", async () => (await engine.rpc("status")).accounts.length === 0);
});
