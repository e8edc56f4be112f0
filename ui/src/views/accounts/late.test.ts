import { beforeEach, expect, it } from "vitest";

import { useHost, type CommandName, type Params, type Result } from "../../host";
import { LateHost } from "../../host/mock-late";

import { HookWizard } from "./hook.svelte";
import { Wizard } from "./wizard.svelte";

/** An engine where every test goes well, in its own time. */
class Testing extends LateHost {
  protected override async answer<K extends CommandName>(name: K, params?: Params<K>): Promise<Result<K>> {
    if (name.startsWith("accounts.test_")) return { ok: true, identity: null, steps: [] } as unknown as Result<K>;
    return super.answer(name, params);
  }
}

let host: Testing;

beforeEach(() => {
  host = new Testing();
  useHost(host);
});

it("a test says nothing of a secret that was typed while it ran", async () => {
  const work = new HookWizard("github");
  work.typed.me = "ana";
  work.typed.secret = "one";
  host.late.add("accounts.test_hook");
  const testing = work.test();
  await Promise.resolve();
  work.typed.secret = "two";
  work.touch();
  host.releaseAll();
  await testing;
  expect([work.check, work.tested, work.busy]).toEqual([null, false, null]);
  await work.test();
  expect(work.tested).toBe(true);
});

it("a test says nothing of a mailbox that was filled in otherwise while it ran", async () => {
  const work = new Wizard();
  Object.assign(work.form, { address: "ana@lumen.example", password: "one", imapHost: "imap.lumen.example" });
  host.late.add("accounts.test_imap");
  const testing = work.test();
  await Promise.resolve();
  work.form.imapHost = "imap.other.example";
  host.releaseAll();
  expect(await testing).toBe(false);
  expect(await work.test()).toBe(true);
});
