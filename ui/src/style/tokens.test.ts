/** The high-contrast tokens keep what they promise: WCAG 2.2 AAA for text, 3:1 for edges one needs. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { expect, it } from "vitest";

// Read as a file: style sheets are left out of what tests import.
const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");

type Tokens = Record<string, string>;

/** The tokens of the rules with exactly these selectors, later ones over earlier ones. */
function tokensOf(...selectors: string[]): Tokens {
  const found: Tokens = {};
  for (const [, selector = "", body = ""] of css.replace(/\/\*.*?\*\//gsu, "").matchAll(/([^{}]+)\{([^{}]*)\}/gu)) {
    if (!selectors.includes(selector.trim())) continue;
    for (const [, name = "", value = ""] of body.matchAll(/--([\w-]+):\s*([^;]+);/gu)) found[name] = value;
  }
  return found;
}

/** Relative luminance (WCAG 2.2, "relative luminance"). */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

const GROUNDS = ["bg", "surface", "sunken", "raised", "hover", "selected", "accent-soft", "bubble", "bubble-mine", "info-soft", "mark"];
const INKS = ["text", "text-2", "text-3", "accent"];
const PAIRS = [
  ...GROUNDS.flatMap((ground) => INKS.map((ink) => [ink, ground])),
  ...["danger", "warn", "ok", "star", ...["gmail", "outlook", "imap", "whatsapp", "teams", "slack", "onenote", "files"].map((one) => `src-${one}`)].flatMap((ink) =>
    ["bg", "surface", "sunken", "hover", "selected"].map((ground) => [ink, ground]),
  ),
  ["danger", "danger-soft"], ["text", "danger-soft"], ["warn", "warn-soft"], ["text", "warn-soft"], ["ok", "ok-soft"], ["accent-text", "accent"], ["accent-text", "accent-hover"],
];

it.each([
  ["light", tokensOf(":root", ':root[data-contrast="high"]')],
  ["dark", tokensOf(":root", ':root[data-theme="dark"]', ':root[data-contrast="high"]', ':root[data-contrast="high"][data-theme="dark"]')],
])("has text of seven to one on every ground, %s", (_, tokens) => {
  const weak = PAIRS.map(([ink = "", ground = ""]) => [ink, ground, ratio(tokens[ink] ?? "", tokens[ground] ?? "")] as const).filter(([, , found]) => !(found >= 7));
  expect(weak.map(([ink, ground, found]) => `${ink} on ${ground}: ${found.toFixed(2)}`)).toEqual([]);
  for (const edge of ["line", "line-strong", "focus"]) expect(ratio(tokens[edge] ?? "", tokens["surface"] ?? ""), edge).toBeGreaterThanOrEqual(3);
});
