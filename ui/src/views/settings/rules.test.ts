import { describe, expect, it } from "vitest";

import type { RuleWhen, UserRule } from "../../host";

import { assembled, CONDITIONS, conditionRows, conditionWords, row, type Condition } from "./rules";

const rule = (when: RuleWhen): UserRule => ({ id: "r", name: "r", priority: 100, enabled: true, when, then: {} });

const EACH: Required<RuleWhen> = {
  source: ["gmail"],
  kind: ["mail", "chat"],
  person: ["ana@example.org"],
  to: ["bo"],
  domain: ["example.org"],
  list: ["dev.*", "none"],
  subject: ["invoice, paid"],
  text: ["a=b"],
  attachment: ["*"],
  language: ["de", "other", "none"],
  mentioned: [false],
  urgency: ["today"],
  score: ["60.."],
  state: ["reply", "done"],
  confidence: ["..0.5"],
  meta: { important: ["*"], "header:X-Team": ["a=b", "none"] },
};

describe("conditions of a rule as rows", () => {
  it("are the same conditions again, each kind of them", () => {
    expect(assembled(rule({}), conditionRows(EACH), []).when).toEqual(EACH);
    expect([...CONDITIONS].sort()).toEqual(Object.keys(EACH).sort());
    expect(assembled(rule(EACH), [], []).when).toEqual({});
  });

  it("say what somebody writes as a file would", () => {
    const said = (kind: Condition, value: string) => assembled(rule({}), [row(kind, value)], []).when;
    expect(said("attachment", "false")).toEqual({ attachment: ["none"] });
    expect(said("attachment", " ")).toEqual({ attachment: ["*"] });
    expect(said("list", "true")).toEqual({ list: ["*"] });
    expect(said("text", "true")).toEqual({ text: ["true"] });
    expect(said("meta", "important = false")).toEqual({ meta: { important: ["none"] } });
    expect(said("meta", "label")).toEqual({ meta: { label: ["*"] } });
    expect(said("score", "")).toEqual({});
  });

  it("have words for each value", () => {
    const words = conditionWords(EACH);
    expect(words).toHaveLength(17);
    expect(words).toContain("Written in: German or another language or too short to tell");
    expect(words).toContain("header:X-Team: a=b or none");
  });
});
