/** What is told, in words: the engine says what, the window says how. */
import type { Notice, NoticeEntry, Shown } from "../host";
import { label, oneLine } from "../parts/format";
import { t } from "../strings";

/** The one notice of a window that is locked. */
const LOCKED = "locked";

/** A notice as the desktop shows it. `source` is the name of where it came from. */
export function inWords(notice: Notice, source: string): Shown {
  const { id, version, silent } = notice;
  if (notice.digest !== null) {
    const { reply, todo, waiting, meetings, cards } = notice.digest;
    const counts = [
      reply > 0 ? t("digest-reply", { count: reply }) : "",
      todo > 0 ? t("digest-todo", { count: todo }) : "",
      waiting > 0 ? t("digest-waiting", { count: waiting }) : "",
      meetings > 0 ? t("digest-meetings", { count: meetings }) : "",
    ].filter((part) => part !== "");
    const named = cards.map((card) => {
      const said = oneLine(card.sentence);
      return card.who ? t("digest-card", { who: label(card.who), said }) : said;
    });
    return { id, version, silent, title: t("digest-title"), body: [counts.join(" · "), ...named].join("\n"), actions: [] };
  }
  if (notice.id === LOCKED) return { id, version, silent, title: t("notice-locked"), body: "", actions: [] };
  if (notice.thread === null) {
    return { id, version, silent, title: t("notice-summary", { count: notice.conversations }), body: "", actions: [] };
  }
  const actions = (["reply", "archive", "snooze"] as const).map((action) => ({ id: action, label: t(`notice-${action}`) }));
  const count = notice.items;
  if (notice.from === null) {
    return { id, version, silent, title: t("notice-new", { count }), body: source, actions };
  }
  const who = label(notice.from);
  const chat = notice.text !== "";
  const title = chat && notice.title !== "" && notice.title !== who ? t("notice-in", { who, chat: notice.title }) : who;
  const said = chat ? notice.text : notice.title || t("no-subject");
  return { id, version, silent, title, body: count > 1 ? t("notice-more", { text: said, count: count - 1 }) : said, actions };
}

/** Why an item was told, or why not. */
export function whyTold(entry: NoticeEntry): string {
  return t(`why-${entry.reason}`);
}
