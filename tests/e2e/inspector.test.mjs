// The inspector: somebody of the open conversation and where else they are met, by keyboard alone.

import assert from "node:assert/strict";

import { eventually, threads, windowTest } from "./harness.mjs";

const focused = (page) => page.evaluate(() => document.activeElement?.getAttribute("data-testid") ?? document.activeElement?.id);

for (const size of [[1280, 800], [1000, 700]]) {
  windowTest(`I shows who it is, and leads to their other conversations, at ${size[0]} wide`, { size }, async ({ page, engine }) => {
    const rows = await threads(engine, { in: "inbox", kind: "mail" });
    let found;
    for (const row of rows) {
      const [party] = row.people;
      const person = await engine.rpc("person.get", { source: row.source, handle: party.handle, name: party.name });
      if (person.threads.length > 2) {
        found = { row, party, person };
        break;
      }
    }
    await page.locator(`[data-testid=row][data-thread="${found.row.id}"]`).first().click();
    await page.getByTestId("reader-item").first().waitFor();
    await page.keyboard.press("i");
    await page.getByTestId("person-name").getByText(found.party.name ?? found.party.handle).waitFor();
    await eventually("the inspector to have the keyboard", async () => (await focused(page)) === "inspector");
    const inspector = await page.getByTestId("inspector").boundingBox();
    const reader = await page.getByTestId("reader").boundingBox();
    const beside = reader.x + reader.width <= inspector.x + 1;
    assert.equal(beside, size[0] >= 1100, "it stands beside the reader where there is room, else above it");
    assert.ok(inspector.x + inspector.width <= size[0] + 1);

    const other = page.getByTestId("person-thread").first();
    const wanted = await other.getAttribute("data-thread");
    await eventually("the keyboard to reach another conversation", async () => {
      await page.keyboard.press("Tab");
      return (await focused(page)) === "person-thread";
    });
    await page.keyboard.press("Enter");
    const { items } = await engine.rpc("thread.get", { id: wanted });
    await page.locator(`[data-testid=reader-item][data-item="${items.at(-1).id}"]`).waitFor();

    await page.getByTestId("inspector").focus();
    await page.keyboard.press("Escape");
    await page.getByTestId("inspector").waitFor({ state: "detached" });
    await eventually("the list to have the keyboard", async () => (await focused(page)) === "thread-list");
  });
}

windowTest("of a group one chooses whom to look at", {}, async ({ page, engine }) => {
  const row = (await threads(engine, { in: "inbox", kind: "chat" })).find((one) => one.people.length > 2);
  await page.locator(`[data-testid=row][data-thread="${row.id}"]`).first().click();
  await page.getByTestId("reader-item").first().waitFor();
  await page.keyboard.press("i");
  const name = page.getByTestId("person-name");
  await name.waitFor();
  const before = await name.innerText();
  await page.getByTestId("inspector-who").selectOption({ index: 1 });
  await eventually("somebody else", async () => (await name.innerText()) !== before);
});

windowTest("an invitation is answered beside whoever sent it", {}, async ({ page, engine }) => {
  const coming = await engine.rpc("meetings.list", {});
  const at = coming.findIndex((one) => one.can_answer && one.meeting.organizer);
  const { meeting, source } = coming[at];
  await page.getByTestId("nav-today").click();
  await page.getByTestId("meeting").nth(at).getByTestId("meeting-open").click();
  await page.getByTestId("invitation").waitFor();
  await page.keyboard.press("i");
  const inspector = page.getByTestId("inspector");
  await inspector.getByTestId("person-meeting").first().waitFor();
  const who = async () => (await engine.rpc("person.get", { source, handle: meeting.organizer.handle, name: meeting.organizer.name })).meetings;
  const place = (await who()).filter((one) => one.can_answer).findIndex((one) => one.meeting.uid === meeting.uid);
  await inspector.getByTestId("rsvp-tentative").nth(place).click();
  await inspector.locator('[data-testid="rsvp-tentative"][aria-pressed="true"]').waitFor();
  await eventually("the engine to know", async () => (await who()).find((one) => one.meeting.uid === meeting.uid).meeting.answer === "tentative");
});
