/**
 * Where conversations can be put: folders and labels of the accounts they belong to. A folder is one
 * account's own, so a choice says which of the conversations it is for.
 */
import type { ScopeRole, ScopeView, SourceView } from "../host";

/** What has to be known of a conversation that is filed. */
export type Filed = { id: string; source: string; labels: readonly string[] };

export type Choice = {
  key: string;
  /** Its name, with `/` between the levels. */
  name: string;
  source: string;
  /** Nothing when it has to be made first. */
  scope: string | null;
  /** It is put on and taken off; otherwise conversations are moved there. */
  label: boolean;
  /** The conversations it is for. */
  ids: string[];
  /** How many of those are there already. */
  has: "all" | "some" | "none";
};

/** Folders one moves things to by hand; the others are where things are by their nature. */
const MOVABLE: readonly ScopeRole[] = ["other", "inbox", "archive", "junk", "trash"];

/** Most places remembered as recent. */
const RECENT = 8;
const KEY = "inlet-recent-places";

/** The choices for a text that was typed, the likeliest first. */
export function choicesOf(
  rows: readonly Filed[],
  sources: readonly SourceView[],
  scopes: readonly ScopeView[],
  text: string,
  recent: readonly string[],
): Choice[] {
  const able = sources.filter((source) => source.capabilities.move_items && rows.some((row) => row.source === source.id));
  const wanted = fold(text).split(/[\s/]+/u).filter(Boolean);
  const ranked: { choice: Choice; rank: number }[] = [];
  const made: Choice[] = [];
  const name = tidy(text);
  for (const source of able) {
    // Labels may stand beside folders, or be all there is.
    const beside = scopes.some((scope) => scope.source === source.id && scope.role === "label");
    const labels = source.capabilities.labels && !beside;
    const own = rows.filter((row) => row.source === source.id);
    const places = scopes.filter((scope) => scope.source === source.id && (labels ? scope.role === "other" : scope.role === "label" || MOVABLE.includes(scope.role)));
    for (const scope of places) {
      const there = own.filter((row) => row.labels.includes(scope.name)).length;
      const rank = rankOf(scope.name, wanted, recent.indexOf(scope.id));
      if (rank === null) continue;
      const label = labels || scope.role === "label";
      const has = there === 0 ? "none" : there === own.length ? "all" : "some";
      ranked.push({ rank, choice: { key: scope.id, name: scope.name, source: source.id, scope: scope.id, label, ids: own.map((row) => row.id), has } });
    }
    if (name !== "" && !places.some((scope) => fold(scope.name) === fold(name))) {
      made.push({ key: `new-${source.id}`, name, source: source.id, scope: null, label: labels, ids: own.map((row) => row.id), has: "none" });
    }
  }
  ranked.sort((a, b) => a.rank - b.rank || a.choice.name.localeCompare(b.choice.name));
  return [...ranked.map((one) => one.choice), ...made];
}

/** How likely a place is meant; `null` when it cannot be. */
function rankOf(name: string, wanted: readonly string[], recent: number): number | null {
  if (wanted.length === 0) return recent >= 0 ? recent : RECENT;
  const words = fold(name).split(/[\s/]+/u);
  const last = fold(name.split("/").at(-1) ?? name);
  if (!wanted.every((word) => words.some((one) => one.includes(word)))) return null;
  if (last.startsWith(wanted.at(-1) ?? "")) return 0;
  return wanted.every((word) => words.some((one) => one.startsWith(word))) ? 1 : 2;
}

/** A name as it is made: no empty levels, no spaces around them. */
export function tidy(text: string): string {
  return text.split("/").map((level) => level.trim()).filter(Boolean).join("/");
}

/** Case and accents do not tell names apart. */
function fold(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The places used last, the newest first. */
export function recentPlaces(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

export function rememberPlace(scope: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([scope, ...recentPlaces().filter((id) => id !== scope)].slice(0, RECENT)));
  } catch {
    // Without storage the order stays alphabetical.
  }
}
