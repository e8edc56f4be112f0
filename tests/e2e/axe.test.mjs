// Nobody is shut out: axe-core finds nothing serious in any view, light or dark.

import { Report } from "./accessible.mjs";
import { openThread, replyBox, threads, windowTest } from "./harness.mjs";

const SECTIONS = ["accounts", "inbox", "rules", "actions", "composing", "index", "notifications", "privacy", "appearance", "keyboard", "data", "automation", "diagnostics", "about"];

/** What the wizard can connect. */
const KINDS = ["mail", "google", "microsoft", "slack", "whatsapp", "github", "jira", "channel"];

for (const theme of ["light", "dark"]) {
  for (const contrast of ["normal", "high"]) {
    windowTest(`rules, proposals, meetings and reactions, ${theme}, ${contrast} contrast`, { theme, settings: { "appearance.contrast": contrast } }, async ({ page, engine }) => {
      const report = new Report();
      const rules = async () => {
        await page.keyboard.press("Control+,");
        await page.getByTestId("section-rules").click();
      };
      await rules();
      await page.getByText("No rules yet").waitFor();
      await report.look(page, "no rules");
      await engine.rpc("rules.put", { rule: { id: "invoices", name: "Invoices", when: { attachment: ["*.pdf"] }, then: { label: ["Money"], star: true } } });
      await engine.rpc("rules.put", { rule: { id: "off", name: "Switched off", enabled: false, then: { mute: true } } });
      await page.getByTestId("rule-why").first().click();
      await page.getByText("Nothing yet").waitFor();
      await report.look(page, "an empty log of a rule");
      await page.keyboard.press("Escape");
      await engine.rpc("rules.run", { id: "invoices", last: 500 });
      await page.getByTestId("rule-why").first().click();
      await page.getByTestId("rule-log-entry").first().waitFor();
      await report.look(page, "the log of a rule");
      await page.keyboard.press("Escape");
      await page.getByTestId("rule-edit").first().click();
      await page.getByTestId("rule-when-add").click();
      await page.getByTestId("rule-try").click();
      await page.getByTestId("rule-hit").first().waitFor();
      await report.look(page, "a rule that was tried");
      await page.getByTestId("rule-turn").click();
      await page.getByTestId("rule-toml").fill("nonsense");
      await page.getByTestId("rule-save").click();
      await page.getByTestId("rule-editor").getByRole("alert").waitFor();
      await report.look(page, "a rule as text that is refused");
      await page.keyboard.press("Escape");

      const [first, second] = await threads(engine, { in: "inbox", kind: "mail" });
      await engine.rpc("proposals.make", { thread: first.id, do: "reply", text: "Gladly.", who: "helper", why: "They asked." });
      await engine.rpc("proposals.make", { thread: second.id, do: "snooze", until: new Date(Date.now() + 86_400_000).toISOString(), who: "helper", why: "It can wait." });
      await page.getByTestId("nav-today").click();
      await page.getByTestId("proposal").nth(1).waitFor();
      await page.getByTestId("meeting").first().waitFor();
      await page.getByTestId("proposal-edit").first().click();
      await page.getByTestId("proposal-edit").first().click();
      await report.look(page, "proposals and meetings");

      const chat = (await threads(engine, { in: "all", kind: "chat" })).find((one) => one.source_type === "slack" && one.title.trim() !== "");
      await openThread(page, chat);
      await page.getByTestId("react").last().focus();
      await page.keyboard.press("Enter");
      await page.getByTestId("reaction-choice").first().waitFor();
      await report.look(page, "reactions to choose from");
      await page.getByTestId("reaction-choice").first().press("Enter");
      await page.locator('[data-testid=reaction][aria-pressed="true"]').waitFor();
      await report.look(page, "a reaction of mine");
      report.end();
    });

    windowTest(`settings and palette, ${theme}, ${contrast} contrast`, { theme }, async ({ page, engine }) => {
      const report = new Report();
      await engine.rpc("config.set", { key: "appearance.contrast", value: contrast });
      await page.locator(`:root[data-contrast=${contrast}]`).waitFor();
      if (contrast === "high") {
        await page.keyboard.press("Enter");
        await page.getByTestId("reader-item").first().waitFor();
        await report.look(page, "inbox and reader");
      }
      await page.keyboard.press("Control+,");
      for (const section of SECTIONS) {
        await page.getByTestId(`section-${section}`).click();
        if (section === "about") await page.getByTestId("licence").first().waitFor();
        await report.look(page, `settings: ${section}`);
      }
      await page.getByTestId("section-keyboard").click();
      await page.getByTestId("key-add-archive").click();
      await page.keyboard.press("s");
      await page.getByText("S belongs to").waitFor();
      await report.look(page, "recorder");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Control+k");
      await page.getByTestId("palette-input").fill("a");
      await report.look(page, "palette");
      report.end();
    });
  }

  windowTest(`inbox, readers and composers, ${theme}`, { theme }, async ({ page, engine }) => {
    const report = new Report();
    await report.look(page, "inbox");
    for (const kind of ["mail", "chat", "note"]) {
      const row = (await threads(engine, { in: "all", kind })).find((one) => one.title.trim() !== "");
      await openThread(page, row);
      await report.look(page, `reader of a ${kind}`);
    }
    const mail = (await threads(engine, { in: "inbox", kind: "mail" })).find((one) => one.title.trim() !== "");
    await openThread(page, mail);
    await replyBox(page).fill("As attached.");
    await page.keyboard.press("Control+Enter");
    await page.getByTestId("compose-ask").waitFor();
    await report.look(page, "reply with a question");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.getByTestId("compose").click();
    await page.getByTestId("composer").getByTestId("compose-to").fill("nobody@new.example, broken,");
    await page.getByTestId("composer").getByTestId("compose-copies").click();
    const panel = page.getByTestId("composer");
    await panel.locator("[data-testid=compose-body][contenteditable=true]").waitFor();
    await panel.getByTestId("compose-later").click();
    await report.look(page, "composer");
    await panel.getByTestId("compose-templates").click();
    await page.getByTestId("kept-new").click();
    await report.look(page, "a new template");
    report.end();
  });

  windowTest(`selection, folders and labels, waiting and reminder, ${theme}`, { theme }, async ({ page, engine }) => {
    const report = new Report();
    const mail = (await threads(engine)).find((one) => one.source_type === "gmail" && one.labels.length > 0);
    const row = page.locator(`[data-testid=row][data-thread="${mail.id}"]`);
    await page.locator("#thread-list").focus();
    for (let step = 0; step < 30 && !(await row.isVisible()); step++) await page.keyboard.press("j");
    await row.click({ modifiers: ["Control"] });
    await page.getByTestId("selection").waitFor();
    await report.look(page, "selection");
    await page.locator("#thread-list").focus();
    await page.keyboard.press("l");
    await page.getByTestId("place").first().waitFor();
    await report.look(page, "folders and labels");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.keyboard.press("t");
    await page.getByTestId("chip").first().click();
    await page.getByTestId("rule").waitFor();
    await report.look(page, "today");
    await page.getByTestId("card-sentence").first().click();
    await page.getByTestId("marked").waitFor();
    await report.look(page, "a marked sentence");
    await page.keyboard.press("g");
    await page.keyboard.press("w");
    await page.getByTestId("card").first().waitFor();
    await report.look(page, "waiting");
    await page.keyboard.press("Shift+H");
    await page.getByTestId("remind").waitFor();
    await report.look(page, "reminder");
    report.end();
  });

  windowTest(`search, outbox, drafts, accounts and wizard, ${theme}`, { theme, undo: 30 }, async ({ page, engine }) => {
    const report = new Report();
    const mail = (await threads(engine, { in: "inbox", kind: "mail" })).find((one) => one.title.trim() !== "");
    await openThread(page, mail);
    await report.look(page, "search");
    await replyBox(page).fill("On its way.");
    await page.keyboard.press("Control+Enter");
    await page.getByTestId("toast").waitFor();
    await page.getByTestId("nav-outbox").click();
    // The mail that was opened may be on its way to be marked read: the message is the row that is meant.
    const { id } = (await engine.rpc("outbox.list")).find((op) => op.kind === "send");
    const row = page.locator(`[data-testid=outbox-row][data-op="${id}"]`);
    await row.getByRole("button", { name: /delivery log/iu }).click();
    await report.look(page, "outbox with a toast");
    await row.getByTestId("outbox-cancel").click();
    await page.getByTestId("nav-drafts").click();
    await page.getByTestId("draft-row").first().waitFor();
    await report.look(page, "drafts");
    await page.getByTestId("nav-accounts").click();
    await page.getByTestId("account").first().waitFor();
    await report.look(page, "accounts");
    await page.getByTestId("account-remove").first().click();
    await report.look(page, "question before removing");
    await page.keyboard.press("Escape");
    await page.keyboard.press("g");
    await page.keyboard.press("l");
    await page.getByRole("heading", { name: "Notification log" }).waitFor();
    await report.look(page, "notification log");
    await page.getByTestId("nav-accounts").click();
    await page.getByTestId("account-add").click();
    await page.getByTestId("wizard-advanced").click();
    await page.getByTestId("wizard-test").click();
    await report.look(page, "wizard with errors");
    for (const kind of KINDS.slice(1)) {
      await page.getByTestId(`wizard-kind-${kind}`).click();
      if (kind === "microsoft") await page.getByTestId("source-teams").check();
      const advanced = page.getByTestId("wizard-advanced").or(page.getByTestId("hook-more"));
      if (await advanced.count()) await advanced.first().click();
      await page.getByTestId("wizard").locator("form :is(input[type=text], input[type=email], input[type=url], input[type=password], input:not([type])):visible").first().press("Enter");
      await report.look(page, `wizard for ${kind} with errors`);
    }
    await page.getByTestId("wizard").getByRole("button", { name: /^Files/u }).click();
    await page.getByTestId("import-start").waitFor();
    await report.look(page, "import");
    report.end();
  });

  windowTest(`preview, source, inspector and new page, ${theme}`, { theme }, async ({ page, engine }) => {
    const report = new Report();
    const rows = await threads(engine, { in: "all", kind: "mail" });
    const row = rows.find((one) => one.has_attachment && one.title.startsWith("Rechnung"));
    await openThread(page, row);
    await page.getByTestId("attachment").click();
    await page.locator("[data-testid=pdf-page][data-drawn]").waitFor();
    await report.look(page, "preview of a PDF");
    await page.keyboard.press("Escape");
    await page.getByTestId("reader-item").first().press("v");
    await page.getByTestId("source-text").waitFor();
    await report.look(page, "source");
    await page.keyboard.press("Escape");
    await page.keyboard.press("i");
    await page.getByTestId("person-name").waitFor();
    await report.look(page, "inspector");
    await page.keyboard.press("n");
    await page.getByTestId("page-title").waitFor();
    await report.look(page, "new page");
    await page.keyboard.press("Escape");
    await page.getByTestId("page-title").waitFor({ state: "detached" });
    await page.getByTestId("nav-people").click();
    await page.getByTestId("person-maybe").first().waitFor();
    await report.look(page, "people");
    report.end();
  });

  windowTest(`the door, ${theme}`, { theme, demo: false }, async ({ page }) => {
    const report = new Report();
    await report.look(page, "first run");
    report.end();
  });
}
