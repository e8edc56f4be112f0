/**
 * What Inlet is made of and under which licences: the packages of the page, the crates of the engine and of the
 * window, and the fonts and tables that come with them, each with the text its authors want to go along.
 *
 * It is made whenever the page is built, from the two lock files and from what lies on the disk for the build, so
 * that it is true of that build. Refused: a list in the repository, which is wrong from the next update on; and a
 * tool for each of the two worlds, as both lists are a walk over a file that is there already.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import type { Plugin } from "vite";

/** Something that ships. */
export type Part = {
  name: string;
  version: string;
  /** As an SPDX expression. */
  licence: string;
  kind: "own" | "page" | "engine" | "fonts";
  /** Positions of its texts. */
  texts: number[];
};

/** Everything that ships; many have the same text, which is there once. */
export type Licences = { parts: Part[]; texts: string[] };

const NAME = "virtual:licences";
const ui = dirname(fileURLToPath(import.meta.url));
const root = resolve(ui, "..");

/** What the programs are built from. */
const PROGRAMS = ["inlet", "inlet-app"];

/** Fonts and tables that pdf.js brings, under licences of their own. */
const FONTS = [
  { name: "Foxit fonts", licence: "BSD-3-Clause", text: "standard_fonts/LICENSE_FOXIT" },
  { name: "Liberation Sans", licence: "OFL-1.1", text: "standard_fonts/LICENSE_LIBERATION" },
  { name: "Adobe CMap resources", licence: "BSD-3-Clause", text: "cmaps/LICENSE" },
];

/** Files that hold a licence or what has to be said beside it. */
const TEXT = /^(un)?licen[cs]e|^copying|^copyright|^notice/iu;

type Crate = {
  id: string;
  name: string;
  version: string;
  license: string | null;
  source: string | null;
  manifest_path: string;
  targets: { kind: string[] }[];
};
type Metadata = {
  packages: Crate[];
  resolve: { nodes: { id: string; deps: { pkg: string; dep_kinds: { kind: string | null }[] }[] }[] };
};
type Lock = { packages: Record<string, { version?: string; license?: string; dev?: boolean; optional?: boolean }> };

function cargo(...args: string[]): string {
  return execFileSync(process.env["CARGO"] ?? "cargo", args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 26 });
}

/** The crates that end up in the programs on this system; those that only help to build them do not. */
function crates(): { crates: Crate[]; version: string } {
  const host = /^host: (.+)$/mu.exec(cargo("--version", "--verbose"))?.[1] ?? "";
  const { packages, resolve: graph } = JSON.parse(cargo("metadata", "--format-version", "1", "--locked", "--filter-platform", host)) as Metadata;
  const known = new Map(packages.map((one) => [one.id, one]));
  const needs = new Map(graph.nodes.map((node) => [node.id, node.deps]));
  const seen = new Set<string>();
  const visit = (id: string): void => {
    const crate = known.get(id);
    if (!crate || seen.has(id) || crate.targets.some((target) => target.kind.includes("proc-macro"))) return;
    seen.add(id);
    for (const { pkg, dep_kinds: kinds } of needs.get(id) ?? []) {
      if (kinds.some(({ kind }) => kind === null)) visit(pkg);
    }
  };
  const programs = packages.filter((one) => one.source === null && PROGRAMS.includes(one.name));
  for (const { id } of programs) visit(id);
  return { crates: packages.filter((one) => seen.has(one.id) && one.source !== null), version: programs[0]?.version ?? "" };
}

/** The packages the page is made of, by their folders; their types ship nothing. */
function packages(): [string, { version?: string; license?: string }][] {
  const lock = JSON.parse(readFileSync(join(ui, "package-lock.json"), "utf8")) as Lock;
  return Object.entries(lock.packages).filter(([folder, one]) => folder !== "" && !one.dev && !one.optional && !folder.includes("@types/"));
}

/** Collects everything.
 * @throws where cargo is not there, or the packages are not installed. */
export function collect(): Licences {
  const texts: string[] = [];
  const places = new Map<string, number>();
  const keep = (path: string): number => {
    const text = readFileSync(path, "utf8").trim();
    const words = text.replaceAll(/\s+/gu, " ");
    const place = places.get(words) ?? texts.push(text) - 1;
    places.set(words, place);
    return place;
  };
  const within = (folder: string): number[] => [
    ...new Set(readdirSync(folder, { withFileTypes: true }).filter((file) => file.isFile() && TEXT.test(file.name)).map((file) => keep(join(folder, file.name)))),
  ];
  /** What a text says of itself, for those who say it nowhere else. */
  const told = (places: number[]): string => /^(?:The )?(MIT|ISC) Licen[cs]e/iu.exec(texts[places[0] ?? -1] ?? "")?.[1] ?? "";

  const built = crates();
  const pdf = join(ui, "node_modules/pdfjs-dist");
  const { version } = JSON.parse(readFileSync(join(pdf, "package.json"), "utf8")) as { version: string };
  const parts: Part[] = [
    { name: "Inlet", version: built.version, licence: "MIT OR Apache-2.0", kind: "own", texts: within(root) },
    ...packages().map(([folder, one]): Part => {
      const found = within(join(ui, folder));
      return { name: folder.replace(/^.*node_modules\//u, ""), version: one.version ?? "", licence: one.license ?? told(found), kind: "page", texts: found };
    }),
    ...built.crates.map((one): Part => ({ name: one.name, version: one.version, licence: one.license ?? "", kind: "engine", texts: within(dirname(one.manifest_path)) })),
    ...FONTS.map(({ name, licence, text }): Part => ({ name, version, licence, kind: "fonts", texts: [keep(join(pdf, text))] })),
  ];
  return { parts: parts.sort((a, b) => a.name.localeCompare(b.name, "en") || a.version.localeCompare(b.version, "en")), texts };
}

/** Gives the page its list, as a module that is fetched when somebody looks. */
export function licences(): Plugin {
  return {
    name: "licences",
    resolveId: (id) => (id === NAME ? `\0${NAME}` : null),
    load: (id) => (id === `\0${NAME}` ? `export default JSON.parse(${JSON.stringify(JSON.stringify(collect()))});` : null),
  };
}
