// Signing in at a provider's own page, from the wizard to the first mail: a certified OpenID provider, its
// login page in the same browser, and a mail server that asks it about the token.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

import { binary, eventually, windowTest } from "./harness.mjs";
import { loggedIn, oidc, server } from "./provider.mjs";

const ANNA = "anna@inlet.test";

async function world() {
  const provider = await oidc({ scopes: ["https://mail.google.com/"] });
  const { issuer, introspection } = provider;
  const dovecot = join(dirname(binary()), "examples/dovecot");
  assert.ok(existsSync(dovecot), `${dovecot} is there: cargo build -p inlet-testkit --examples`);
  const mail = await server(dovecot, [ANNA, introspection, "The harbour at noon"]);
  return {
    issuer,
    mail: mail.where,
    async stop() {
      await mail.stop();
      await provider.stop();
    },
  };
}

/** Fills in a Google that is here. */
async function fill(page, { issuer, mail }) {
  await page.getByTestId("wizard-kind-google").click();
  await page.getByTestId("provider-client-id").fill("inlet");
  await page.getByTestId("wizard-advanced").click();
  await eventually("Google's servers", async () => (await page.getByTestId("wizard-imap-host").inputValue()) === "imap.gmail.com");
  await page.getByTestId("google-authorize-url").fill(`${issuer}/auth`);
  await page.getByTestId("google-token-url").fill(`${issuer}/token`);
  await page.getByTestId("wizard-imap-host").fill(mail.host);
  await page.getByTestId("wizard-imap-port").fill(String(mail.port));
  await page.getByTestId("wizard-smtp-host").fill("");
  await page.getByTestId("wizard-ca").fill(mail.ca);
}

windowTest("an account is connected at the provider's own page, and its mail arrives", { demo: false }, async ({ page, engine }) => {
  const there = await world();
  try {
    // Where there is a keyring, nobody is asked.
    await engine.rpc("secrets.unlock", { passphrase: "correct horse" });
    await page.getByTestId("first-run-connect").click();
    await fill(page, there);

    // Given up: the form is as it was, and nothing was connected.
    const first = page.context().waitForEvent("page");
    await page.getByTestId("google-sign-in").click();
    await page.getByTestId("signin-waiting").waitFor();
    await (await first).close();
    await page.getByTestId("signin-cancel").click();
    await page.getByTestId("google-sign-in").waitFor();
    assert.equal(await page.getByTestId("provider-client-id").inputValue(), "inlet");
    assert.equal((await engine.rpc("accounts.list")).length, 0);

    const tab = page.context().waitForEvent("page");
    await page.getByTestId("google-sign-in").click();
    const login = await tab;
    await loggedIn(login, ANNA);
    await login.getByText("https://mail.google.com/", { exact: true }).waitFor();
    await login.locator("button[type=submit]").click();
    await login.getByRole("heading", { name: "You are signed in" }).waitFor();
    await login.close();

    await page.getByTestId("wizard-done").waitFor();
    const [account] = await engine.rpc("accounts.list");
    assert.equal(account.name, ANNA);
    await page.getByTestId("wizard-open").click();
    await page.getByTestId("row").filter({ hasText: "The harbour at noon" }).first().waitFor();

    // Signing in again is one button in the accounts.
    await page.getByTestId("nav-accounts").click();
    const again = page.context().waitForEvent("page");
    await page.getByTestId("account-sign-in").click();
    const second = await again;
    // The provider remembers her in this browser and only asks for the consent.
    await second.locator("button[type=submit]").click();
    await second.getByRole("heading", { name: "You are signed in" }).waitFor();
    await page.locator("[data-testid=wizard-check][data-ok=true]").first().waitFor();
  } finally {
    await there.stop();
  }
});

windowTest("without a registration the wizard says so, and where to get one", { demo: false }, async ({ page }) => {
  await page.getByTestId("first-run-connect").click();
  await page.getByTestId("wizard-kind-google").click();
  await eventually("the guide", async () => /^https:.*connecting-google\.md$/u.test((await page.getByTestId("provider-guide").getAttribute("href")) ?? ""));
  await page.getByTestId("google-sign-in").click();
  const id = page.getByTestId("provider-client-id");
  await eventually("the focus in the client id", () => id.evaluate((input) => input === document.activeElement));
  await page.locator("[data-testid=provider-client-id][aria-invalid=true]").waitFor();
});
