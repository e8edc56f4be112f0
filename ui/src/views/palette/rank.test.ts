import { describe, expect, it } from "vitest";

import { MOST, rank, together } from "./rank";

const entries = ["Archive", "Reply", "Reply to all", "Search", "Go to the archive", "Schriftgröße", "検索を開く", "Поиск"].map((label) => ({ id: label, label }));
const found = (query: string, recent: string[] = []) => rank(entries, query, recent).map((entry) => entry.label);

describe("rank", () => {
  it("shows everything when nothing is typed, what was used lately first", () => {
    expect(found("", ["Search", "Reply"]).slice(0, 3)).toEqual(["Search", "Reply", "Archive"]);
    expect(found("  ")).toHaveLength(entries.length);
  });

  it("finds by beginnings, by letters left out, by words in any order", () => {
    expect(found("arch")[0]).toBe("Archive");
    expect(found("rpl")).toEqual(["Reply", "Reply to all"]);
    expect(found("all reply")).toEqual(["Reply to all"]);
    expect(found("archive go")).toEqual(["Go to the archive"]);
    expect(found("zzz")).toEqual([]);
  });

  it("knows other scripts, and letters without their marks", () => {
    expect(found("schriftgrosse")).toEqual(["Schriftgröße"]);
    expect(found("検索")).toEqual(["検索を開く"]);
    expect(found("поис")).toEqual(["Поиск"]);
  });

  it("puts what was used lately before what fits as well", () => {
    expect(found("reply", ["Reply to all"])).toEqual(["Reply to all", "Reply"]);
  });

  it("puts names before what else is said of a thing", () => {
    const two = [{ id: "a", label: "Theme", hint: "Dark on light" }, { id: "b", label: "Theme: Dark" }];
    expect(rank(two, "dark", []).map((entry) => entry.id)).toEqual(["b", "a"]);
  });

  it("takes any text and never shows more than fit", () => {
    const many = Array.from({ length: 5000 }, (_, i) => ({ id: String(i), label: `Person number ${i}` }));
    expect(rank(many, "person", [])).toHaveLength(MOST);
    expect(rank([...many, { id: "x", label: "Undo" }], "n", [])).toHaveLength(MOST);
    expect(rank([...many.map((one) => ({ ...one, label: `An ${one.label}` })), { id: "x", label: "Number" }], "n", [])[0]?.id).toBe("x");
    for (const text of ["(", "\\", "###", "a".repeat(5000), "\u202e", "😀"]) expect(Array.isArray(rank(many.slice(0, 50), text, []))).toBe(true);
  });
});

describe("people among commands", () => {
  const commands = Array.from({ length: 80 }, (_, i) => ({ id: `command:${i}`, label: `Do a thing with land ${i}`, hint: "" }));
  const ana = { id: "person:ana@x.example", label: "Ana Ferreira", hint: "ana@x.example" };
  const ids = (query: string, recent: string[] = []) => together(commands, [ana], query, recent).map((entry) => entry.id);

  it("stand where they fit, not behind sixty commands", () => {
    expect(ids("an").indexOf(ana.id)).toBeLessThan(8);
    expect(ids("an", [ana.id])[0]).toBe(ana.id);
  });
  it("stay when the engine knows them by something else, once", () => {
    expect(ids("lumen").filter((id) => id === ana.id)).toEqual([ana.id]);
    expect(together([ana], [ana], "ana", [])).toEqual([ana]);
  });
});
