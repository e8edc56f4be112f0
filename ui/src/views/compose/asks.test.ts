import { describe, expect, it } from "vitest";

import { asks, missing } from "./asks";
import { announcesFile, bytesOf, tooLarge } from "./files";
import { blank } from "./writing.svelte";

const ana = { name: "Ana", handle: "ana@x.example" };
const mail = { ...blank("new"), to: [ana], subject: "Plan", text: "Hi" };

describe("what is missing", () => {
  it("is a recipient, or a right one, in a mail", () => {
    expect(missing({ ...mail, to: [] }, "mail")).toMatch(/who it goes to/u);
    expect(missing({ ...mail, bcc: [{ name: null, handle: "Ben" }] }, "mail")).toMatch(/Ben/u);
    expect(missing(mail, "mail")).toBeNull();
  });
  it("is a word in a chat", () => {
    expect(missing({ ...blank("reply"), text: " \n" }, "chat")).not.toBeNull();
    expect(missing({ ...blank("reply"), text: "👍" }, "chat")).toBeNull();
  });
});

describe("files that were chosen for another account", () => {
  const file = (name: string, bytes: number) => ({ name, type: "x/y", base64: "AAAA".repeat(bytes / 3) });
  const heavy = { ...mail, attachments: [file("a.bin", 3000), file("b.bin", 3000)] };
  it("are told before sending, each and all together", () => {
    expect(missing(heavy, "mail", 6000)).toBeNull();
    expect(missing(heavy, "mail", 5000)).toMatch(/Together/u);
    expect(missing(heavy, "mail", 2000)).toMatch(/a\.bin/u);
    expect(missing(heavy, "chat", null)).toMatch(/cannot/u);
    expect(missing(mail, "chat", null)).toBeNull();
  });
  it("are left to the engine where the account is not known yet", () => expect(missing(heavy, "mail")).toBeNull());
});

describe("what is asked", () => {
  it("is nothing for an ordinary mail", () => {
    expect(asks(mail, "mail")).toEqual([]);
  });
  it("is about a file that is announced and not there", () => {
    expect(asks({ ...mail, text: "See the attached plan" }, "mail")).toEqual(["attachment"]);
    expect(asks({ ...mail, text: "See the attached plan", attachments: [{ name: "a", type: "b", base64: "" }] }, "mail")).toEqual([]);
    expect(asks({ ...mail, mode: "reply", subject: "Re: Attached: plan", text: "Thanks" }, "mail")).toEqual([]);
  });
  it("is about a reply to more than ten", () => {
    const crowd = Array.from({ length: 11 }, (_, i) => ({ name: null, handle: `p${i}@x.example` }));
    expect(asks({ ...mail, mode: "reply_all", to: crowd }, "mail")).toEqual(["many"]);
    expect(asks({ ...mail, mode: "reply_all", to: crowd.slice(1) }, "mail")).toEqual([]);
    expect(asks({ ...mail, mode: "reply_all", to: crowd.slice(1), cc: crowd.slice(1) }, "mail")).toEqual([]);
  });
  it("is about a new mail to more than ten as well", () => {
    const crowd = Array.from({ length: 200 }, (_, i) => ({ name: null, handle: `p${i}@x.example` }));
    expect(asks({ ...mail, bcc: crowd }, "mail")).toEqual(["many"]);
    expect(asks({ ...mail, mode: "reply", cc: crowd }, "mail")).toEqual([]);
  });
  it("is about strangers, another account and what a template left open, once for each message", () => {
    const around = { elsewhere: true, strangers: [ana] };
    const open = { ...mail, mode: "reply" as const, text: "Dear {first_name}" };
    expect(asks(open, "mail", around)).toEqual(["account", "stranger", "variable"]);
    expect(asks({ ...open, answered: ["stranger", "variable"] }, "mail", around)).toEqual(["account"]);
    expect(asks(open, "chat", around)).toEqual(["variable"]);
  });
  it("is about a file also where there is a picture in the text", () => {
    const picture = { name: "a.png", type: "image/png", base64: "", content_id: "a@inlet" };
    expect(asks({ ...mail, text: "See attached", html: "<p>See attached</p>", attachments: [picture] }, "mail")).toEqual(["attachment"]);
    expect(asks({ ...mail, text: "See attached", attachments: [picture] }, "mail")).toEqual([]);
  });
  it("is about a subject and a text that are not there", () => {
    expect(asks({ ...mail, subject: " ", text: "" }, "mail")).toEqual(["subject", "empty"]);
    expect(asks({ ...mail, mode: "forward", text: "" }, "mail")).toEqual([]);
  });
});

it("hears of files in several languages, and not in a quote or a longer word", () => {
  for (const text of ["I attached it", "see attachment.", "Im Anhang die Liste", "Anbei der Plan", "die beigefügten Fotos", "I will attach it", "en pièce jointe", "te adjunto", "in allegato: allegati", "資料を添付します"]) {
    expect(announcesFile(text), text).toBe(true);
  }
  for (const text of ["", "> see the attached plan", "I am fond of you", "attache case", "unattached"]) {
    expect(announcesFile(text), text).toBe(false);
  }
});

describe("files", () => {
  it("counts the bytes base64 stands for", () => {
    for (const text of ["", "a", "ab", "abc", "abcd"]) {
      expect(bytesOf({ name: "x", type: "y", base64: btoa(text) })).toBe(text.length);
    }
  });
  it("says which file is too large, and what to do", () => {
    expect(tooLarge([{ name: "film.mov", size: 30e6 }], 0, 25e6)).toMatch(/film\.mov .*30 MB.*25 MB/u);
    expect(tooLarge([{ name: "b", size: 20e6 }], 10e6, 25e6)).toMatch(/Together/u);
    expect(tooLarge([{ name: "b", size: 1 }], 0, null)).toMatch(/cannot/u);
    expect(tooLarge([{ name: "b", size: 25e6 }], 0, 25e6)).toBeNull();
    expect(tooLarge([], 0, null)).toBeNull();
  });
});
