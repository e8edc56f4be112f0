import { afterEach, expect, it } from "vitest";

import { useHost } from "../../host";
import { MockHost } from "../../host/mock";
import { status } from "../../state/status.svelte";
import { ui } from "../../state/ui.svelte";
import { atHand } from "./providers";

afterEach(() => {
  status.value = null;
  ui.screen = "list";
});

it("offers every source, also a channel that only sends, which has no list", async () => {
  const host = new MockHost();
  useHost(host);
  const made = await host.call("status");
  const [account] = made.accounts;
  const [mail] = account!.sources;
  const team = { ...mail!, id: "c1", account: "a2", type: "channel" as const, name: "Team", identity: null, capabilities: { ...mail!.capabilities, send_only: true } };
  status.value = { ...made, accounts: [account!, { ...account!, id: "a2", name: "Team", sources: [team] }] };

  const offered = atHand().filter((entry) => entry.id.startsWith("source:"));
  expect(offered.map((entry) => entry.id)).toEqual([...account!.sources.map((source) => `source:${source.id}`), "source:c1"]);
  offered.find((entry) => entry.id === `source:${mail!.id}`)?.run();
  expect([ui.screen, ui.spot.source]).toEqual(["list", mail!.id]);
  offered.find((entry) => entry.id === "source:c1")?.run();
  expect(ui.screen).toBe("accounts");
});
