/**
 * What the source says: every message is used, nothing a person sees or hears stands outside the
 * catalogues, and nothing is laid out for one direction of writing only. What people see or hear is
 * told by its looks: text between tags, text in attributes that are shown or read out, and in code
 * whatever is a sentence or begins with a capital letter.
 */
import { readFileSync } from "node:fs";

import { FluentResource } from "@fluent/bundle";
import ArrowLeft from "@lucide/svelte/icons/arrow-left";
import { render } from "@testing-library/svelte";
import { parse } from "svelte/compiler";
import { expect, it } from "vitest";

import english from "./en.ftl?raw";

const FILES = Object.entries(
  import.meta.glob<string>(["../**/*.{svelte,ts}", "!../**/*.test.ts", "!../test-setup.ts", "!../host/gen/**", "!../host/mock*.ts", "!./messages.ts"], {
    query: "?raw",
    import: "default",
    eager: true,
  }),
);

// Read by hand: the test runner empties style sheets.
const SHEETS = Object.keys(import.meta.glob("../**/*.css")).map((path) => [path, readFileSync(`src/strings/${path}`, "utf8")] as const);

/** Names, addresses and other texts that are the same in every language. */
const SAME = new Set([
  "Inlet", "English", "Deutsch", "Gmail", "Outlook", "WhatsApp", "Teams", "Slack", "OneNote", "GitHub", "Jira",
  "name@example.org", "imap.example.org", "smtp.example.org", "/path/to/ca.pem", "/home/me/Mail", 'label:"other (not focused)"',
]);

/** Words of the platform, not of a person: keys, headers, kinds of data, classes of errors. */
const PLATFORM = /^((Ctrl\+)?(Mod|Shift)(\+\w+)*|Ctrl|Mod\+,?|Control|Alt|AltGraph|Meta|CapsLock|Dead|Process|Unidentified|Insert|Space|F3|Page(Up|Down)|Arrow(Up|Down|Left|Right)|Enter|Escape|Tab|Backspace|Delete|Home|End|Files|Failure|Bearer \$\{\})$/u;

/** Attributes whose text is shown or read out. */
const SHOWN = new Set(["alt", "aria-description", "aria-label", "aria-roledescription", "aria-valuetext", "hint", "label", "placeholder", "text", "title"]);

type Node = { type: string; start?: number; [key: string]: unknown };

/** The tree of a component, or of a module as the script of one. */
function treeOf(path: string, source: string): Node {
  const whole = path.endsWith(".svelte") ? source : `<script lang="ts">${source}</script>`;
  return parse(whole, { modern: true }) as unknown as Node;
}

function children(node: Node): [key: string, child: Node][] {
  return Object.entries(node).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).filter((one): one is Node => typeof one === "object" && one !== null && typeof (one as Node).type === "string").map((one): [string, Node] => [key, one]),
  );
}

/** Text of a literal or template, its holes left out; `null` for anything else. */
function textOf(node: Node): string | null {
  if (node.type === "Literal") return typeof node["value"] === "string" ? node["value"] : null;
  if (node.type !== "TemplateLiteral") return null;
  return (node["quasis"] as { value: { cooked: string } }[]).map((quasi) => quasi.value.cooked).join("${}");
}

const hasWord = (text: string) => /\p{L}{2,}/u.test(text.replaceAll("${}", ""));
const isSpeech = (text: string) => /^\W*\p{Lu}\p{Ll}/u.test(text) || /\p{L}{2,},? \p{L}{2,}/u.test(text);

/** What says nothing to people by its place: imports, styles, types, and what only developers read. */
function skipped(node: Node): boolean {
  if (/^(Import|ExportAll|StyleSheet|StyleDirective)/u.test(node.type)) return true;
  if (node.type.startsWith("TS") && !["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression"].includes(node.type)) return true;
  // A plain Error is thrown at whoever made a mistake in the program; people are told by a Failure.
  const thrown = node.type === "ThrowStatement" ? (node["argument"] as Node)["callee"] : undefined;
  return (thrown as Node | undefined)?.["name"] === "Error";
}

