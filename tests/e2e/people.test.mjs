// Everybody in one list: found, opened, joined and parted again, by keyboard alone.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { eventually, windowTest } from "./harness.mjs";

for (const size of [[1280, 800], [800, 700]]) {
  windowTest(`somebody is found among everybody and their conversations open, at ${size[0]} wide`, { size }, async ({ page, engine }) => {
    const everybody = await engine.rpc("people.list", {});
    assert.ok(everybody.total > 20 && everybody.people.length === everybody.total);
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    await page.getByTestId("person-row").first().waitFor();
    await eventually("everybody", async () => (await page.getByTestId("person-row").count()) === everybody.total);

    await page.getByTestId("people-find").fill("dara");
    await eventually("only those of that name", async () => (await page.getByTestId("person-row").count()) < 4);
    const row = page.getByTestId("person-row").filter({ hasText: "Dara O'Neill" }).first();
    await row.focus();
    await page.keyboard.press("Enter");
    const one = page.getByTestId("person-page");
    await one.getByTestId("person-name").getByText("Dara O'Neill").waitFor();
    const thread = one.getByTestId("person-thread").first();
    await thread.focus();
    await page.keyboard.press("Enter");
    await page.getByTestId("reader-item").first().waitFor();

    // Where there is room for one of them, whom one looked at is still there.
    await page.keyboard.press("g");
    await page.keyboard.press("p");
    if (size[0] < 860) await page.getByTestId("people-back").click();
    await page.getByTestId("people-find").fill("nobody of this name");
    await page.getByText("Nobody of that name").waitFor();
  });
}

windowTest("what looks like the same person is joined on request, and parted again", {}, async ({ page, engine }) => {
  const find = async (query) => (await engine.rpc("people.list", { query })).people;
  const [dara] = await find("dara");
  const apart = (await find("dara")).length;
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  await page.getByTestId("people-find").fill("dara");
  // By their address: everybody stands there until the engine has answered, and two have this name.
  await page.getByTestId("person-row").filter({ hasText: dara.party.handle }).click();
  const one = page.getByTestId("person-page");
  await one.getByTestId("person-name").getByText("Dara O'Neill").waitFor();
  await one.getByText(dara.party.handle, { exact: true }).first().waitFor();
  await page.getByTestId("person-maybe").first().waitFor();
  const offered = await page.getByTestId("person-maybe").count();
  await page.getByTestId("person-join").first().click();
  await page.getByTestId("toast").getByText("belongs to this person").waitFor();
  await page.getByTestId("person-part").waitFor();
  assert.equal((await find("dara")).length, apart - 1);
  await eventually("one offer less", async () => (await page.getByTestId("person-maybe").count()) === offered - 1);
  const joined = await engine.rpc("person.get", { source: dara.source, handle: dara.party.handle, name: dara.party.name });
  assert.ok(joined.identities.some((one) => one.likeness === "joined"));

  await page.getByTestId("person-part").first().click();
  await eventually("both to be people of their own", async () => (await find("dara")).length === apart);
  await eventually("the offer again", async () => (await page.getByTestId("person-maybe").count()) === offered);
  await page.getByTestId("person-apart").first().click();
  await eventually("the offer to be gone", async () => (await page.getByTestId("person-maybe").count()) === offered - 1);
  await page.getByTestId("toast").filter({ hasText: "is somebody else" }).getByTestId("toast-undo").click();
  await eventually("the offer to be back", async () => (await page.getByTestId("person-maybe").count()) === offered);
});

windowTest("an address book is read in the window, and whoever matters is marked", {}, async ({ page, engine }) => {
  const path = join(engine.dir, "book.vcf");
  await writeFile(path, "BEGIN:VCARD\nVERSION:3.0\nFN:Zoë Unheard\nEMAIL:zoe@quiet.example\nEND:VCARD\nBEGIN:VCARD\nFN:Torn\n");
  await page.getByTestId("nav-accounts").click();
  await page.locator("p.import button").click();
  await page.getByTestId("import-paths").fill(path);
  await page.getByTestId("import-start").click();
  await page.getByTestId("import-contacts").getByText("1 new").waitFor();
  await page.getByText("Card 2 has no end").waitFor();

  await page.getByTestId("nav-people").click();
  await page.getByTestId("people-find").fill("zoë");
  await eventually("the one of the book", async () => (await page.getByTestId("person-row").count()) === 1);
  await page.getByTestId("person-row").click();
  await page.getByTestId("person-name").getByText("Zoë Unheard").waitFor();
  const star = page.getByTestId("person-vip");
  await star.click();
  await eventually("it to be kept", async () => (await engine.rpc("person.get", { handle: "zoe@quiet.example" })).vip);
  await eventually("it to be shown", async () => (await star.getAttribute("aria-pressed")) === "true");
});

windowTest("whoever takes long to come has a place held, and one who cannot be read can be asked for again", {}, async ({ page, engine }) => {
  let go;
  const waiting = new Promise((resolve) => (go = resolve));
  await page.route("**/rpc/person.get", async (route) => {
    await waiting;
    await route.fulfill({ status: 500, json: { error: { code: "failed", message: "The disk is full: make room on it." } } });
  });
  await page.getByTestId("nav-people").click();
  const one = page.getByTestId("person-page");
  await one.getByTestId("skeleton").waitFor();
  assert.equal(await one.getAttribute("aria-busy"), "true");
  go();
  await one.getByRole("alert").getByText("The disk is full").waitFor();
  assert.equal(await one.getByTestId("skeleton").count(), 0);
  await page.unroute("**/rpc/person.get");
  await one.getByRole("button", { name: "Try again" }).click();
  const [first] = (await engine.rpc("people.list", {})).people;
  await one.getByTestId("person-name").getByText(first.party.name ?? first.party.handle).first().waitFor();
});
