// Channel, account and recipient in words: the line at the top of every composer.

import type { Compose, Kind, SourceType, SourceView, ThreadRow } from "../../host";
import { label } from "../../parts/format";
import { platformName } from "../../parts/platforms";

import { names } from "./addresses";

/** The name of a platform inside a sentence. */
export function platform(type: SourceType): string {
  return type === "imap" ? "mail" : platformName(type);
}

/** What the button that sends says. */
export function verb(kind: Kind): string {
  return kind === "note" ? "Append" : "Send";
}

/** Who or what a chat or page is called, for "Reply to …". */
export function conversation(thread: ThreadRow): string {
  const title = thread.title.trim();
  if (thread.kind === "note") return title === "" ? "this page" : `“${title}”`;
  const only = thread.people[0];
  if (thread.people.length === 1 && only) return label(only);
  return title === "" ? names(thread.people) || "this chat" : title;
}

/** The whole line: what is written, to whom, on which channel and from which of my accounts. */
export function heading(message: Compose, source: SourceView | undefined, thread: ThreadRow | undefined): string {
  const kind = source?.kind ?? thread?.kind ?? "mail";
  const type = source?.type ?? thread?.source_type;
  const on = type ? platform(type) : kind;
  if (kind === "note") return `Add to ${thread ? conversation(thread) : "this page"} in ${on}`;
  if (kind === "chat") {
    const group = thread !== undefined && thread.people.length > 1;
    const whom = thread ? conversation(thread) : names(message.to);
    return `${group ? "Write to" : "Reply to"} ${whom} on ${on}`;
  }
  const from = source?.identity ?? source?.name;
  const sender = from ? ` from ${from}` : "";
  const whom = names([...message.to, ...message.cc]);
  const to = whom === "" ? "" : ` to ${whom}`;
  if (message.mode === "forward") return `Forward${sender}${to}`;
  if (message.mode === "reply" || message.mode === "reply_all") return `Reply${to} by mail${sender}`;
  return `Mail${sender}${to}`;
}
