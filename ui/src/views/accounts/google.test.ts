import { describe, expect, it, vi } from "vitest";

import { useHost, type Host } from "../../host";
import { GoogleWizard } from "./google.svelte";

const OAUTH = { provider: "google", client_id: "", authorize_url: "https://accounts.example/auth", token_url: "https://accounts.example/token", scopes: [] };
const CONFIG = { platform: "imap", address: "", display_name: null, user: null, auth: "xoauth2", tls: "implicit", imap: { host: "imap.gmail.com", port: 993 }, smtp: { host: "smtp.gmail.com", port: 465 }, ca: null, oauth: OAUTH };

/** An engine that says Google's addresses when it is let, and what it was asked. */
function engine() {
  const asked: [string, unknown][] = [];
  let answer = () => {};
  const addresses = new Promise<void>((resolve) => (answer = resolve));
  const call = vi.fn(async (name: string, params: unknown) => {
    asked.push([name, params]);
    if (name !== "accounts.provider") throw Object.assign(new Error("x"), { code: "failed" });
    await addresses;
    return { config: CONFIG, guide: "https://guide.example/", sources: [], authority: null };
  });
  useHost({ call } as unknown as Host);
  return { asked, answer };
}

describe("a Google account whose addresses are on their way", () => {
  it("keeps what is typed meanwhile", async () => {
    const { answer } = engine();
    const work = new GoogleWizard();
    const loaded = work.load();
    work.app.clientId = "mine";
    work.form.imapHost = "mail.example";
    work.touch("imapHost");
    answer();
    await loaded;
    expect([work.app.clientId, work.form.imapHost, work.form.smtpHost]).toEqual(["mine", "mail.example", "smtp.gmail.com"]);
    expect(work.app.tokenUrl).toBe(OAUTH.token_url);
  });

  it("signs in once they are here, although it was asked to before", async () => {
    const { asked, answer } = engine();
    const work = new GoogleWizard();
    void work.load();
    work.app.clientId = "mine";
    const signed = work.signIn();
    answer();
    await signed;
    expect(asked.map(([name]) => name)).toEqual(["accounts.provider", "signin.begin"]);
    expect(asked[1]?.[1]).toMatchObject({ config: { oauth: { client_id: "mine" } } });
  });
});
