// What GitHub tells about me comes into the open window, as a conversation with its link; what is forged does not.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";

import { eventually, freePort, openThread, threads, windowTest } from "./harness.mjs";

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

windowTest("the account of a hook says what a relay has to know and what to change there, and a relay that is not there what to do", {}, async ({ page, engine }) => {
  await engine.rpc("secrets.unlock", { passphrase: "correct horse" });
  const config = { service: "github", me: "octocat", listen: `127.0.0.1:${await freePort()}`, public_url: null };
  const { id } = await engine.rpc("accounts.add_hook", { config, secret: "between us", name: "Work" });
  await page.getByTestId("nav-accounts").click();
  const card = page.locator(`[data-testid="account"][data-account="${id}"]`);
  await card.getByTestId("account-relay").click();
  const form = card.getByTestId("relay-form");
  await eventually("the piece", async () => {
    const piece = await form.getByTestId("relay-piece").innerText();
    return /platform = "github"\npath = "\/github\/octocat"/u.test(piece) && /desktops = \["age1[a-z0-9]+"\]/u.test(piece);
  });
  await form.getByTestId("relay-url").fill("https://relay.example.org/");
  await form.getByText("https://relay.example.org/github/octocat").waitFor();
  const nobody = await freePort();
  await form.getByTestId("relay-nats").fill(`nats://127.0.0.1:${nobody}`);
  await form.getByTestId("relay-connect").click();
  const failed = form.locator('[data-testid="wizard-check"][data-ok="false"]');
  await failed.getByText("cannot be reached").waitFor();
  await failed.getByText("docs/relay.md").waitFor();
  const kept = async () => (await engine.rpc("accounts.list")).find((one) => one.id === id).config;
  assert.equal((await kept()).relay.nats, `nats://127.0.0.1:${nobody}`);
  assert.equal((await kept()).public_url, "https://relay.example.org/");
  await form.getByTestId("relay-off").click();
  await form.getByText("events may be left at the relay").waitFor();
  await form.getByTestId("relay-leave").click();
  await eventually("no relay", async () => (await kept()).relay === null);
});

windowTest("what GitHub may have told while nobody heard is said with its time, and what to do, until it was seen", {}, async ({ page, engine }) => {
  await engine.rpc("secrets.unlock", { passphrase: "correct horse" });
  // Nobody waits for hours here: what the engine says of them is put into its answer.
  let missed = [{ since: "2026-05-04T18:02:00Z", until: "2026-05-05T06:40:00Z" }];
  await page.route("**/rpc/status", async (route) => {
    const response = await route.fetch();
    const status = await response.json();
    for (const source of status.accounts.flatMap((account) => account.sources)) if (source.type === "github") source.missed = missed;
    await route.fulfill({ response, json: status });
  });
  await page.route("**/rpc/accounts.seen_missed", async (route) => {
    const response = await route.fetch();
    missed = [];
    await route.fulfill({ response });
  });
  const config = { service: "github", me: "octocat", listen: `127.0.0.1:${await freePort()}`, public_url: null };
  const { id } = await engine.rpc("accounts.add_hook", { config, secret: "between us", name: "Work" });
  await page.getByTestId("status-missed").getByText("Work may have missed something").waitFor();
  await page.getByTestId("status-missed").click();
  const card = page.locator(`[data-testid="account"][data-account="${id}"]`);
  const note = card.getByTestId("source-missed");
  await note.getByText(/from .*4.* to .*5.*choose Redeliver/u).waitFor();
  await note.getByTestId("source-missed-seen").focus();
  await page.keyboard.press("Enter");
  await note.waitFor({ state: "detached" });
  await page.getByTestId("status-missed").waitFor({ state: "detached" });
  await eventually("the keyboard to stay at the card", () => page.evaluate((account) => document.activeElement?.closest("[data-account]")?.getAttribute("data-account") === account, id));
});
