import { describe, expect, it } from "vitest";

import type { Suggested } from "../../host";

import { emptyForm, faults, protectedBy, suggested, toParams, type Form } from "./settings";

const whole: Form = { ...emptyForm(), address: "maya@posteo.example", password: "x", imapHost: "imap.posteo.example", smtpHost: "smtp.posteo.example" };

const guess: Suggested = {
  config: {
    address: "maya@posteo.example", display_name: null, user: null, tls: "starttls", auth: "password", oauth: null, ca: null,
    imap: { host: "imap.posteo.example", port: 143 }, smtp: { host: "smtp.posteo.example", port: 587 },
  },
  provider: null, advice: null, help_url: null,
};

describe("a guess", () => {
  it("fills what nobody touched, and nothing else", () => {
    const form = suggested({ ...whole, imapHost: "mine.example" }, new Set(["imapHost"]), guess);
    expect(form).toMatchObject({ imapHost: "mine.example", imapPort: "143", smtpHost: "smtp.posteo.example", smtpPort: "587", tls: "starttls", password: "x" });
  });
});

describe("what is wrong", () => {
  it("is nothing in a whole form", () => {
    expect(faults(whole)).toEqual({});
  });
  it("is named at its field", () => {
    expect(Object.keys(faults(emptyForm())).sort()).toEqual(["address", "imapHost", "password"]);
    expect(faults({ ...whole, address: "maya" }).address).toMatch(/name@example/u);
    for (const port of ["", "0", "65536", "abc", "-1", "1e3"]) expect(faults({ ...whole, imapPort: port }).imapPort, port).toBeDefined();
    expect(faults({ ...whole, smtpHost: "", smtpPort: "" })).toEqual({});
  });
  it("is a server elsewhere without TLS", () => {
    expect(faults({ ...whole, tls: "loopback-plain" })).toHaveProperty("imapHost");
    expect(faults({ ...whole, tls: "loopback-plain", imapHost: "127.0.0.1", smtpHost: "localhost" })).toEqual({});
    expect(faults({ ...whole, tls: "loopback-plain", imapHost: "::1", smtpHost: "mail.example" })).toHaveProperty("smtpHost");
  });
});

it("moves the usual ports with the protection, and leaves unusual ones", () => {
  expect(protectedBy({ ...whole, tls: "starttls" }, "implicit")).toMatchObject({ imapPort: "143", smtpPort: "587" });
  expect(protectedBy({ ...whole, tls: "starttls", imapPort: "10993" }, "implicit")).toMatchObject({ imapPort: "10993", smtpPort: "587" });
});

it("hands the engine trimmed settings, and no sending server when there is none", () => {
  const { config, password } = toParams({ ...whole, address: " maya@posteo.example ", smtpHost: " ", name: " Maya ", ca: "" });
  expect(config).toEqual({
    address: "maya@posteo.example", display_name: "Maya", user: null, imap: { host: "imap.posteo.example", port: 993 },
    smtp: null, tls: "implicit", auth: "password", oauth: null, ca: null,
  });
  expect(password).toBe("x");
});
