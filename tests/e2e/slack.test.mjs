// A workspace of Slack in the window: pasted tokens are tested, the first messages arrive, an answer goes
// out, and what is said meanwhile comes by itself. The fake checks every request against Slack's files.

import assert from "node:assert/strict";

import { startFake, withoutFakes } from "./fakes.mjs";
import { eventually, openThread, replyBox, threads, windowTest } from "./harness.mjs";

const [TOKEN, APP_TOKEN] = ["xoxp-1-fake", "xapp-1-fake"];

windowTest("a workspace of Slack is connected, read and answered", { demo: false, undo: 0, skip: withoutFakes }, async ({ page, engine }) => {
  const slack = await startFake("slack");
  try {
    const ben = await slack.act("person", { name: "Ben Ito", address: "ben@initech.example" });
    const room = await slack.act("channel", { name: "launch", members: [ben] });
    for (let number = 1; number <= 5; number += 1) await slack.act("say", { room, who: ben, text: `Message ${number}` });
    await slack.act("say", { room, who: ben, text: "Shall we meet at the *harbour*? :tada:" });
    await engine.rpc("secrets.unlock", { passphrase: "correct horse" });
    await page.getByTestId("first-run-connect").click();
    await page.getByTestId("wizard-kind-slack").click();

    // What is missing or of another kind is said at its field, and nothing is asked.
    await page.getByTestId("slack-connect").click();
    await page.getByText("Paste the User OAuth Token of your app.").waitFor();
    await page.getByTestId("slack-token").fill("xoxb-1");
    await page.getByText("That is another token: this one begins with xoxp-.").waitFor();

    // A token that lacks a permission is told with what helps, and nothing is connected.
    await slack.act("lack", { method: "users.list", scope: "users:read" });
    await page.getByTestId("slack-more").click();
    await page.getByTestId("slack-root").fill(slack.url);
    await page.getByTestId("slack-token").fill(TOKEN);
    await page.getByTestId("slack-app-token").fill(APP_TOKEN);
    await page.getByTestId("slack-connect").click();
    await page.getByText(/users:read and users:read.email to your app/u).waitFor();
    assert.equal((await engine.rpc("accounts.list")).length, 0);

    await slack.act("allow", { method: "users.list" });
    await page.getByTestId("slack-connect").click();
    await page.getByTestId("wizard-done").waitFor();
    const row = await eventually("the channel", async () => (await threads(engine, { in: "inbox" })).find((one) => one.title === "#launch"));
    assert.equal(row.source_type, "slack");
    await page.getByTestId("wizard-open").click();

    await openThread(page, row);
    const reader = page.getByTestId("reader");
    await reader.getByText("Shall we meet at the harbour? 🎉").first().waitFor();
    await replyBox(page).fill("At noon.");
    await page.keyboard.press("Enter");
    await eventually("the answer in Slack, once", async () =>
      (await slack.act("messages", { room })).filter((message) => message.text === "At noon.").length === 1,
    );

    // Told at once, into the open conversation.
    await slack.act("say", { room, who: ben, text: "By the bridge" });
    await reader.getByText("By the bridge").first().waitFor();
    assert.deepEqual(await slack.act("complaints"), []);
  } finally {
    await slack.end();
  }
});

windowTest("a workspace of Slack is connected at Slack's own page, without a token", { demo: false, skip: withoutFakes }, async ({ page, engine }) => {
  const slack = await startFake("slack");
  try {
    const ben = await slack.act("person", { name: "Ben Ito", address: "ben@initech.example" });
    const room = await slack.act("channel", { name: "launch", members: [ben] });
    await slack.act("say", { room, who: ben, text: "The harbour at noon" });
    await engine.rpc("secrets.unlock", { passphrase: "correct horse" });
    await page.getByTestId("first-run-connect").click();
    await page.getByTestId("wizard-kind-slack").click();
    await page.getByTestId("slack-sign-in").click();
    await page.getByText("client id", { exact: false }).first().waitFor();
    assert.equal((await engine.rpc("accounts.list")).length, 0);
    await page.getByTestId("slack-more").click();
    await page.getByTestId("slack-root").fill(slack.url);
    await page.getByTestId("slack-client-id").fill("1234567890.1234567890");
    const tab = page.context().waitForEvent("page");
    await page.getByTestId("slack-sign-in").click();
    const login = await tab;
    await login.getByRole("heading", { name: "You are signed in" }).waitFor();
    await login.close();
    await page.getByTestId("wizard-done").waitFor();
    const [account] = await engine.rpc("accounts.list");
    assert.equal(account.name, "Initech");
    assert.ok(account.config.oauth.subject.startsWith("T00000001/"), "who signed in is kept");
    await page.getByTestId("wizard-open").click();
    await page.getByTestId("row").filter({ hasText: "launch" }).first().waitFor();
    assert.deepEqual(await slack.act("complaints"), []);
  } finally {
    await slack.end();
  }
});
