// Receipts, both ways: what is reported of a mail stands at it, and who asks to be told is told by a button alone. A real
// mailbox and a real submission server.

import assert from "node:assert/strict";

import { eventually, windowTest } from "./harness.mjs";
import { ANNA, BOB, letter, mailbox } from "./mailbox.mjs";

const lines = (...all) => all.join("\r\n");

const asking = (id, to) => letter(id, "Have you seen the plan?", `Return-Path: <${BOB}>`, `Disposition-Notification-To: ${to}`);

const returned = (key) =>
  lines(`From: MAILER-DAEMON@inlet.test`, `To: ${ANNA}`, `Date: ${new Date().toUTCString()}`, "Message-ID: <back@mx.test>", "Subject: Returned", "Content-Type: multipart/report; report-type=delivery-status; boundary=b", "", "--b", "", "Sorry.", "--b", "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mx.test", "", `Final-Recipient: rfc822; ${BOB}`, "Action: failed", "Status: 5.1.1", "Diagnostic-Code: smtp; 550 5.1.1 unknown user", "", "Final-Recipient: rfc822; cleo@inlet.test", "Action: delivered", "Status: 2.0.0", "", "--b", "Content-Type: text/rfc822-headers", "", `Message-ID: <${key}>`, "", "--b--", "");

/** Opens the conversation with this title. */
async function open(page, title) {
  await page.getByTestId("row").filter({ hasText: title }).first().click();
  await page.getByTestId("reader-item").first().waitFor();
}

windowTest("who asks is told by a button, once, and not before it", { demo: false, undo: 30, settings: { "privacy.receipts": "ask" } }, async ({ page, engine }) => {
  const there = await mailbox(engine);
  try {
    await there.ask({ deliver: asking("Plan", BOB) });
    await there.ask({ deliver: asking("Budget", "eve@elsewhere.test") });
    await open(page, "Budget");
    await page.getByTestId("receipt-elsewhere").getByText("eve@elsewhere.test", { exact: false }).waitFor();
    await page.getByTestId("receipt-later").click();
    await page.getByTestId("receipt-bar").waitFor({ state: "detached" });

    await open(page, "Plan");
    await page.getByTestId("receipt-bar").getByText(`${BOB} asks to be told`, { exact: false }).waitFor();
    await page.getByTestId("receipt-tell").click();
    await page.getByTestId("receipt-bar").waitFor({ state: "detached" });
    // Taken back, it is asked again.
    await page.getByTestId("toast-undo").click();
    await page.getByTestId("receipt-tell").waitFor();
    await engine.rpc("config.set", { key: "send.undo_seconds", value: "0" });
    await page.getByTestId("receipt-tell").click();
    const [told] = await there.ask({ accepted: 1 });
    assert.match(told, /Disposition: manual-action\/MDN-sent-manually; displayed/u);
    await page.getByTestId("receipt-bar").waitFor({ state: "detached" });
    await eventually("the mark on the server", async () => (await there.ask({ flags: "Plan@inlet.test" })).includes("$MDNSent"));
  } finally {
    await there.stop();
  }
});

windowTest("a mail that came back says why, and is written anew to whom it did not reach", { demo: false, undo: 0 }, async ({ page, engine }) => {
  const there = await mailbox(engine);
  try {
    await there.ask({ deliver: asking("Plan", BOB) });
    await page.getByTestId("row").filter({ hasText: "Plan" }).first().waitFor();
    const party = (handle) => ({ name: null, handle });
    const message = { mode: "new", source: there.source, to: [party(BOB), party("cleo@inlet.test")], subject: "Harbour", text: "At noon?", receipt: true };
    const op = await engine.rpc("send", { message, undo_seconds: 0 });
    const [sent] = await there.ask({ accepted: 1 });
    assert.match(sent, /Disposition-Notification-To/u);
    await there.ask({ deliver: returned(op.key) });
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await open(page, "Harbour");
    const failed = page.locator('[data-testid=delivery-status][data-reported="failed"]');
    await failed.getByText("Not delivered").waitFor();
    await failed.getByText("There is no mailbox with this address", { exact: false }).waitFor();
    await page.locator('[data-testid=delivery-status][data-reported="delivered"]').getByText("Delivered").waitFor();
    await page.getByTestId("delivery-again").click();
    const composer = page.getByTestId("composer");
    await composer.getByText(BOB, { exact: false }).first().waitFor();
    await composer.getByText("cleo@inlet.test").waitFor({ state: "detached" });
    await composer.locator('[data-testid=compose-receipt][aria-pressed="true"]').waitFor();
    await page.getByTestId("compose-close").click();
    await composer.waitFor({ state: "detached" });

    await page.keyboard.press("g");
    await page.keyboard.press("o");
    await page.getByTestId("outbox-finished").check();
    await page.locator(`[data-testid=outbox-row][data-op="${op.id}"]`).getByTestId("outbox-state").getByText("Not delivered").waitFor();
  } finally {
    await there.stop();
  }
});

windowTest("a receipt is asked for in the composer and from the palette", { demo: false, undo: 0 }, async ({ page, engine }) => {
  const there = await mailbox(engine);
  try {
    await there.ask({ deliver: asking("Plan", BOB) });
    await page.getByTestId("row").first().waitFor();
    await page.keyboard.press("c");
    const composer = page.getByTestId("composer");
    await composer.locator('[data-testid=compose-receipt][aria-pressed="false"]').click();
    await composer.locator('[data-testid=compose-receipt][aria-pressed="true"]').waitFor();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("ask for a read receipt");
    await page.keyboard.press("Enter");
    await composer.locator('[data-testid=compose-receipt][aria-pressed="false"]').waitFor();
  } finally {
    await there.stop();
  }
});
