/** Does what the desktop asks for: opens links and files, and what a notification's button says. */
import { isCommand, run } from "../commands";
import { call, host, sentence, type Ask } from "../host";
import { toast } from "../parts/toast.svelte";
import { t } from "../strings";
import { tomorrow } from "../views/shell/when";
import { act } from "./acts";
import { lock } from "./lock.svelte";
import { parseMailto } from "./mailto";
import { search } from "./search.svelte";
import { ui } from "./ui.svelte";

/** Minutes of a pause that was chosen in the tray. */
const PAUSE = 60;

/** What was asked for while the window was locked. */
const waiting: Ask[] = [];

/** Does what was asked for while the window was locked. */
export function answerWaiting(): void {
  for (const ask of waiting.splice(0)) void answer(ask);
}

export async function answer(ask: Ask): Promise<void> {
  if (lock.locked) {
    if (ask.kind === "link" || ask.kind === "file") waiting.push(ask);
    await host().desktop?.show().catch(() => {});
    return;
  }
  try {
    if (ask.kind === "link") await openLink(ask.href);
    else if (ask.kind === "file") await openFile(ask.path);
    else if (ask.kind === "notice") await notice(ask.notice, ask.action);
    else await command(ask.command);
  } catch (error) {
    toast(sentence(error), { tone: "problem" });
  }
}

/** Opens a `mailto:` or `inlet:` link. */
export async function openLink(href: string): Promise<void> {
  if (/^mailto:/iu.test(href)) {
    await write(href);
    return;
  }
  const [, place = "", rest = ""] = /^inlet:(?:\/\/)?([a-z]+)[/]?([^]*)$/iu.exec(href) ?? [];
  const thread = /^(t\d{1,18})\/?$/u.exec(rest)?.[1];
  const query = new URLSearchParams(rest.startsWith("?") ? rest : "").get("q");
  if (place === "thread" && thread !== undefined) {
    // Asked for by whoever made the link: it may be gone.
    await call("thread.get", { id: thread, limit: 1 });
    ui.openThread(thread);
  } else if (place === "search" && query !== null) {
    ui.go("list");
    ui.query = query;
    await search.run(query, false);
  } else {
    toast(t("link-unknown"), { tone: "problem" });
  }
}

/** Starts the message that a `mailto:` link describes. */
export async function write(href: string): Promise<void> {
  const wanted = parseMailto(href);
  if (!wanted) return;
  const draft = await call("compose.prepare", { mode: "new" });
  const people = (handles: string[]) => handles.map((handle) => ({ name: null, handle }));
  const text = [wanted.body, draft.text].filter((part) => part !== "").join("\n\n");
  ui.openCompose({ draft: { ...draft, to: people(wanted.to), cc: people(wanted.cc), subject: wanted.subject, text } });
}

async function openFile(path: string): Promise<void> {
  const { account, thread } = await call("files.open", { path, into: t("opened-files") });
  if (thread !== null) ui.openThread(thread);
  else ui.show({ view: "all", source: account.sources[0]?.id ?? null });
}

async function notice(id: string, action: string): Promise<void> {
  const one = id.startsWith("t");
  if (action === "archive" && one) await act("archive", { ids: [id] });
  else if (action === "snooze" && one) await act("snooze", { ids: [id] }, { until: tomorrow(new Date()).toISOString() });
  else {
    if (one) ui.openThread(id);
    else if (id === "digest") ui.go("today");
    else ui.show({ view: "inbox" });
    if (action === "reply" && one) ui.reply = { mode: "reply", item: null };
    await host().desktop?.show();
  }
}

async function command(name: string): Promise<void> {
  if (name === "pause" || name === "resume") {
    await call("notices.pause", { minutes: name === "pause" ? PAUSE : 0 });
  } else if (isCommand(name)) {
    await host().desktop?.show();
    run(name);
  }
}
