// What stands between a message and the outbox: what is missing, and what is worth asking first.

import type { Compose, Kind } from "../../host";
import { label } from "../../parts/format";
import { t } from "../../strings";

import { isAddress } from "./addresses";
import { announcesFile } from "./files";

/** Something to ask before sending; the order they are asked in is the order here. */
export type Ask = "attachment" | "many" | "subject" | "empty";

/** A reply to all that reaches more people than this asks first. */
export const MANY = 10;

/** Everybody a message goes to, each once. */
export function recipients(message: Compose): number {
  return new Set([...message.to, ...message.cc, ...message.bcc].map((party) => party.handle.toLowerCase())).size;
}

/** Why a message cannot be sent at all, as a sentence that says what to do; `null` when it can. */
export function missing(message: Compose, kind: Kind): string | null {
  if (kind !== "mail") {
    if (message.text.trim() === "" && message.attachments.length === 0) return t("missing-text");
    return null;
  }
  const wrong = [...message.to, ...message.cc, ...message.bcc].filter((party) => !isAddress(party.handle));
  if (wrong.length > 0) return t("missing-address", { recipient: label(wrong[0]!) });
  if (recipients(message) === 0) return t("missing-recipient");
  return null;
}

/** What should be asked before sending. */
export function asks(message: Compose, kind: Kind): Ask[] {
  const out: Ask[] = [];
  if (message.attachments.length === 0 && kind !== "note" && announcesFile(`${message.subject}\n${message.text}`)) {
    // An answer to "Attached: the plan" speaks of a file in its subject without meaning one.
    if (message.mode === "new" || announcesFile(message.text)) out.push("attachment");
  }
  if (kind !== "mail") return out;
  if (message.mode === "reply_all" && recipients(message) > MANY) out.push("many");
  if (message.mode === "new" && message.subject.trim() === "") out.push("subject");
  if (message.mode !== "forward" && message.text.trim() === "" && message.attachments.length === 0) out.push("empty");
  return out;
}
