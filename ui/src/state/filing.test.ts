import { describe, expect, it } from "vitest";

import type { ScopeRole, ScopeView, SourceView } from "../host";
import { choicesOf, type Filed } from "./filing";

const source = (id: string, labels: boolean, move_items = true) => ({ id, capabilities: { labels, move_items } }) as SourceView;
const SOURCES = [source("g", true), source("o", false), source("w", false, false)];
const scope = (id: string, of: string, name: string, role: ScopeRole = "other"): ScopeView => ({ id, source: of, name, role, kept: false });
const SCOPES = [
  scope("g0", "g", "Inbox", "inbox"),
  scope("g1", "g", "Private/Travel"),
  scope("g2", "g", "Réceipts"),
  scope("o0", "o", "Inbox", "inbox"),
  scope("o1", "o", "Suppliers"),
  scope("o2", "o", "Travel notes"),
  scope("o3", "o", "Sent Items", "sent"),
];
const row = (id: string, of: string, labels: string[] = []): Filed => ({ id, source: of, labels });

const names = (rows: Filed[], text = "", recent: string[] = []) => choicesOf(rows, SOURCES, SCOPES, text, recent).map((one) => `${one.source}:${one.name}${one.scope ? "" : "+"}`);

describe("choicesOf", () => {
  it("offers labels of one account and folders of the other, each for its own conversations", () => {
    const choices = choicesOf([row("1", "g", ["Réceipts"]), row("2", "g"), row("3", "o")], SOURCES, SCOPES, "", []);
    expect(choices.map((one) => one.key)).toEqual(["o0", "g1", "g2", "o1", "o2"]);
    expect(choices.find((one) => one.key === "g2")).toMatchObject({ label: true, has: "some", ids: ["1", "2"] });
    expect(choices.find((one) => one.key === "o1")).toMatchObject({ label: false, has: "none", ids: ["3"] });
  });

  it("offers folders and labels where an account has both, and makes folders", () => {
    const sources = [source("m", true)];
    const scopes = [scope("m0", "m", "Inbox", "inbox"), scope("m1", "m", "Travel"), scope("m2", "m", "Red", "label")];
    const choices = choicesOf([row("1", "m", ["Red"])], sources, scopes, "", []);
    expect(choices.map((one) => [one.key, one.label, one.has])).toEqual([
      ["m0", false, "none"],
      ["m2", true, "all"],
      ["m1", false, "none"],
    ]);
    expect(choicesOf([row("1", "m")], sources, scopes, "New", []).at(-1)).toMatchObject({ scope: null, label: false });
  });

  it("has nothing for what cannot be filed", () => {
    expect(names([row("1", "w")], "trav")).toEqual([]);
  });

  it("puts what was used last first, and what was typed before all", () => {
    expect(names([row("1", "o")], "", ["o2", "o1"])).toEqual(["o:Travel notes", "o:Suppliers", "o:Inbox"]);
    expect(names([row("1", "g")], "trav")).toEqual(["g:Private/Travel", "g:trav+"]);
    expect(names([row("1", "g")], "priv tra")).toEqual(["g:Private/Travel", "g:priv tra+"]);
  });

  it("makes what there is not, in every account that can, and never twice the same", () => {
    expect(names([row("1", "g"), row("2", "o"), row("3", "w")], " Work / 2026 /")).toEqual(["g:Work/2026+", "o:Work/2026+"]);
    expect(names([row("1", "g")], "receipts")).toEqual(["g:Réceipts"]);
    expect(names([row("1", "g")], " / ")).toEqual(["g:Private/Travel", "g:Réceipts"]);
  });
});
