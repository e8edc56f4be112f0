// A WhatsApp message comes in by webhook, is answered, its ticks change, and after a day only a template
// goes.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";

import { startFake, withoutFakes } from "./fakes.mjs";
import { eventually, replyBox, sendButton, windowTest } from "./harness.mjs";

const ANA = "4917612345678";
const seconds = () => Math.floor(Date.now() / 1000);
const promo = {
  name: "spring_sale",
  language: "en_US",
  status: "APPROVED",
  components: [
    { type: "BODY", text: "Hi {{1}}, use code {{2}}.", example: { body_text: [["Mark", "SPRING"]] } },
    { type: "FOOTER", text: "Reply STOP to end" },
  ],
};

/** A port nobody listens at. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

/** Connects the fake's number, whose events are received by this engine. */
async function connect(engine, fake) {
  const port = await freePort();
  const config = {
    platform: "whatsapp",
    phone_number_id: fake.number,
    business_account_id: fake.account,
    api_root: fake.url,
    listen: `127.0.0.1:${port}`,
    public_url: null,
    number: null,
  };
  // Where the system has no keyring.
  await engine.rpc("secrets.unlock", { passphrase: "correct horse" });
  const view = await engine.rpc("accounts.add_whatsapp", { config, token: fake.token, app_secret: fake.secret });
  const check = await engine.rpc("accounts.check", { id: view.id });
  if (!check.ok) throw new Error(JSON.stringify(check.steps));
  await fake.act("events", { to: `127.0.0.1:${port}` });
  return view;
}

/** An engine with the fake's number, in the demo world so that the page is one that is used. */
function whatsAppTest(name, work) {
  windowTest(name, { undo: 0, skip: withoutFakes, prepare: (context) => context.clock.install() }, async ({ page, engine }) => {
    const fake = await startFake("whatsapp");
    try {
      const account = await connect(engine, fake);
      await work({ page, engine, fake, source: account.sources[0].id });
    } finally {
      await fake.end();
    }
  });
}

/** Opens the conversation with Ana, once it is there. */
async function open(page) {
  const row = page.getByTestId("row").filter({ hasText: "Ana Ferreira" }).first();
  await row.waitFor();
  await row.click();
  await page.getByTestId("reader-item").first().waitFor();
}

whatsAppTest("a WhatsApp message appears by itself, is answered, and its ticks change", async ({ page, engine, fake }) => {
  await fake.act("say", { from: ANA, name: "Ana Ferreira", text: "Is the blue one still there?", at: seconds() });
  await open(page);
  await page.getByText("Is the blue one still there?").last().waitFor();
  await page.getByTestId("reply").click();
  await replyBox(page).fill("Yes, it is.");
  await page.getByTestId("window-open").waitFor();
  await sendButton(page).click();
  const sent = await eventually("the message at WhatsApp", async () => (await fake.act("sent"))[0]);
  assert.equal(sent.text.body, "Yes, it is.");
  assert.equal(sent.to, ANA);
  for (const status of ["sent", "delivered", "read"]) {
    await fake.act("status", { id: sent.id, to: ANA, status, key: sent.biz_opaque_callback_data, at: seconds() });
    await page.locator(`[data-testid=receipt][data-receipt=${status}]`).last().waitFor();
  }
  const [op] = (await engine.rpc("outbox.list", { all: true })).filter((op) => op.kind === "send");
  assert.equal(op.state, "done");
});

whatsAppTest("after a day the composer says so, and sends a template", async ({ page, engine, fake, source }) => {
  await fake.act("template", { template: promo });
  // A minute of the day is left.
  await fake.act("say", { from: ANA, name: "Ana Ferreira", text: "Hello", at: seconds() - 24 * 3600 + 90 });
  // A day ago it stands far down in the list of everything.
  await page.getByTestId(`source-${source}`).click();
  await open(page);
  await page.getByTestId("reply").click();
  await page.getByTestId("window-open").waitFor();
  await page.clock.runFor(3 * 60_000);
  await page.getByTestId("window-closed").waitFor();
  assert.equal(await replyBox(page).count(), 0);
  await page.getByTestId("window-choose").click();
  const blanks = page.getByTestId("window-blank");
  await blanks.nth(0).fill("Ana");
  await blanks.nth(1).fill("SPRING");
  await eventually("the whole text", async () =>
    (await page.getByTestId("window-says").innerText()).includes("Hi Ana, use code SPRING."),
  );
  await sendButton(page).click();
  const sent = await eventually("the template at WhatsApp", async () => (await fake.act("sent"))[0]);
  assert.equal(sent.template.name, "spring_sale");
  assert.deepEqual(sent.template.components[0].parameters.map(({ text }) => text), ["Ana", "SPRING"]);
  const threads = (await engine.rpc("threads.list", { limit: 50, source })).threads;
  assert.equal(threads.length, 1);
});

whatsAppTest("the account says what a relay has to know, and a relay that is not there what to do", async ({ page, engine }) => {
  await page.getByTestId("nav-accounts").click();
  await page.getByTestId("account-relay").click();
  const piece = page.getByTestId("relay-piece");
  await eventually("the piece", async () => /desktops = \["age1[a-z0-9]+"\]/.test(await piece.innerText()));
  await page.getByTestId("relay-connect").click();
  assert.equal(await page.getByTestId("relay-nats").getAttribute("aria-invalid"), "true");
  const nobody = await freePort();
  await page.getByTestId("relay-nats").fill(`nats://127.0.0.1:${nobody}`);
  await page.getByTestId("relay-connect").click();
  const failed = page.getByTestId("relay-form").locator('[data-testid="wizard-check"][data-ok="false"]');
  await failed.getByText("Reach the relay").waitFor();
  assert.match(await failed.innerText(), /cannot be reached/);
  const relay = async () => (await engine.rpc("accounts.list")).at(-1).config.relay;
  assert.equal((await relay()).nats, `nats://127.0.0.1:${nobody}`);
  // What may be left there is not forgotten.
  await page.getByTestId("relay-off").click();
  await page.getByTestId("relay-form").getByText("events may be left at the relay").waitFor();
  assert.ok(await relay());
  await page.getByTestId("relay-leave").click();
  await eventually("no relay", async () => (await relay()) === null);
});
