// What lies over the window, and what a view is besides full: dialogs, questions, guards, errors, emptiness. axe-core
// finds nothing serious there either, light or dark.

import { Report } from "./accessible.mjs";
import { network, openFile, openThread, replyBox, sendButton, threads, windowTest } from "./harness.mjs";

const goTo = async (page, ...keys) => {
  await page.locator("#thread-list").or(page.getByRole("main")).first().focus();
  for (const key of keys) await page.keyboard.press(key);
};

/** Closes what is open over the window. */
const shut = async (page, what) => {
  await page.keyboard.press("Escape");
  await what.waitFor({ state: "detached" });
};

const mails = async (engine) => (await threads(engine, { in: "inbox", kind: "mail" })).filter((one) => one.title.trim() !== "" && !one.last_from_me);

/** A mail with everything one is asked about: a page, a picture, a list, a link that is not what it says. */
const STRANGE = `From: Ana <ana@lists.example>
To: me@x.example
Subject: Look
Date: Fri, 20 Nov 2026 09:00:00 +0000
Message-ID: <1@x.example>
List-Id: <news.lists.example>
List-Unsubscribe: <https://lists.example/leave?who=me>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/html; charset=utf-8

<p>Go to https://bank.example@127.0.0.1:1/in at once.</p><img src="https://lists.example/p.png" width="300" height="200">
--b
Content-Type: text/html; name="page.html"
Content-Disposition: attachment; filename="page.html"

<p>A page</p>
--b
Content-Type: image/png; name="dot.png"
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="dot.png"

iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==
--b--
`;

const PROVIDER = "https://login.inlet.test";

/** A mailbox whose person signs in at a provider, and has not. */
const SIGNED_OUT = {
  address: "anna@inlet.test",
  display_name: null,
  user: null,
  imap: { host: "127.0.0.1", port: 9 },
  smtp: null,
  tls: "implicit",
  auth: "xoauth2",
  oauth: { authorize_url: `${PROVIDER}/auth`, token_url: `${PROVIDER}/token`, device_url: null, client_id: "inlet", scopes: ["mail"], subject: null, port: null },
  ca: null,
};

/** The composer with a mail in it that asks before it goes. */
async function asks(page, { to, subject = "Friday", text = "Hello." }, question) {
  const panel = page.getByTestId("composer");
  await goTo(page, "c");
  await panel.locator("[data-testid=compose-body][contenteditable=true]").waitFor();
  await panel.getByTestId("compose-to").fill(`${to},`);
  await panel.getByTestId("compose-subject").fill(subject);
  await panel.getByTestId("compose-body").fill(text);
  await sendButton(page, "composer").click();
  await panel.locator(`[data-testid=compose-ask][data-ask=${question}]`).waitFor();
  return panel;
}

