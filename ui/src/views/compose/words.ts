// Channel, account and recipient in words: the line at the top of every composer.

import type { Compose, Kind, SourceType, SourceView, ThreadRow } from "../../host";
import { label } from "../../parts/format";
import { platformName } from "../../parts/platforms";
import { t } from "../../strings";

import { names } from "./addresses";

/** The name of a platform inside a sentence. */
export function platform(type: SourceType): string {
  return type === "imap" ? t("kind-mail") : platformName(type);
}

/** What the button that sends says. */
export function verb(kind: Kind): string {
  return kind === "note" ? t("append") : t("send");
}

/** Who or what a chat or page is called, for "Reply to …". */
export function conversation(thread: ThreadRow): string {
  const title = thread.title.trim();
  if (thread.kind === "note") return title === "" ? t("this-page") : t("quoted", { text: title });
  const only = thread.people[0];
  if (thread.people.length === 1 && only) return label(only);
  return title === "" ? names(thread.people) || t("this-chat") : title;
}

/** The whole line: what is written, to whom, on which channel and from which of my accounts. */
export function heading(message: Compose, source: SourceView | undefined, thread: ThreadRow | undefined): string {
  const kind = source?.kind ?? thread?.kind ?? "mail";
  const type = source?.type ?? thread?.source_type;
  const on = type ? platform(type) : t(`kind-${kind}`);
  if (kind === "note") return t("heading-note", { page: thread ? conversation(thread) : t("this-page"), platform: on });
  if (kind === "chat") {
    const group = thread !== undefined && thread.people.length > 1;
    if (!thread) {
      const whom = names(message.to);
      return whom === "" ? t("heading-start", { platform: on }) : t("heading-group", { whom, platform: on });
    }
    const whom = conversation(thread);
    return t(group ? "heading-group" : "heading-chat", { whom, platform: on });
  }
  const from = source?.identity ?? source?.name ?? "";
  const to = names([...message.to, ...message.cc]);
  const mode = message.mode === "forward" ? "forward" : message.mode === "new" ? "mail" : "reply";
  // Languages put account and recipient in places of their own, so each combination is a sentence.
  return t(`heading-${mode}${from === "" ? "" : "-from"}${to === "" ? "" : "-to"}`, { from, to });
}
