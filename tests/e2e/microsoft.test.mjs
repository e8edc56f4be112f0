// A Microsoft account in the window, from the wizard to the answers: a certified OpenID provider with its own login
// page, and a Graph that refuses what Microsoft does not document and what nobody consented to.

import assert from "node:assert/strict";

import { Report } from "./accessible.mjs";
import { startFake, withoutFakes } from "./fakes.mjs";
import { eventually, openThread, replyBox, sendButton, threads, windowTest } from "./harness.mjs";
import { loggedIn, oidc } from "./provider.mjs";

const ANNA = "anna@inlet.test";
const BEN = { name: "Ben Carter", address: "ben@fabrikam.example" };
const SCOPES = ["User.Read", "Mail.ReadWrite", "Mail.Send", "Calendars.ReadWrite", "MailboxSettings.ReadWrite", "Chat.ReadWrite", "ChatMessage.Send", "Notes.ReadWrite", "Team.ReadBasic.All", "Channel.ReadBasic.All", "ChannelMessage.Read.All", "ChannelMessage.Send"];

/** A tenant with something of everything, and who signs people in there; both end with the test. */
async function tenant() {
  const ends = [];
  const provider = await oidc({ scopes: SCOPES, tenant: "common" });
  ends.push(() => provider.stop());
  const graph = await startFake("graph");
  ends.push(graph.end);
  await graph.act("introspect", { url: provider.introspection });
  await graph.act("be", { name: "Anna Adler", address: ANNA });
  await graph.act("addMail", {
    message: {
      subject: "Harbour at noon?",
      from: { emailAddress: BEN },
      toRecipients: [{ emailAddress: { name: "Anna Adler", address: ANNA } }],
      body: { contentType: "html", content: "<p>Shall we meet at the <b>harbour</b>?</p>" },
    },
  });
  const chat = await graph.act("addChat", { kind: "oneOnOne", members: [BEN] });
  await graph.act("say", { chat, from: BEN, html: "<p>The ferry leaves at one.</p>" });
  const section = await graph.act("addSection", { parent: await graph.act("addNotebook", { name: "Summer" }), name: "Boats" });
  const note = await graph.act("addPage", { section, title: "Sailing plan", html: "<p>Tide tables first.</p>" });
  return {
    provider,
    graph,
    chat,
    note,
    async stop() {
      for (const end of ends.reverse()) await end();
    },
  };
}

/** A window test with a tenant, whose secrets lie in a file: where there is a keyring, nobody is asked. */
function tenantTest(name, options, work) {
  windowTest(name, { demo: false, ...options }, async ({ page, engine }) => {
    const there = await tenant();
    try {
      await engine.rpc("secrets.unlock", { passphrase: "correct horse" });
      await work({ page, engine, ...there });
    } finally {
      await there.stop();
    }
  });
}

/** Fills in a Microsoft that is here. */
async function fill(page, { provider, graph }) {
  await page.getByTestId("first-run-connect").click();
  await page.getByTestId("wizard-kind-microsoft").click();
  await page.getByTestId("provider-client-id").fill("inlet");
  await page.getByTestId("wizard-advanced").click();
  const root = page.getByTestId("microsoft-api-root");
  await eventually("the usual Graph", async () => (await root.inputValue()) === "https://graph.microsoft.com/v1.0");
  assert.equal(await page.getByTestId("microsoft-tenant").inputValue(), "common");
  await page.getByTestId("microsoft-host").fill(provider.issuer);
  await page.getByTestId("microsoft-host").press("Tab");
  await root.fill(graph.url);
}

/** Presses a button that opens the provider's page, and gives that page. */
async function opening(page, testid) {
  const tab = page.context().waitForEvent("page");
  await page.getByTestId(testid).click();
  return tab;
}

/** Consents on the provider's page; what it asked for. */
async function consented(tab) {
  await tab.getByRole("heading", { name: "Authorize" }).waitFor();
  const asked = await tab.locator("body").innerText();
  await tab.locator("button[type=submit]").click();
  await tab.getByRole("heading", { name: "You are signed in" }).waitFor();
  await tab.close();
  return asked;
}

