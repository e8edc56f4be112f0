// The lock: nothing to see, nothing to ask, and everything as it was afterwards.

import assert from "node:assert/strict";

import { Report } from "./accessible.mjs";
import { eventually, openThread, replyBox, threads, windowTest } from "./harness.mjs";

const PASSPHRASE = "correct horse";

/** What the engine answers a page that asks for this. */
async function asked(engine, name, params = {}) {
  const response = await fetch(new URL(`rpc/${name}`, new URL("./", engine.url)), {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${engine.token}` },
    body: JSON.stringify(params),
  });
  return { status: response.status, body: await response.json() };
}

async function choosePassphrase(page) {
  await page.keyboard.press("Control+,");
  await page.getByTestId("section-privacy").click();
  await page.getByTestId("lock-new").fill(PASSPHRASE);
  await page.getByTestId("lock-again").fill(PASSPHRASE);
  await page.getByTestId("lock-save").click();
  await page.getByTestId("lock-now").waitFor();
}

async function unlock(page, passphrase = PASSPHRASE) {
  await page.getByTestId("lock-passphrase").fill(passphrase);
  await page.keyboard.press("Enter");
}

windowTest("a lock is refused without a passphrase, chosen, and takes everything off the screen", {}, async ({ page, engine }) => {
  await page.keyboard.press("Control+Shift+X");
  await page.getByText("Choose a passphrase first").waitFor();
  const choice = page.getByTestId("setting-privacy.lock").locator("select");
  await choice.waitFor();
  await choice.selectOption("5");
  await page.getByText("Choose a passphrase for the lock first").waitFor();
  await eventually("the choice to go back", async () => (await choice.inputValue()) === "never");
  await choosePassphrase(page);
  await choice.selectOption("start");
  await page.getByTestId("reset-privacy.lock").waitFor();

  const mail = (await threads(engine, { in: "inbox", kind: "mail" }))[0];
  await page.getByTestId("nav-inbox").click();
  await openThread(page, mail);
  await replyBox(page).click();
  await page.keyboard.type("Half a thought about kingfishers");
  // At once, before the words are saved by themselves.
  await page.keyboard.press("Control+Shift+X");
  await page.getByTestId("lock").waitFor();
  const shown = await page.evaluate(() => document.documentElement.innerHTML + document.title);
  for (const word of [mail.title, mail.people[0].handle, "kingfishers"]) assert.ok(!shown.includes(word), word);
  await page.keyboard.press("j");
  await page.getByTestId("lock-passphrase").fill("");

  const refused = await asked(engine, "thread.get", { id: mail.id });
  assert.deepEqual([refused.status, refused.body.error.code], [423, "app_locked"]);
  assert.equal((await asked(engine, "lock.forget")).status, 403);

  await unlock(page, "wrong horse");
  await page.getByText("That is not the passphrase").waitFor();
  await unlock(page);
  await replyBox(page).waitFor();
  await eventually("the words of the draft", async () => (await replyBox(page).inputValue()).includes("Half a thought about kingfishers"));
  await page.getByTestId("reader").getByText(mail.title).first().waitFor();
});

windowTest("a reload and a second page stay locked, and hear nothing", {}, async ({ page, engine }) => {
  await choosePassphrase(page);
  await page.getByTestId("nav-inbox").click();
  await page.getByTestId("row").first().waitFor();
  const second = await page.context().newPage();
  const frames = [];
  second.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => frames.push(String(payload))));
  await second.goto(engine.url);
  await second.getByTestId("row").first().waitFor();
  await page.keyboard.press("Control+k");
  await page.getByTestId("palette-input").fill("lock now");
  await page.locator('[data-testid=palette-option][data-entry="command:lock"][aria-selected=true]').waitFor();
  await page.keyboard.press("Enter");
  for (const one of [page, second]) await one.getByTestId("lock").waitFor();
  const before = frames.length;
  await page.reload();
  await page.getByTestId("lock").waitFor();
  assert.equal(await page.getByTestId("row").count(), 0);
  await eventually("the field to have the keyboard", () => page.evaluate(() => document.activeElement?.getAttribute("data-testid") === "lock-passphrase"));
  await unlock(page);
  for (const one of [page, second]) await one.getByTestId("row").first().waitFor();
  const heard = frames.slice(before).map((frame) => JSON.parse(frame).event);
  const opened = heard.indexOf("resync");
  assert.ok(opened >= 0 && heard.slice(0, opened).every((event) => ["lock", "notices", "settings"].includes(event)), heard.join());
});

windowTest("a new message that is being written comes back with its recipients", {}, async ({ page }) => {
  await choosePassphrase(page);
  await page.getByTestId("nav-inbox").click();
  await page.getByTestId("row").first().waitFor();
  await page.locator("#thread-list").focus();
  await page.keyboard.press("c");
  const composer = page.getByTestId("composer");
  await composer.waitFor();
  await page.keyboard.type("ana@lumen.example, ");
  const subject = composer.getByLabel("Subject");
  await subject.fill("Kingfishers");
  await page.keyboard.press("Control+Shift+X");
  await page.getByTestId("lock").waitFor();
  assert.equal(await composer.count(), 0);
  await unlock(page);
  await composer.waitFor();
  await eventually("the subject", async () => (await subject.inputValue()) === "Kingfishers");
  await composer.getByText("ana@lumen.example").first().waitFor();
});

windowTest("wrong tries make one wait, and say for how long", {}, async ({ page }) => {
  await choosePassphrase(page);
  await page.getByTestId("lock-now").click();
  await page.getByTestId("lock").waitFor();
  for (let tries = 0; tries < 3; tries += 1) {
    await unlock(page, "wrong horse");
    await page.getByText("That is not the passphrase").waitFor();
    await eventually("an empty field", async () => (await page.getByTestId("lock-passphrase").inputValue()) === "");
  }
  await page.getByTestId("lock-wait").waitFor();
  assert.ok(await page.getByTestId("lock-open").isDisabled());
  await page.getByTestId("lock-wait").waitFor({ state: "detached" });
  await unlock(page);
  await page.getByTestId("section-privacy").waitFor();
});

for (const theme of ["light", "dark"]) {
  windowTest(`the lock screen shuts nobody out, ${theme}`, { theme, size: [900, 600] }, async ({ page }) => {
    const report = new Report();
    await choosePassphrase(page);
    await report.look(page, "the passphrase in the settings");
    await page.getByTestId("lock-now").click();
    await page.getByTestId("lock").waitFor();
    await report.look(page, "a locked window");
    await unlock(page, "wrong horse");
    await page.getByText("That is not the passphrase").waitFor();
    await report.look(page, "a wrong passphrase");
    report.end();
  });
}
