import { describe, expect, it } from "vitest";

import type { Notice } from "../host";
import { inWords } from "./notices";

const mail: Notice = {
  id: "t1", version: 3, thread: "t1", source: "s1", source_type: "imap", from: { name: "Ana Ferreira", handle: "ana@lumen.example" },
  title: "Deck for Friday", text: "", items: 1, conversations: 1, silent: false, digest: null,
};

describe("a notice", () => {
  it("names the sender and the subject, and what can be done", () => {
    const shown = inWords(mail, "Work");
    expect([shown.title, shown.body]).toEqual(["Ana Ferreira", "Deck for Friday"]);
    expect(shown.actions.map((action) => action.id)).toEqual(["reply", "archive", "snooze"]);
    expect(inWords({ ...mail, title: "" }, "Work").body).toBe("No subject");
  });

  it("says how many more there are", () => {
    expect(inWords({ ...mail, items: 3 }, "Work").body).toBe("Deck for Friday (and 2 more)");
  });

  it("names the room of a chat, and what was said in it", () => {
    const chat = { ...mail, title: "Kitchen", text: "The oak is here" };
    expect(inWords(chat, "Slack")).toMatchObject({ title: "Ana Ferreira in Kitchen", body: "The oak is here" });
    expect(inWords({ ...chat, title: "Ana Ferreira" }, "Slack").title).toBe("Ana Ferreira");
  });

  it("gives nothing away where only the source may be shown", () => {
    const shown = inWords({ ...mail, from: null, title: "", items: 2 }, "Work");
    expect([shown.title, shown.body]).toEqual(["2 new messages", "Work"]);
  });

  it("tells of the day in one notice", () => {
    const digest = { reply: 2, todo: 1, waiting: 0, meetings: 1, cards: [{ who: { name: "Ana Ferreira", handle: "a@b.example" }, sentence: "Can you\nsend it?" }] };
    const shown = inWords({ ...mail, id: "digest", thread: null, source: null, source_type: null, from: null, silent: true, digest }, "");
    expect(shown.title).toBe("Your day");
    expect(shown.body.split("\n")).toEqual(["2 answers · 1 to do · 1 meeting", "Ana Ferreira: Can you send it?"]);
    expect(shown).toMatchObject({ silent: true, actions: [] });
  });

  it("sums up, without buttons that could not say what they act on", () => {
    const shown = inWords({ ...mail, id: "summary", thread: null, source: null, source_type: null, from: null, title: "", conversations: 4 }, "");
    expect(shown).toMatchObject({ title: "New messages in 4 more conversations", actions: [] });
  });

  it("says that something came, and no more, while the window is locked", () => {
    const locked = { ...mail, id: "locked", thread: null, source: null, source_type: null, from: null, title: "", items: 3, conversations: 2 };
    expect(inWords(locked, "Work")).toEqual({ id: "locked", version: 3, silent: false, title: "New message", body: "", actions: [] });
  });
});