/** Opens a conversation of the list and answers it. */
async function answered(page, subject, words) {
  await page.getByTestId("row").filter({ hasText: subject }).first().click();
  await page.getByTestId("reader-item").first().waitFor();
  await replyBox(page).click();
  await page.keyboard.type(words);
  await sendButton(page).click();
}

tenantTest(
  "an account is connected, a source is switched on, read and answered, and switched off",
  { skip: withoutFakes, undo: 0 },
  async ({ page, engine, provider, graph, chat, note }) => {
    const report = new Report();
    await fill(page, { provider, graph });
    await page.getByTestId("source-outlook").waitFor();
    assert.ok(await page.getByTestId("source-outlook").isChecked());
    assert.ok(!(await page.getByTestId("source-teams").isChecked()), "what nobody chose is not asked for");

    await page.getByTestId("source-onenote").check();
    const login = await opening(page, "microsoft-sign-in");
    await loggedIn(login, ANNA);
    const asked = await consented(login);
    assert.match(asked, /Mail\.ReadWrite/u);
    assert.match(asked, /Notes\.ReadWrite/u);
    assert.doesNotMatch(asked, /Chat/u);
    await page.getByTestId("wizard-done").waitFor();
    await page.getByTestId("wizard-done").getByTestId("account-source").first().waitFor();
    await report.look(page, "connected");
    await page.getByTestId("wizard-open").click();

    await answered(page, "Harbour at noon?", "Gladly, at the lighthouse.");
    await eventually("the answer", async () => JSON.stringify(await graph.act("sent")).includes("Gladly, at the lighthouse."));

    await page.getByTestId("nav-notes").click();
    await answered(page, "Sailing plan", "Bring the charts.");
    await eventually("the words on the page", async () => (await graph.act("pageHtml", { page: note })).includes("Bring the charts."));

    // On: the provider remembers her, and asks for nothing but what is new.
    await page.getByTestId("nav-accounts").click();
    await page.getByTestId("switch-teams").click();
    await page.getByTestId("switch-on").getByText("read your chats").waitFor();
    await report.look(page, "switching on");
    const more = await consented(await opening(page, "switch-on-sign-in"));
    assert.match(more, /Chat\.ReadWrite/u);
    assert.doesNotMatch(more, /Mail\.ReadWrite|Notes/u);
    await page.locator("[data-testid=switch-teams]:checked").waitFor();

    await page.getByTestId("nav-inbox").click();
    await answered(page, "The ferry leaves at one.", "I will be there.");
    await eventually("the message", async () => JSON.stringify(await graph.act("chatMessages", { chat })).includes("I will be there."));

    // Off, with what it has brought, after a question.
    await page.getByTestId("nav-accounts").click();
    await page.getByTestId("switch-teams").click();
    await page.getByTestId("switch-off").waitFor();
    await report.look(page, "switching off");
    await page.keyboard.press("Escape");
    await page.getByTestId("switch-off").waitFor({ state: "detached" });
    assert.ok(await page.getByTestId("switch-teams").isChecked());
    await page.getByTestId("switch-teams").click();
    await page.getByTestId("switch-off-keep").click();
    await page.locator("[data-testid=account-source][data-state=off]").waitFor();
    await page.getByTestId("switch-forget").click();
    await page.getByTestId("switch-off-remove").click();
    await eventually("Teams to be gone", async () => (await engine.rpc("accounts.list"))[0].sources.length === 2);
    await page.locator("[data-testid=switch-teams]:not(:checked)").waitFor();
    await page.getByTestId("switch-onenote").click();
    await page.getByTestId("switch-off-remove").click();
    await eventually("one source on the card", async () => (await page.getByTestId("account-source").count()) === 1);
    assert.ok(await page.getByTestId("switch-outlook").isDisabled(), "the last one stays");
    report.end();
  },
);

