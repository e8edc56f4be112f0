import { beforeEach, expect, it } from "vitest";

import { useHost, type MicrosoftConfig, type Params, type ProviderView } from "../../host";
import { MockHost } from "../../host/mock";

import { KINDS } from "./kinds";
import { MicrosoftWizard } from "./microsoft.svelte";

let host: MockHost;

function view(authority: string, tenant: string): ProviderView {
  const base = `${authority}/${tenant}/oauth2/v2.0`;
  const oauth = { authorize_url: `${base}/authorize`, token_url: `${base}/token`, device_url: `${base}/devicecode`, client_id: "set", scopes: [], subject: null, port: null };
  const api_root = authority.endsWith(".us") ? "https://graph.microsoft.us/v1.0" : "https://graph.microsoft.com/v1.0";
  const config: MicrosoftConfig = { oauth, api_root, address: null, sources: ["outlook"], channels: false };
  return { config: { platform: "microsoft", ...config }, guide: "https://guide.example", authority: { host: authority, tenant }, sources: ["outlook", "teams", "slack"] };
}

beforeEach(() => {
  host = new MockHost();
  const call = host.call.bind(host);
  host.call = (async (name: string, params: unknown) => {
    if (name !== "accounts.provider") return call(name as "status", params as Params<"status">);
    host.calls.push({ name, params });
    const { authority, tenant } = params as Params<"accounts.provider">;
    return view(authority || "https://login.microsoftonline.com", tenant || "common");
  }) as MockHost["call"];
  useHost(host);
});

it("starts from the settings, and offers what the engine can read and the window has words for", async () => {
  const work = new MicrosoftWizard();
  await work.load();
  expect([work.clientId, work.host, work.tenant, work.apiRoot]).toEqual(["set", "https://login.microsoftonline.com", "common", "https://graph.microsoft.com/v1.0"]);
  expect(work.offered).toEqual(["outlook", "teams"]);
  await work.load();
  expect(host.calls.filter((one) => one.name === "accounts.provider")).toHaveLength(1);
});

it("follows another cloud, and leaves what was typed", async () => {
  const work = new MicrosoftWizard();
  await work.load();
  work.clientId = "mine";
  work.host = "https://login.microsoftonline.us";
  await work.load();
  expect([work.clientId, work.apiRoot]).toEqual(["mine", "https://graph.microsoft.us/v1.0"]);
  work.apiRoot = "https://dod-graph.microsoft.us/v1.0";
  work.tenant = "navy.example";
  await work.load();
  expect(work.config()).toMatchObject({
    api_root: "https://dod-graph.microsoft.us/v1.0",
    oauth: { client_id: "mine", token_url: "https://login.microsoftonline.us/navy.example/oauth2/v2.0/token" },
  });
});

it("asks for channels only with Teams", async () => {
  const work = new MicrosoftWizard();
  await work.load();
  work.switch("teams", true);
  work.channels = true;
  expect(work.config()).toMatchObject({ sources: ["outlook", "teams"], channels: true });
  work.switch("teams", false);
  expect(work.config()).toMatchObject({ sources: ["outlook"], channels: false });
});

it("begins a new connection after the last was made, and else goes on", () => {
  for (const kind of KINDS) expect(kind.work(), kind.id).toBe(kind.work());
  expect(new Set(KINDS.map((kind) => kind.id)).size).toBe(KINDS.length);
});