for (const theme of ["light", "dark"]) {
  windowTest(`dialogs of the window, ${theme}`, { theme }, async ({ page, engine }) => {
    const report = new Report();
    await goTo(page, "?");
    await page.getByTestId("sheet").waitFor();
    await report.look(page, "help sheet");
    await shut(page, page.getByTestId("sheet"));

    await goTo(page, "h");
    await page.getByRole("dialog").getByRole("textbox").waitFor();
    await report.look(page, "snooze");
    await page.getByRole("dialog").getByRole("textbox").fill("in the year dot");
    await report.look(page, "a time nobody understands");
    await shut(page, page.getByRole("dialog"));

    await page.getByTestId("search-box").fill("launch");
    await page.locator("[data-testid=row][data-item]").first().waitFor();
    await report.look(page, "what was found");
    await page.getByTestId("save-search").click();
    await page.getByTestId("keep-search").waitFor();
    await report.look(page, "a search to be kept");
    await page.getByTestId("keep-search-name").fill("Launch");
    await page.getByTestId("keep-search-save").click();
    await page.getByTestId("keep-search").waitFor({ state: "detached" });
    await report.look(page, "a search that was kept");
    await page.getByTestId("search-box").fill("nothing of this kind anywhere");
    await page.getByText("Nothing found").waitFor();
    await report.look(page, "nothing found");
    await page.getByTestId("search-box").fill("");

    await page.getByTestId("nav-more").click();
    for (const list of ["sent", "notes", "all", "snoozed", "starred", "archive", "junk", "trash"]) {
      await page.getByTestId(`nav-${list}`).click();
      await page.getByTestId("row").or(page.locator(".empty")).first().waitFor();
      await report.look(page, `the list of ${list}`);
    }
    await page.getByTestId("nav-inbox").click();
    await page.getByTestId("row").first().click();
    await page.getByTestId("reader-item").first().waitFor();
    await page.evaluate(() => (window.print = () => {}));
    await page.getByTestId("act-print").click();
    await page.getByTestId("paper").waitFor({ state: "attached" });
    await page.emulateMedia({ media: "print" });
    await report.look(page, "on paper");
    await page.emulateMedia({ media: "screen" });
    await page.evaluate(() => dispatchEvent(new Event("afterprint")));
    report.end();
  });

  windowTest(`questions before sending, ${theme}`, { theme, undo: 30 }, async ({ page, engine }) => {
    const report = new Report();
    const [mail, other] = await mails(engine);
    const known = mail.people[0].handle;
    const away = async () => {
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await page.getByTestId("composer").waitFor({ state: "detached" });
    };
    await asks(page, { to: "pat@never-heard-of.example" }, "stranger");
    await report.look(page, "somebody nobody has written to");
    await away();
    await asks(page, { to: known, subject: "" }, "subject");
    await report.look(page, "no subject");
    await away();
    await asks(page, { to: known, text: "See the attached file." }, "attachment");
    await report.look(page, "no file");
    await away();
    await asks(page, { to: Array.from({ length: 12 }, (_, i) => `p${i}@${known.split("@")[1]}`).join(",") }, "many");
    await report.look(page, "many recipients");
    await away();

    await openThread(page, mail);
    await replyBox(page).fill("Gladly.");
    await page.getByTestId("reply").getByTestId("compose-templates").click();
    await page.getByTestId("kept-template").waitFor();
    await report.look(page, "no templates");
    await shut(page, page.getByTestId("kept-template"));
    await engine.rpc("kept.put", { kind: "template", name: "Greeting", data: { subject: "", text: "Dear {first_name}," } });
    await page.getByTestId("reply").getByTestId("compose-templates").click();
    await page.getByTestId("kept-row").waitFor();
    await report.look(page, "templates");
    await shut(page, page.getByTestId("kept-template"));
    await page.getByTestId("reply").getByTestId("compose-signatures").click();
    await page.getByTestId("kept-new").click();
    await page.locator("[data-testid=kept-text]").waitFor();
    await report.look(page, "a new signature");
    await shut(page, page.getByTestId("kept-signature"));
    await page.getByTestId("channel-instead").first().or(page.getByTestId("reply")).first().waitFor();
    await report.look(page, "an answer to a mail");

    for (const kind of ["chat", "note"]) {
      const row = (await threads(engine, { in: "all", kind })).find((one) => one.title.trim() !== "" && one.source_type !== "whatsapp");
      await openThread(page, row);
      await page.getByTestId("reply").getByTestId("reply-box").focus();
      await report.look(page, `an answer to a ${kind}`);
    }
    // WhatsApp of the demo world takes an answer at any time: until when it does is put into what the engine says.
    let until;
    await page.route("**/rpc/thread.get", async (one) => {
      const response = await one.fetch();
      const view = await response.json();
      if (view.thread?.source_type === "whatsapp") view.reply_window = { hours: 24, until };
      await one.fulfill({ response, json: view });
    });
    const chat = (await threads(engine, { in: "all", kind: "chat" })).find((one) => one.source_type === "whatsapp");
    for (const [hours, part] of [[3, "window-open"], [-3, "window-closed"]]) {
      until = new Date(Date.now() + hours * 3_600_000).toISOString();
      // What was read before is not read again.
      await page.reload();
      await page.getByTestId("row").first().waitFor();
      await openThread(page, chat);
      if (hours > 0) await replyBox(page).focus();
      await page.getByTestId(part).waitFor();
      await report.look(page, `an answer on WhatsApp, ${part}`);
    }
    await page.unrouteAll({ behavior: "ignoreErrors" });
    await openThread(page, other);
    await page.getByTestId("act-inspector").focus();
    await report.look(page, "another mail");
    report.end();
  });

  windowTest(`dialogs over a conversation, ${theme}`, { theme, demo: false, size: [1100, 800] }, async ({ page, engine }) => {
    const report = new Report();
    await openFile(page, engine, STRANGE);
    await page.getByTestId("remote-bar").waitFor();
    await report.look(page, "remote pictures that are held back");
    await page.getByRole("button", { name: "Show as plain text" }).click();
    await page.getByTestId("reader-item").locator("a", { hasText: "127.0.0.1" }).click();
    await page.getByTestId("link-dialog").waitFor();
    await report.look(page, "a doubtful link");
    await shut(page, page.getByTestId("link-dialog"));
    await page.getByTestId("attachment").filter({ hasText: "page.html" }).click();
    await page.getByTestId("file-ask").waitFor();
    await report.look(page, "a file that is asked about");
    await shut(page, page.getByTestId("file-ask"));
    await page.getByTestId("attachment").filter({ hasText: "dot.png" }).click();
    await page.getByTestId("preview").waitFor();
    await report.look(page, "a picture");
    await shut(page, page.getByTestId("preview"));
    await page.getByTestId("unsubscribe").click();
    await page.getByTestId("leave-list").waitFor();
    await report.look(page, "a list to leave");
    await shut(page, page.getByTestId("leave-list"));
    report.end();
  });

  windowTest(`what could not be read, what is empty, and no network, ${theme}`, { theme, size: [760, 700] }, async ({ page, engine }) => {
    const report = new Report();
    await report.look(page, "a narrow window");
    await page.getByTestId("row").first().click();
    await page.getByTestId("reader-item").first().waitFor();
    await report.look(page, "a narrow reader");
    await page.keyboard.press("i");
    await page.getByTestId("person-name").waitFor();
    await report.look(page, "an inspector over it");
    await page.keyboard.press("i");

    const fail = (one) => one.fulfill({ status: 500, json: { error: { code: "failed", message: "The disk is full: make room on it." } } });
    const views = { "thread.get": () => page.getByTestId("row").nth(6).click(), "people.list": () => page.getByTestId("nav-people").click(), "outbox.list": () => page.getByTestId("nav-outbox").click(), "actions.list": () => page.getByTestId("nav-today").click() };
    for (const [command, go] of Object.entries(views)) {
      await page.route(`**/rpc/${command}`, fail);
      await page.reload();
      await page.getByTestId("row").first().waitFor();
      await go();
      await page.getByRole("main").getByRole("alert").first().waitFor();
      await report.look(page, `${command} that failed`);
      await page.unrouteAll({ behavior: "ignoreErrors" });
    }
    await network(page, false);
    await page.getByRole("status").filter({ hasText: "You are offline" }).waitFor();
    await report.look(page, "no network");
    report.end();
  });

  windowTest(`views of somebody who has nothing, ${theme}`, { theme, demo: false }, async ({ page, engine }) => {
    const report = new Report();
    await engine.rpc("secrets.unlock", { passphrase: "correct horse" });
    const { secret } = await engine.rpc("channels.secret", {});
    await engine.rpc("accounts.add_channel", { config: { via: { kind: "webhook", url: "http://127.0.0.1:9/" } }, secret, name: "Team" });
    for (const place of ["inbox", "today", "waiting", "snoozed", "drafts", "outbox", "sent", "notes", "people"]) {
      await page.getByTestId(`nav-${place}`).click();
      await page.locator(".empty").first().waitFor();
      await report.look(page, `nothing in ${place}`);
    }
    await page.getByTestId("nav-accounts").click();
    await page.getByTestId("account").first().waitFor();
    await page.getByTestId("channel-log-open").click();
    await page.getByText("Nothing has been told through it yet.").waitFor();
    await report.look(page, "a channel's empty log");
    await engine.rpc("accounts.remove", { id: (await engine.rpc("accounts.list"))[0].id });
    await page.getByRole("heading", { name: "No account yet" }).waitFor();
    await report.look(page, "no account");
    report.end();
  });

  windowTest(`accounts that need somebody, and what is asked of them, ${theme}`, { theme }, async ({ page, engine }) => {
    const report = new Report();
    // The demo world's account has no sign-in; nobody is at this one's server, and its provider is a page of ours.
    await page.context().route(`${PROVIDER}/**`, (one) => one.fulfill({ contentType: "text/html", body: "Sign in" }));
    await engine.rpc("secrets.unlock", { passphrase: "correct horse" });
    await engine.rpc("accounts.add_imap", { config: SIGNED_OUT, password: null, name: null, id: null });
    await page.getByTestId("nav-accounts").click();
    const tab = page.context().waitForEvent("page");
    await page.getByTestId("account-sign-in").click();
    await page.getByTestId("signin-waiting").waitFor();
    await (await tab).close();
    await report.look(page, "an account that is to be signed in");
    await page.getByTestId("signin-cancel").click();
    await page.getByTestId("signin-waiting").waitFor({ state: "detached" });
    const demo = page.getByTestId("account").first();
    await demo.getByTestId("account-check").click();
    await demo.getByTestId("wizard-check").first().waitFor();
    await report.look(page, "an account that was tested");
    await page.keyboard.press("Control+,");
    await page.getByTestId("section-data").click();
    await page.getByTestId("data-usage").waitFor();
    await page.getByTestId("checkup-start").click();
    await page.getByTestId("checkup-done").filter({ hasText: /\S/u }).waitFor();
    await report.look(page, "what is kept, and a check-up");
    await page.getByTestId("settings-find").fill("nothing of this name");
    await report.look(page, "settings of no such name");
    report.end();
  });
}
