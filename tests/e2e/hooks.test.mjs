// What GitHub tells about me comes into the open window, as a conversation with its link; what is forged does not.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

import { eventually, openThread, threads, windowTest } from "./harness.mjs";

/** A port nobody listens at. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

const user = (login) => ({ login, type: "User" });
const now = () => new Date().toISOString().replace(/\.\d+Z$/u, "Z");
const link = "https://github.com/Codertocat/Hello-World/pull/2";

windowTest("what GitHub tells about me comes into the open window", {}, async ({ page, engine }) => {
  const port = await freePort();
  await engine.rpc("secrets.unlock", { passphrase: "correct horse" });
  await page.getByTestId("add-account").click();
  await page.getByTestId("wizard-kind-github").click();
  await eventually("a secret that was made", async () => (await page.getByTestId("hook-secret").inputValue()) !== "");
  const secret = await page.getByTestId("hook-secret").inputValue();
  await page.getByTestId("hook-me").fill("octocat");
  await page.getByTestId("wizard").getByText("https://…/github/octocat").waitFor();
  await page.getByTestId("hook-more").click();
  await page.getByTestId("hook-listen").fill(`127.0.0.1:${port}`);
  await page.getByTestId("hook-connect").click();
  await page.getByTestId("wizard-done").waitFor();
  await page.getByTestId("wizard-open").click();
  const account = (await engine.rpc("accounts.list")).find((one) => one.config.platform === "hook");
  const check = await engine.rpc("accounts.check", { id: account.id });
  assert.ok(check.ok, JSON.stringify(check.steps));

  const event = {
    action: "review_requested",
    requested_reviewer: user("octocat"),
    pull_request: { number: 2, title: "Update the README", html_url: link, user: user("Codertocat"), body: null, assignees: [], updated_at: now() },
    repository: { full_name: "Codertocat/Hello-World" },
    sender: user("Codertocat"),
  };
  const post = (body, key) =>
    fetch(`http://127.0.0.1:${port}/github/octocat`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-GitHub-Event": "pull_request", "X-Hub-Signature-256": `sha256=${createHmac("sha256", key).update(body).digest("hex")}` },
      body,
    });
  assert.equal((await post(JSON.stringify(event), "somebody else's")).status, 401);
  assert.equal((await post(JSON.stringify(event), secret)).status, 200);
  const row = await eventually("the conversation", async () =>
    (await threads(engine, { in: "inbox" })).find((one) => one.source_type === "github"),
  );
  assert.equal(row.title, "Codertocat/Hello-World#2: Update the README");
  await page.getByTestId("row").filter({ hasText: "Update the README" }).first().waitFor();
  await openThread(page, row);
  const reader = page.getByTestId("reader");
  await reader.getByText("Codertocat asked you to review this.").first().waitFor();
  await reader.getByRole("link", { name: link }).first().waitFor();
  const found = await eventually("it is found", async () => {
    const { hits } = await engine.rpc("search", { query: "source:github readme" });
    return hits.length > 0 && hits;
  });
  assert.deepEqual(found.map((hit) => hit.source_type), ["github"]);
  // Nothing can be written there.
  assert.equal(await page.getByTestId("reply-box").count(), 0);
});
