import { FluentBundle, FluentResource } from "@fluent/bundle";
import { describe, expect, it } from "vitest";

import german from "./de.ftl?raw";
import english from "./en.ftl?raw";

/** The names of the variables of every message. */
function variables(source: string): Map<string, string[]> {
  return new Map(new FluentResource(source).body.map((message) => [message.id, [...found(message.value)].sort()]));
}

function found(pattern: unknown, into = new Set<string>()): Set<string> {
  if (typeof pattern !== "object" || pattern === null) return into;
  if ("type" in pattern && pattern.type === "var" && "name" in pattern) into.add(String(pattern.name));
  for (const part of Object.values(pattern)) found(part, into);
  return into;
}

const EN = variables(english);

function typesOf(messages: Map<string, string[]>): string {
  const lines = [...messages].map(([id, names]) => `  "${id}": ${names.map((name) => `"${name}"`).join(" | ") || "never"};`);
  return `// Generated from en.ftl. Do not edit: run the tests with UPDATE_GOLDEN=1.

/** Every message with the names of its variables. */
export interface Messages {
${lines.join("\n")}
}
`;
}

describe.each([["en", english], ["de", german]])("the catalogue %s", (locale, source) => {
  it("is understood whole, and names no message twice", () => {
    // What Fluent cannot read it passes over in silence.
    const begun = source.match(/^-?[a-zA-Z][\w-]* *=/gmu)?.length;
    const bundle = new FluentBundle(locale);
    expect(bundle.addResource(new FluentResource(source))).toEqual([]);
    expect(new FluentResource(source).body).toHaveLength(begun ?? 0);
  });

  it("has the messages of English with the same variables", () => {
    expect(Object.fromEntries(variables(source))).toEqual(Object.fromEntries(EN));
  });

  it("gives a text for every message, whatever the number", () => {
    const bundle = new FluentBundle(locale, { useIsolating: false });
    bundle.addResource(new FluentResource(source));
    for (const [id, names] of EN) {
      for (const number of [0, 1, 2, 5, 1200]) {
        const faults: Error[] = [];
        const pattern = bundle.getMessage(id)?.value ?? "";
        const text = bundle.formatPattern(pattern, Object.fromEntries(names.map((name) => [name, number])), faults);
        expect(faults, id).toEqual([]);
        expect(text.trim(), id).not.toBe("");
      }
    }
  });
});

it("is what the types say", async () => {
  await expect(typesOf(EN)).toMatchFileSnapshot("messages.ts");
});

it("leaves no sentence in English by oversight", () => {
  const sentences = (source: string) => source.split("\n").filter((line) => (line.replace(/^[\w-]+ =|\{[^}]*\}/gu, "").match(/\p{L}{2,}/gu)?.length ?? 0) > 2);
  const original = new Set(sentences(english));
  expect(sentences(german).filter((line) => original.has(line))).toEqual([]);
});
