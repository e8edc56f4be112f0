// Mail addresses as people type and paste them (RFC 5322 §3.4, the part people use): names in
// quotes, angle brackets, lists separated by commas, semicolons or line ends.

import type { Party } from "../../host";
import { format, label } from "../../parts/format";
import { t } from "../../strings";

/** The pieces of a list, split where a separator stands outside quotes and brackets. */
function pieces(text: string): string[] {
  const out: string[] = [];
  let piece = "";
  let quoted = false;
  let angled = false;
  for (const letter of text) {
    if (letter === '"') quoted = !quoted;
    else if (letter === "<" && !quoted) angled = true;
    else if (letter === ">" && !quoted) angled = false;
    const separates = letter === "\n" || letter === "\r" || (!quoted && !angled && (letter === "," || letter === ";"));
    if (separates) {
      out.push(piece);
      piece = "";
      if (letter === "\n" || letter === "\r") quoted = angled = false;
    } else {
      piece += letter;
    }
  }
  out.push(piece);
  return out.map((one) => one.trim()).filter((one) => one !== "");
}

/** Everybody in a list of addresses; what is no address comes back as a handle, to be shown as such. */
export function parseAddresses(text: string): Party[] {
  return pieces(text).map((piece) => {
    const angled = /^(.*?)<([^<>]*)>\s*$/su.exec(piece);
    if (!angled) return { name: null, handle: piece.replace(/^mailto:/iu, "") };
    const name = (angled[1] ?? "")
      .trim()
      .replace(/^"(.*)"$/su, "$1")
      .replace(/\\(.)/gsu, "$1")
      .trim();
    return { name: name === "" ? null : name, handle: (angled[2] ?? "").trim() };
  });
}

/** It can be handed to a mail server: something, an @, and a host or an address literal. */
export function isAddress(handle: string): boolean {
  if (/[\s<>",;()]/u.test(handle) || handle.length > 254) return false;
  const at = handle.lastIndexOf("@");
  if (at < 1 || at > 64) return false;
  const host = handle.slice(at + 1);
  if (/^\[[0-9a-f:.]+\]$/iu.test(host)) return true;
  return host
    .split(".")
    .every((label) => label.length > 0 && label.length < 64 && !label.startsWith("-") && !label.endsWith("-"));
}

/** Name and address, for a tooltip or for editing a chip. */
export function written(party: Party): string {
  const name = party.name?.trim();
  if (!name) return party.handle;
  return /[",;<>@]/u.test(name)
    ? `"${name.replace(/["\\]/gu, "\\$&")}" <${party.handle}>`
    : `${name} <${party.handle}>`;
}

/** Two parties are the same recipient. Hosts fold case by rule, local parts in practice. */
export function same(a: Party, b: Party): boolean {
  return keyOf(a) === keyOf(b);
}

/** What all the same recipients have in common. */
export function keyOf(party: Party): string {
  return party.handle.toLowerCase();
}

/** "Ana", "Ana and Ben", "Ana, Ben and 3 others". */
export function names(parties: Party[]): string {
  const all = parties.map(label);
  if (all.length <= 1) return all[0] ?? "";
  if (all.length <= 3) return t("people-and", { people: format.row(all.slice(0, -1)), last: all.at(-1) ?? "" });
  return t("people-others", { people: format.row(all.slice(0, 2)), count: all.length - 2 });
}