tenantTest("channels go off alone, and the registration of an account is corrected on its card", { skip: withoutFakes }, async ({ page, engine, provider, graph }) => {
  const report = new Report();
  await fill(page, { provider, graph });
  await page.getByTestId("source-teams").check();
  await page.getByTestId("source-channels").check();
  const login = await opening(page, "microsoft-sign-in");
  await loggedIn(login, ANNA);
  assert.match(await consented(login), /ChannelMessage\.Read\.All/u);
  await page.getByTestId("wizard-done").waitFor();
  await page.getByTestId("nav-accounts").click();
  const channels = page.getByTestId("switch-channels");
  assert.ok(await channels.isChecked());
  await channels.click();
  await page.getByTestId("channels-off").waitFor();
  await report.look(page, "channels off");
  await page.keyboard.press("Escape");
  await page.getByTestId("channels-off").waitFor({ state: "detached" });
  assert.ok(await channels.isChecked(), "nobody has said yes");
  await channels.click();
  const switched = Date.now();
  await page.getByTestId("channels-off-keep").click();
  await page.locator("[data-testid=switch-channels]:not(:checked)").waitFor();
  const config = async () => (await engine.rpc("accounts.list"))[0].config;
  assert.deepEqual([(await config()).channels, (await config()).sources], [false, ["outlook", "teams"]]);

  // What goes on has its tokens again, and takes none of the answers that are to go wrong.
  const goesOn = ({ state, last_heard }) => state === "live" && Date.parse(last_heard) >= switched;
  await eventually("what is left goes on", async () => (await engine.rpc("status")).accounts[0].sources.every(goesOn));

  // What a refusal names is on the card: its button leads to the field.
  const refuse = (number) => provider.faults("token", [{ status: 400, body: { error: "invalid_grant", error_description: `AADSTS${number}: somebody` } }]);
  await refuse(50_020);
  const tab = await opening(page, "account-sign-in");
  await tab.locator("button[type=submit]").click();
  await tab.getByRole("heading", { name: /did not work/u }).waitFor();
  await tab.close();
  await page.getByTestId("remedy-tenant").click();
  const tenant = page.getByTestId("microsoft-tenant");
  await eventually("the focus in the tenant", () => tenant.evaluate((input) => input === document.activeElement));
  assert.equal(await tenant.inputValue(), "common");
  assert.equal(await page.getByTestId("microsoft-host").inputValue(), provider.issuer);
  assert.equal(await page.getByTestId("microsoft-api-root").inputValue(), graph.url);
  assert.equal(await page.getByTestId("source-outlook").count(), 0, "what is on has switches of its own");
  await report.look(page, "correcting");

  // A registration that the provider does not know changes nothing, and the one that it knows is taken.
  const id = page.getByTestId("provider-client-id");
  assert.equal(await id.inputValue(), "inlet");
  await id.fill("stranger");
  await page.getByTestId("microsoft-code").click();
  await page.getByTestId("correcting").getByTestId("remedy-registration").click();
  await eventually("the focus in the client id", () => id.evaluate((input) => input === document.activeElement));
  assert.equal((await config()).oauth.client_id, "inlet");
  await id.fill("inlet-moved");
  const moved = await opening(page, "microsoft-sign-in");
  await moved.locator("button[type=submit]").click();
  await moved.getByRole("heading", { name: "You are signed in" }).waitFor();
  await moved.close();
  await page.getByTestId("correcting").waitFor({ state: "detached" });
  await page.locator("[data-testid=wizard-check][data-ok=true]").first().waitFor();
  assert.equal((await config()).oauth.client_id, "inlet-moved");
  assert.equal((await engine.rpc("accounts.list")).length, 1);
  report.end();
});

tenantTest("a code on another device does without this computer's browser", { skip: withoutFakes }, async ({ page, provider, graph }) => {
  await fill(page, { provider, graph });
  await page.getByTestId("source-teams").check();
  await page.getByTestId("microsoft-code").click();
  const code = await page.getByTestId("signin-code").innerText();
  const device = await page.context().browser().newContext();
  try {
    const tab = await device.newPage();
    await tab.goto(await page.getByTestId("signin-open").getAttribute("data-page"));
    // The code is filled in by the address; the person sees that it is theirs.
    await tab.getByText(code).waitFor();
    await tab.getByRole("button", { name: "Continue" }).click();
    await loggedIn(tab, ANNA);
    await tab.getByText("Chat.ReadWrite", { exact: true }).waitFor();
    await tab.locator("button[type=submit]").click();
    await page.getByTestId("wizard-done").waitFor();
  } finally {
    await device.close();
  }
  const sources = page.getByTestId("wizard-done").getByTestId("account-source");
  await sources.nth(1).waitFor();
  assert.equal(await sources.count(), 2);
});

