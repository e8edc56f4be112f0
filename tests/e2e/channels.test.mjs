// A signed webhook is connected through the wizard, tested, and its delivery log tells what became of each
// message. The receiver verifies as Standard Webhooks say, with a secret it was given beforehand.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

import { eventually, windowTest } from "./harness.mjs";

/** A receiver: what it took, and `status` to answer with instead. */
async function receiver() {
  const taken = [];
  const state = { secret: "", status: null };
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { "webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": signature } = request.headers;
    const key = Buffer.from(state.secret.replace(/^whsec_/u, ""), "base64");
    const signed = createHmac("sha256", key).update(`${id}.${seconds}.`).update(body).digest("base64");
    if (signature !== `v1,${signed}` || Math.abs(Date.now() / 1000 - Number(seconds)) > 300) return response.writeHead(401).end();
    if (state.status) return response.writeHead(state.status).end();
    if (!taken.some((one) => one.id === id)) taken.push({ id, ...JSON.parse(body.toString()) });
    return response.writeHead(204).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${server.address().port}/hook`, taken, state, end: () => server.close() };
}

windowTest("a signed webhook is connected, tested, and its log tells what became of each message", { demo: false }, async ({ page, engine }) => {
  const there = await receiver();
  try {
    await engine.rpc("secrets.unlock", { passphrase: "correct horse" });
    await page.getByTestId("first-run-connect").click();
    await page.getByTestId("wizard-kind-channel").click();
    await eventually("a secret that was made", async () => (await page.getByTestId("channel-key").inputValue()).startsWith("whsec_"));

    // What is missing is said at its field; a secret the receiver does not know is said with what helps.
    await page.getByTestId("channel-test").click();
    await page.getByText("Fill this in.").first().waitFor();
    await page.getByTestId("channel-url").fill(there.url);
    await page.getByTestId("channel-test").click();
    await page.getByText(/does not accept the signature/u).waitFor();
    assert.equal((await engine.rpc("accounts.list")).length, 0);

    there.state.secret = await page.getByTestId("channel-key").inputValue();
    await page.getByTestId("channel-test").click();
    await page.getByText("The test message was taken", { exact: false }).waitFor();
    assert.deepEqual(there.taken.map((one) => one.data.title), ["Test from Inlet"]);
    await page.getByTestId("channel-connect").click();
    await page.getByTestId("wizard-done").waitFor();
    await page.getByTestId("wizard-open").click();

    // It stands among the accounts with its log, and nowhere a person reads.
    const card = page.getByTestId("account");
    let asked = 0;
    page.on("request", (request) => (asked += request.url().endsWith("/rpc/channels.log") ? 1 : 0));
    await card.getByTestId("account-check").click();
    await card.getByText("taken by the receiver", { exact: false }).waitFor();
    assert.equal(asked, 0, "nobody has asked for the log");
    await card.getByTestId("channel-log-open").focus();
    await page.keyboard.press("Enter");
    const [account] = await engine.rpc("accounts.list");
    assert.equal(await page.getByTestId(`source-${account.sources[0].id}`).count(), 0);
    const entries = card.getByTestId("channel-entry");
    await entries.first().and(page.locator("[data-state=delivered]")).waitFor();

    // What the receiver refuses is shown with its reason, and its secret nowhere.
    there.state.status = 404;
    await engine.rpc("channels.tell", { id: account.id, title: "Backup", text: "It failed." });
    await card.locator("[data-testid=channel-entry][data-state=failed] > p").getByText(/refused this \(404\)/u).waitFor();
    assert.ok(!(await page.content()).includes(there.state.secret));

    // Notifications can go there: it is a choice in the settings.
    await engine.rpc("config.set", { key: "notifications.channel", value: account.id });
    const setting = (await engine.rpc("config.list")).find((one) => one.key === "notifications.channel");
    assert.deepEqual([setting.value, setting.kind], [account.id, { type: "channel" }]);
  } finally {
    there.end();
  }
});
