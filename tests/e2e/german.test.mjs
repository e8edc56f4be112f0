// A German window says in German what the engine says: a test of a connection, and why something waits.

import assert from "node:assert/strict";

import { eventually, picture, windowTest } from "./harness.mjs";

/** Nothing sticks out of the window sideways. */
async function fits(page) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${wide} pixels stick out`);
}

windowTest("an unknown host is named in German", { demo: false, lang: "de", size: [900, 600] }, async ({ page }) => {
  await page.getByTestId("first-run-connect").click();
  await page.getByTestId("wizard-address").fill("maya@posteo.example");
  await page.getByTestId("wizard-password").fill("correct horse");
  await page.getByTestId("wizard-advanced").click();
  await eventually("the servers of the address", async () => (await page.getByTestId("wizard-imap-host").inputValue()) !== "");
  await page.getByTestId("wizard-imap-host").fill("imap.does-not-exist.invalid");
  await page.getByTestId("wizard-smtp-host").fill("");
  await page.getByTestId("wizard-test").click();
  const failed = page.locator("[data-testid=wizard-check][data-ok=false]");
  await failed.waitFor();
  const text = await failed.innerText();
  assert.match(text, /imap\.does-not-exist\.invalid nachschlagen/u);
  assert.match(text, /Kein Server heißt imap\.does-not-exist\.invalid: den Namen prüfen, oder ob dieser Computer ein Netzwerk hat\./u);
  await fits(page);
  await picture(page, "german-host");
});

windowTest("a source that is signed out and what waits in the outbox say why in German", { lang: "de" }, async ({ page, engine }) => {
  await page.getByTestId("nav-accounts").click();
  await page.getByText("Slack hat Sie bei Harbour Makers abgemeldet; zum Weitermachen erneut anmelden.").first().waitFor();
  await fits(page);
  await picture(page, "german-accounts");
  const [source] = (await engine.rpc("status")).accounts.flatMap((account) => account.sources).filter((one) => one.kind === "mail");
  const op = (id, reason) => ({ id, source: source.id, thread: null, kind: "send", state: "parked", reason, attempts: 1, not_before: "2026-01-01T10:00:00Z", key: id, title: "Mei Tanaka: Kitchen plan", created_at: "2026-01-01T10:00:00Z", delivery: [] });
  // Reasons the demo world has no server for.
  const reasons = [
    "This may or may not have been sent: the connection broke at the last moment, and there is no copy of it in Sent. Ask the recipient or look there yourself, then retry or discard it.",
    "smtp.example.org refuses connections on port 587: check the server's name and port, or wait until it is up.",
  ];
  await page.route("**/rpc/outbox.list", (route) => route.fulfill({ json: reasons.map((reason, i) => op(`o${i}`, reason)) }));
  await page.getByTestId("nav-outbox").click();
  await page.getByText("in „Gesendet“ ist keine Kopie davon").waitFor();
  await page.getByText("smtp.example.org nimmt an Port 587 keine Verbindungen an").waitFor();
  await fits(page);
  await picture(page, "german-outbox");
});