tenantTest("a page of notes is read, ticked, and written on", { skip: withoutFakes, undo: 0 }, async ({ page, engine, provider, graph }) => {
  const section = await graph.act("addSection", { parent: await graph.act("addNotebook", { name: "Garden" }), name: "Spring" });
  const html = '<p>Where the <b>heron</b> stands</p><p data-tag="to-do">Plant peas</p>';
  const beds = await graph.act("addPage", { section, title: "Beds", html });
  await fill(page, { provider, graph });
  await page.getByTestId("source-onenote").check();
  const login = await opening(page, "microsoft-sign-in");
  await loggedIn(login, ANNA);
  assert.match(await consented(login), /Notes\.ReadWrite/u);
  await page.getByTestId("wizard-done").waitFor();
  await page.getByTestId("wizard-open").click();

  const row = await eventually("the page", async () => (await threads(engine, { in: "notes" })).find((one) => one.title === "Beds"));
  await eventually("the page to be found", async () => (await engine.rpc("search", { query: "heron" })).total === 1);
  await openThread(page, row);
  const drawn = page.frameLocator("[data-testid=reader-item] iframe");
  await drawn.locator("b").filter({ hasText: "heron" }).waitFor();
  await page.getByTestId("reader").getByRole("checkbox", { name: "Plant peas", exact: true }).click();
  const there = (words) => eventually(words, async () => (await graph.act("pageHtml", { page: beds })).includes(words));
  await there('<p data-tag="to-do:completed">Plant peas</p>');
  await replyBox(page).fill("- [ ] Buy a net");
  await sendButton(page).click();
  await there('<p data-tag="to-do">Buy a net</p>');
  await drawn.locator("[data-tag=to-do]").filter({ hasText: "Buy a net" }).waitFor();
  const held = await graph.act("pageHtml", { page: beds });
  assert.equal(held.split("Buy a net").length, 2, "once");
});

tenantTest("a refusal is one sentence, and one button that helps", { skip: withoutFakes }, async ({ page, provider, graph }) => {
  await fill(page, { provider, graph });
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const refuse = async (number) => {
    const body = { error: "invalid_grant", error_description: `AADSTS${number}: somebody` };
    await provider.faults("token", [{ status: 400, body }]);
    const tab = await opening(page, "microsoft-sign-in");
    await loggedIn(tab, ANNA);
    await tab.locator("button[type=submit]").click();
    await tab.getByRole("heading", { name: /did not work/u }).waitFor();
    await tab.close();
    return page.getByTestId("wizard-problem").innerText();
  };

  assert.match(await refuse(50_020), /organisation/u);
  await page.getByTestId("remedy-tenant").click();
  const tenant = page.getByTestId("microsoft-tenant");
  await eventually("the focus in the tenant", () => tenant.evaluate((input) => input === document.activeElement));

  assert.match(await refuse(700_016), /does not know this app/u);
  await page.getByTestId("remedy-registration").click();
  const id = page.getByTestId("provider-client-id");
  await eventually("the focus in the client id", () => id.evaluate((input) => input === document.activeElement));

  assert.match(await refuse(90_094), /administrator/u);
  await page.getByTestId("remedy-administrator").click();
  await page.getByText("Send it to your administrator").waitFor();
  assert.match(await page.evaluate(() => navigator.clipboard.readText()), /\/organizations\/v2\.0\/adminconsent\?client_id=inlet/u);
});

windowTest("without a registration, or a source, the wizard says what is missing", { demo: false }, async ({ page }) => {
  await page.getByTestId("first-run-connect").click();
  await page.getByTestId("wizard-kind-microsoft").click();
  await eventually("the guide", async () => /^https:.*connecting-microsoft\.md$/u.test((await page.getByTestId("provider-guide").getAttribute("href")) ?? ""));
  await page.getByTestId("source-outlook").uncheck();
  await page.getByTestId("microsoft-sign-in").click();
  const outlook = page.getByTestId("source-outlook");
  await eventually("the focus in the sources", () => outlook.evaluate((input) => input === document.activeElement));
  await outlook.check();
  await page.getByTestId("microsoft-sign-in").click();
  const id = page.getByTestId("provider-client-id");
  await eventually("the focus in the client id", () => id.evaluate((input) => input === document.activeElement));
});