function literals(node: Node, found: string[] = []): string[] {
  if (skipped(node)) return found;
  const text = textOf(node);
  if (node.type === "Text") {
    if (hasWord(String(node["data"]))) found.push(String(node["data"]).trim());
  } else if (node.type === "Attribute") {
    const shown = SHOWN.has(String(node["name"]));
    for (const [, part] of children(node)) {
      if (part.type !== "Text") literals(part, found);
      else if (shown && hasWord(String(part["data"]))) found.push(String(part["data"]));
    }
    return found;
  } else if (text !== null && isSpeech(text)) {
    found.push(text);
  }
  for (const [place, child] of children(node)) {
    if (node.type !== "Property" || place !== "key") literals(child, found);
  }
  return found;
}

/** What stands as the name of a message: in a call of `t` or `pieces`, or on a `Sentence`. */
function names(node: Node, found: RegExp[] = [], within = false): RegExp[] {
  const text = within ? textOf(node) : null;
  if (text !== null) found.push(new RegExp(`^${text.replaceAll("${}", "[\\w-]*")}$`, "u"));
  if (within && node.type === "TemplateLiteral") return found;
  const call = node.type === "CallExpression" && ["t", "pieces"].includes(String((node["callee"] as Node)["name"]));
  for (const [key, child] of children(node)) {
    const first = call && key === "arguments" && child === (node["arguments"] as Node[])[0];
    const sentence = node.type === "Component" && node["name"] === "Sentence" && child["name"] === "id";
    if (sentence) found.push(new RegExp(`^${String((child["value"] as Node[])[0]?.["data"])}$`, "u"));
    names(child, found, first || (within && key !== "test"));
  }
  return found;
}

it("uses every message", () => {
  const used = FILES.flatMap(([path, source]) => names(treeOf(path, source)));
  const ids = new FluentResource(english).body.map((message) => message.id);
  expect(ids.filter((id) => !used.some((name) => name.test(id)))).toEqual([]);
});

it.each(FILES)("says everything by a message: %s", (path, source) => {
  expect(literals(treeOf(path, source)).filter((text) => !SAME.has(text) && !PLATFORM.test(text))).toEqual([]);
});

it("notices what stands outside the catalogues", () => {
  const said = (source: string) => literals(treeOf("x.svelte", source));
  expect(said("<p>Hello</p>")).toEqual(["Hello"]);
  expect(said('<button aria-label="close it">x</button><Button title="Go" variant="plain" />')).toEqual(["close it", "Go"]);
  expect(said('<p title="From {who}">{busy ? "Saving" : t("save")}</p>')).toEqual(["From ", "Saving"]);
  expect(said('<script lang="ts">const word: "Big" = say(`${n} rows are left`);</script>')).toEqual(["${} rows are left"]);
  expect(said("<p class='one two'>{t(`state-${state}`)} · {n}</p>")).toEqual([]);
});

it("mirrors every icon that shows a way", () => {
  const used = new Set(FILES.flatMap(([, source]) => [...source.matchAll(/@lucide\/svelte\/icons\/([\w-]+)/gu)].map((icon) => icon[1] ?? "")));
  const directed = [...used].filter((name) => /^(arrow|chevron)-(left|right)|^(folder-input|forward|redo|reply|send|undo)(-|$)/u.test(name));
  expect(directed).toContain("reply");
  const base = SHEETS.find(([path]) => path.endsWith("base.css"))?.[1] ?? "";
  expect(directed.filter((name) => !new RegExp(`\\.lucide-${name}[,\\s]`, "u").test(base))).toEqual([]);
  const { container } = render(ArrowLeft);
  expect(container.querySelector("svg")?.classList).toContain("lucide-arrow-left");
});

it("lays the window out by where lines begin and end, not by left and right", () => {
  const sides = /(?:^|[\s;{])(?:(?:margin|padding|border)-(?:left|right)[\w-]*|left|right|float|clear|border-(?:top|bottom)-(?:left|right)-radius)\s*:|text-align:\s*(?:left|right)/mu;
  const uneven = /(?:margin|padding|inset|border-width):\s*(?:\S+|calc\([^;]*\)) (\S+|calc\([^;]*\)) (?:\S+|calc\([^;]*\)) (?!\1;)(?:\S+|calc\([^;]*\));/u;
  const sheets = [...FILES.filter(([path]) => path.endsWith(".svelte")).map(([path, source]) => [path, source.split("<style>")[1] ?? ""] as const), ...SHEETS];
  expect(sheets.filter(([, sheet]) => sides.test(sheet) || uneven.test(sheet)).map(([path]) => path)).toEqual([]);
});
