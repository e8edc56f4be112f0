// What stands between a message and the outbox: what is missing, and what is worth asking first.

import type { Compose, Kind, Party } from "../../host";
import { label } from "../../parts/format";
import { t } from "../../strings";

import { isAddress } from "./addresses";
import { announcesFile, bytesOf, tooLarge } from "./files";
import { unfilled } from "./variables";

/** Something to ask before sending; the order they are asked in is the order here. */
export type Ask = "attachment" | "account" | "many" | "stranger" | "variable" | "subject" | "empty";

/** A message that reaches more people than this asks first. */
export const MANY = 10;

/** What the message itself does not tell. */
export interface Around {
  /** It answers what came to another of my accounts. */
  elsewhere: boolean;
  /** Recipients I never wrote to, at domains I never heard of. */
  strangers: readonly Party[];
}

/** Everybody a message goes to. */
export function everybody(message: Compose): Party[] {
  return [...message.to, ...message.cc, ...message.bcc];
}

/** How many a message goes to, each counted once. */
export function recipients(message: Compose): number {
  return new Set(everybody(message).map((party) => party.handle.toLowerCase())).size;
}

/**
 * Why a message cannot be sent at all, as a sentence that says what to do; `null` when it can.
 *
 * @param limit how many bytes of files go along from this account, `null` when none do; not known when left out
 */
export function missing(message: Compose, kind: Kind, limit?: number | null): string | null {
  // They were chosen for another account, maybe, which takes more.
  const files = message.attachments.map((file) => ({ name: file.name, size: bytesOf(file) }));
  const large = limit === undefined ? null : tooLarge(files, 0, limit);
  if (large !== null) return large;
  if (kind !== "mail") {
    if (kind === "chat" && message.mode === "new" && message.thread === null && message.to.length === 0) return t("missing-number");
    if (message.text.trim() === "" && message.attachments.length === 0) return t("missing-text");
    return null;
  }
  const wrong = everybody(message).filter((party) => !isAddress(party.handle));
  if (wrong.length > 0) return t("missing-address", { recipient: label(wrong[0]!) });
  if (recipients(message) === 0) return t("missing-recipient");
  return null;
}

/** What should be asked before sending, without what was answered for this message already. */
export function asks(message: Compose, kind: Kind, around: Around = { elsewhere: false, strangers: [] }): Ask[] {
  const out: Ask[] = [];
  // A picture within the text is shown, not attached.
  const files = message.html === null ? message.attachments : message.attachments.filter((file) => file.content_id === undefined);
  if (files.length === 0 && kind !== "note" && announcesFile(`${message.subject}\n${message.text}`)) {
    // An answer to "Attached: the plan" speaks of a file in its subject without meaning one.
    if (message.mode === "new" || announcesFile(message.text)) out.push("attachment");
  }
  if (kind === "mail") {
    if (around.elsewhere) out.push("account");
    if (message.mode !== "reply" && recipients(message) > MANY) out.push("many");
    if (around.strangers.length > 0) out.push("stranger");
  }
  if (kind !== "note" && unfilled(`${message.subject}\n${message.text}`).length > 0) out.push("variable");
  if (kind === "mail") {
    if (message.mode === "new" && message.subject.trim() === "") out.push("subject");
    if (message.mode !== "forward" && message.text.trim() === "" && message.attachments.length === 0) out.push("empty");
  }
  return out.filter((ask) => !(message.answered ?? []).includes(ask));
}
