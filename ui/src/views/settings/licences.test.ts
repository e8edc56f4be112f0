import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

import { expect, it } from "vitest";

import all from "virtual:licences";

const named = (kind: string) => all.parts.filter((part) => part.kind === kind);

it("names every package the page is made of", () => {
  const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as { dependencies: Record<string, string> };
  const names = named("page").map((part) => part.name);
  // Svelte is a tool of the build and part of what it builds.
  expect(names).toEqual(expect.arrayContaining([...Object.keys(dependencies), "svelte", "prosemirror-model", "@floating-ui/core"]));
  expect(names).not.toContain("vitest");
});

it("names every crate that cargo says is in the programs", () => {
  const args = ["tree", "--locked", "-p", "inlet", "-p", "inlet-app", "-e", "normal,no-proc-macro", "--prefix", "none", "-f", "{p}"];
  const tree = execFileSync(process.env["CARGO"] ?? "cargo", args, { cwd: "..", encoding: "utf8", maxBuffer: 1 << 26 });
  const lines = [...new Set(tree.split("\n").map((line) => line.replace(" (*)", "").trim()))];
  const crates = lines.filter((line) => line !== "" && !line.includes("(")).map((line) => line.replace(" v", " "));
  expect(crates.length).toBeGreaterThan(200);
  expect(named("engine").map((part) => `${part.name} ${part.version}`)).toEqual(expect.arrayContaining(crates));
});

it("has a licence for everything, and a text for almost all", () => {
  expect(all.parts.filter((part) => part.licence === "")).toEqual([]);
  expect(named("own")[0]?.texts.map((text) => all.texts[text]).join()).toContain("Permission is hereby granted");
  expect(named("fonts").map((part) => part.name)).toEqual(["Adobe CMap resources", "Foxit fonts", "Liberation Sans"]);
  expect(named("fonts").every((part) => (all.texts[part.texts[0] ?? -1] ?? "").includes("opyright"))).toBe(true);
  const without = all.parts.filter((part) => part.texts.length === 0);
  expect(without.length / all.parts.length).toBeLessThan(0.1);
  expect(all.parts.flatMap((part) => part.texts).every((text) => all.texts[text] !== undefined)).toBe(true);
});
