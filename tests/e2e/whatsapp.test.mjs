// A WhatsApp message comes in by webhook, is answered, its ticks change, and after a day only a template
// goes.

import assert from "node:assert/strict";
import { createHmac } from "node:crypto";

import { startFake, withoutFakes } from "./fakes.mjs";
import { eventually, freePort, replyBox, sendButton, windowTest } from "./harness.mjs";

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
  // From the webhook's 200 to the open window; the best of some, as the machine may have other things to do.
  let quickest = Infinity;
  for (let time = 1; time <= 12 && quickest >= 1000; time++) {
    const text = `The one from Monday, I mean (${time})`;
    await fake.act("say", { from: ANA, name: "Ana Ferreira", text, at: seconds() });
    const told = performance.now();
    await page.getByTestId("reader-item").filter({ hasText: text }).first().waitFor();
    quickest = Math.min(quickest, performance.now() - told);
  }
  assert.ok(quickest < 1000, `a message took ${quickest} ms`);
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
  await eventually("the outbox to be done with it", async () => (await engine.rpc("outbox.list", { all: true })).find((op) => op.kind === "send").state === "done");
});

whatsAppTest("answers to choose from go along, and what was chosen stands below them", async ({ page, engine, fake, source }) => {
  await fake.act("say", { from: ANA, name: "Ana Ferreira", text: "When may I come by?", at: seconds() });
  await open(page);
  // That somebody writes is told only of what was read.
  await eventually("it was read", async () => (await engine.rpc("threads.list", { limit: 50, source })).threads[0]?.unread === 0);
  await page.getByTestId("reply").click();
  await replyBox(page).fill("Which day?");
  await page.getByTestId("compose-choices").click();
  const choice = page.getByTestId("choice");
  await choice.nth(0).fill("Monday");
  await choice.nth(1).fill("Tuesday");
  assert.equal(await page.getByTestId("choices-list").count(), 0);
  await sendButton(page).click();
  const sent = await eventually("the question at WhatsApp", async () => (await fake.act("sent"))[0]);
  assert.deepEqual(sent.interactive.action.buttons.map(({ reply }) => reply.title), ["Monday", "Tuesday"]);
  await page.getByText("[Tuesday]").last().waitFor();
  const { id } = sent.interactive.action.buttons[1].reply;
  await fake.act("message", {
    from: ANA,
    name: "Ana Ferreira",
    at: seconds(),
    content: { type: "interactive", interactive: { type: "button_reply", button_reply: { id, title: "Tuesday" } }, context: { from: "15550783881", id: sent.id } },
  });
  const answer = page.getByTestId("reader-item").last();
  await eventually("what was chosen, and the question it answers", async () => {
    const text = await answer.innerText();
    return text.includes("Tuesday") && text.includes("Which day?");
  });
  // Whoever asked saw that it was being answered.
  await eventually("that somebody wrote", async () => (await fake.act("marked")).some((body) => body.typing_indicator?.type === "text"));
});

