import { describe, expect, it } from "vitest";

import { parseMailto } from "./mailto";

const nothing = { to: [], cc: [], subject: "", body: "" };

describe("a mailto link", () => {
  it("gives recipients, subject and text", () => {
    expect(parseMailto("mailto:ana@example.org,tom%C3%A1%C5%A1@example.org?cc=mei@example.org&subject=On%20Friday&body=Dear%20Ana%2C%0D%0A%0D%0A1+1=2")).toEqual({
      to: ["ana@example.org", "tomáš@example.org"],
      cc: ["mei@example.org"],
      subject: "On Friday",
      body: "Dear Ana,\n\n1+1=2",
    });
  });

  it("takes names of fields in any case, more recipients from a field, and each once", () => {
    expect(parseMailto("MAILTO:?TO=ana@example.org&to=ana@example.org,bo@example.org&Cc=bo@example.org,cy@example.org")).toEqual({
      ...nothing,
      to: ["ana@example.org", "bo@example.org"],
      cc: ["cy@example.org"],
    });
  });

  it("never attaches, copies blindly, or sets another header", () => {
    const link = "mailto:ana@example.org?attach=/etc/passwd&attachment=file:///etc/passwd&bcc=spy@example.org&from=boss@example.org&in-reply-to=%3Cx@y%3E";
    expect(parseMailto(link)).toEqual({ ...nothing, to: ["ana@example.org"] });
  });

  it("lets no line of a header in through subject or address", () => {
    const parsed = parseMailto("mailto:ana@example.org%0D%0ABcc:spy@example.org?subject=Hello%0D%0ABcc:%20spy@example.org");
    expect(parsed).toEqual({ ...nothing, subject: "Hello Bcc: spy@example.org" });
    expect(parseMailto("mailto:%22a%22@b,c@d%00e,x y@z,Ana%20%3Cana@example.org%3E")?.to).toEqual([]);
  });

  it("survives what is broken or huge", () => {
    expect(parseMailto("mailto:")).toEqual(nothing);
    expect(parseMailto("mailto:?&&=&subject")).toEqual(nothing);
    expect(parseMailto("mailto:ana@example.org?subject=100%&body=%E0%A4%A")?.subject).toBe("100%");
    expect(parseMailto("https://example.org/mailto:ana@example.org")).toBeNull();
    const many = Array.from({ length: 500 }, (_, i) => `p${i}@example.org`).join(",");
    expect(parseMailto(`mailto:${many}`)?.to).toHaveLength(200);
    expect(parseMailto(`mailto:a@b.c?subject=${"x".repeat(5000)}`)?.subject).toHaveLength(1000);
    expect((parseMailto(`mailto:a@b.c?body=${"x".repeat(10_000_000)}`)?.body ?? "").length).toBeLessThan(100_001);
  });

  it("takes a comma that is written out as part of an address, not as the next one", () => {
    expect(parseMailto("mailto:a%2Cb@example.org")?.to).toEqual([]);
    expect(parseMailto("mailto:gorby%25kremvax@example.com")?.to).toEqual(["gorby%kremvax@example.com"]);
  });
});
