// After a message went to the outbox: saying so, and the way back to where it was written.

import { call, sentence, type Compose, type OpView } from "../../host";
import { format } from "../../parts/format";
import { toast } from "../../parts/toast.svelte";
import { status } from "../../state/status.svelte";
import { ui } from "../../state/ui.svelte";
import { t } from "../../strings";

/** Milliseconds from now after which a message is one for later. */
const LATER = 45_000;

/** The box at the foot of the reader, while it is there. */
export interface InlineBox {
  thread: string;
  /** Goes on with a message that was written before. */
  load(message: Compose): void;
}

let inline: InlineBox | null = null;

/** The box announces itself while it is on screen. */
export function attachInline(box: InlineBox): () => void {
  inline = box;
  return () => {
    if (inline === box) inline = null;
  };
}

/** It begins a page of notes: where such a page goes is a section, and until one is chosen a notebook. */
function isPage({ mode, thread, section, source }: Compose): boolean {
  return section !== null || (mode === "new" && thread === null && source !== null && status.source(source)?.kind === "note");
}

/**
 * Goes on with a message where it was written: a page of notes in its own dialog, an answer in the
 * box when its thread is open, everything else in the panel.
 */
export function reopen(message: Compose): void {
  if (isPage(message)) {
    ui.paging = { draft: message };
    return;
  }
  const answer = message.mode === "reply" || message.mode === "reply_all";
  if (answer && inline !== null && inline.thread === message.thread) inline.load(message);
  else ui.openCompose({ draft: message });
}

/** Opens a draft that lies on a server, from wherever it was begun. */
export async function openDraft(item: string): Promise<void> {
  try {
    reopen(await call("draft.open", { id: item }));
  } catch (error) {
    toast(sentence(error), { tone: "problem" });
  }
}

/** Says that a message is in the outbox, and offers the way back while there is one. */
export function announce(op: OpView, message = t("sent-outbox")): void {
  const until = Date.parse(op.not_before);
  const left = until - Date.now();
  // Longer than one holds back a message for second thoughts: it was meant for later.
  if (left > LATER) toast(t("sent-later", { when: format.full(op.not_before) }), { until, undo: () => takeBack(op.id, op.thread) });
  else if (left > 0) toast(message, { lasts: left, until, undo: () => takeBack(op.id, op.thread) });
  else toast(message);
}

/** Takes a message out of the outbox and opens it again; `made` is the conversation it has made. */
export async function takeBack(id: string, made: string | null = null): Promise<void> {
  try {
    const message = await call("outbox.edit", { id });
    // The page that was made is gone with it.
    if (isPage(message) && made !== null && ui.thread === made) ui.closeThread();
    reopen(message);
  } catch (error) {
    toast(sentence(error), { tone: "problem" });
  }
}

/** Opens a message that did not arrive everywhere, as a new one to those it did not reach. */
export async function writeAgain(id: string): Promise<void> {
  try {
    reopen(await call("outbox.again", { id }));
  } catch (error) {
    toast(sentence(error), { tone: "problem" });
  }
}