whatsAppTest("somebody new is written to by number, with a template and the picture above it", async ({ page, engine, fake, source }) => {
  const header = { type: "HEADER", format: "IMAGE", example: { header_handle: ["x"] } };
  await fake.act("template", { template: { ...promo, name: "picture_sale", components: [header, ...promo.components] } });
  await page.getByTestId("compose").click();
  const panel = page.getByTestId("composer");
  await panel.getByTestId("compose-from").selectOption(source);
  await panel.getByTestId("compose-number").fill("+49 151 000 000 01");
  await panel.getByTestId("window-closed").waitFor();
  await panel.getByTestId("window-choose").click();
  await panel.getByTestId("window-blank").nth(0).fill("Ben");
  await panel.getByTestId("window-blank").nth(1).fill("SPRING");
  await panel.getByTestId("send").click();
  await panel.getByTestId("compose-problem").filter({ hasText: "wants a picture" }).waitFor();
  await panel.getByTestId("window-file").setInputFiles({ name: "sale.png", mimeType: "image/png", buffer: Buffer.from("picture") });
  await panel.getByTestId("compose-file-row").getByText("sale.png").waitFor();
  await panel.getByTestId("send").click();
  await panel.waitFor({ state: "detached" });
  const sent = await eventually("the template at WhatsApp", async () => (await fake.act("sent"))[0]);
  assert.equal(sent.to, "4915100000001");
  assert.equal(sent.template.name, "picture_sale");
  assert.equal(sent.template.components[0].parameters[0].type, "image");
  assert.ok(sent.template.components[0].parameters[0].image.id);
  await eventually("the conversation", async () => (await engine.rpc("threads.list", { limit: 50, source })).threads[0]?.people[0]?.handle === "+4915100000001");
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

whatsAppTest("what was written before the day ended is kept, and comes back when they write again", async ({ page, engine, fake, source }) => {
  await fake.act("template", { template: promo });
  await fake.act("say", { from: ANA, name: "Ana Ferreira", text: "Hello", at: seconds() - 24 * 3600 + 90 });
  await page.getByTestId(`source-${source}`).click();
  await open(page);
  await page.getByTestId("reply").click();
  await replyBox(page).fill("The blue one is");
  await page.clock.runFor(3 * 60_000);
  const kept = page.getByTestId("window-kept");
  await kept.getByText("The blue one is").waitFor();
  await page.getByTestId("window-choose").click();
  await page.getByTestId("window-blank").first().fill("Ana");
  await page.getByTestId("window-says").getByText("Hi Ana").waitFor();
  await kept.getByText("The blue one is").waitFor();
  await page.getByTestId("window-cancel").click();
  await page.getByTestId("window-says").waitFor({ state: "detached" });
  await kept.getByText("The blue one is").waitFor();

  await page.getByTestId("window-choose").click();
  await page.getByTestId("window-says").waitFor();
  await fake.act("say", { from: ANA, name: "Ana Ferreira", text: "Still there?", at: seconds() + 180 });
  await eventually("the words to be back", async () => (await replyBox(page).count()) === 1 && (await replyBox(page).inputValue()) === "The blue one is");
  await sendButton(page).click();
  const sent = await eventually("them at WhatsApp", async () => (await fake.act("sent"))[0]);
  assert.equal(sent.text?.body, "The blue one is");
});

whatsAppTest("the account says what a relay has to know, and a relay that is not there what to do", async ({ page, engine }) => {
  await page.getByTestId("nav-accounts").click();
  await page.getByTestId("account-relay").click();
  const piece = page.getByTestId("relay-piece");
  await eventually("the piece", async () => /desktops = \["age1[a-z0-9]+"\]/.test(await piece.innerText()));
  await page.getByTestId("relay-connect").click();
  await page.locator("[data-testid=relay-nats][aria-invalid=true]").waitFor();
  const nobody = await freePort();
  await page.getByTestId("relay-nats").fill(`nats://127.0.0.1:${nobody}`);
  await page.getByTestId("relay-connect").click();
  const failed = page.getByTestId("relay-form").locator('[data-testid="wizard-check"][data-ok="false"]');
  await failed.getByText("Reach the relay").waitFor();
  await failed.getByText("cannot be reached").waitFor();
  const relay = async () => (await engine.rpc("accounts.list")).at(-1).config.relay;
  assert.equal((await relay()).nats, `nats://127.0.0.1:${nobody}`);
  // What may be left there is not forgotten.
  await page.getByTestId("relay-off").click();
  await page.getByTestId("relay-form").getByText("events may be left at the relay").waitFor();
  assert.ok(await relay());
  await page.getByTestId("relay-leave").click();
  await eventually("no relay", async () => (await relay()) === null);
});

whatsAppTest("what could not be read, and what is wrong with the account, stand on its card until they were seen", async ({ page, engine, fake }) => {
  const { id, config } = (await engine.rpc("accounts.list")).find((one) => one.config.platform === "whatsapp");
  const tell = async (field, value) => {
    const metadata = { display_phone_number: "15550783881", phone_number_id: fake.number };
    const changes = [{ field, value: { messaging_product: "whatsapp", metadata, ...value } }];
    const body = JSON.stringify({ object: "whatsapp_business_account", entry: [{ id: "1", changes }] });
    const signature = `sha256=${createHmac("sha256", fake.secret).update(body).digest("hex")}`;
    const headers = { "Content-Type": "application/json", "X-Hub-Signature-256": signature };
    const answer = await fetch(`http://${config.listen}/whatsapp/${fake.number}`, { method: "POST", headers, body });
    assert.equal(answer.status, 200);
  };
  await tell("group_lifecycle_update", { groups: [] });
  await tell("messages", { errors: [{ code: 131042, title: "Business eligibility payment issue" }] });
  await page.getByTestId("status-unreadable").getByText("something could not be read").waitFor();
  await page.getByTestId("status-warned").getByText("reports a problem").click();
  const card = page.locator(`[data-testid="account"][data-account="${id}"]`);
  for (const [told, text] of [["unreadable", /group_lifecycle_update.*keeps and does not show/u], ["warned", /valid way to pay/u]]) {
    const note = card.getByTestId(`source-${told}`);
    await note.getByText(text).waitFor();
    await note.getByTestId(`source-${told}-seen`).focus();
    await page.keyboard.press("Enter");
    await note.waitFor({ state: "detached" });
    await page.getByTestId(`status-${told}`).waitFor({ state: "detached" });
  }
});
