/**
 * Actions on conversations: shown at once, then told to the engine, and taken back when it refuses
 * or the person thinks again.
 */
import { call, sentence, type ItemView, type Rsvp, type Stop, type ThreadView, type Verb } from "../host";
import { offer } from "../parts/back";
import { toast, undoNewest } from "../parts/toast.svelte";
import { t, told } from "../strings";
import { next as cards } from "./next.svelte";
import { list } from "./list.svelte";
import { search } from "./search.svelte";
import type { Target } from "./selection.svelte";
import { thread } from "./thread.svelte";
import { inTurn } from "./turn";
import { ui } from "./ui.svelte";
import { after, focusAfter, leaves, said, type Extra } from "./verbs";

/** Verbs so small that no toast speaks of them; they are undone like any other. */
const SILENT: readonly Verb[] = ["read", "unread", "star", "unstar"];

/** Does something to conversations: to those that are named, or to everything that a list or a search holds. */
export async function act(verb: Verb, target: Target, extra: Extra = {}): Promise<void> {
  if (!("ids" in target)) return actOnAll(verb, target, extra);
  const { ids } = target;
  if (ids.length === 0) return;
  if (cards.shown) return cards.act(verb, ids[0] ?? "", extra);
  const going = leaves(verb, list.spot.view) && ui.query === "";
  const focus = list.focus;
  const gone = ids.map((id) => list.indexOf(id)).filter((index) => index >= 0);
  const next = focusAfter(focus, gone, list.total);
  const openLeaves = going && ui.thread !== null && ids.includes(ui.thread);

  if (verb === "unread") looking?.(ids);
  list.begin();
  const known = thread.patch((view) => (ids.includes(view.thread.id) ? applied(verb, view, extra) : view));
  const taken = going ? list.take(ids) : null;
  if (going) {
    list.setFocus(next);
    if (openLeaves) openFocused();
  } else {
    list.patch(ids, (row) => after(verb, row, extra));
  }
  const words = said(verb, ids.length);
  if (!SILENT.includes(verb)) {
    const row = list.focused;
    ui.say(row ? t("did-next", { did: words, next: row.title || row.snippet }) : t("did-list-empty", { did: words }));
  }

  await inTurn(async () => {
    try {
      const done = await call("act", { verb, threads: [...ids], ...extra });
      list.settled();
      const undo = done.undo;
      const show = taken && taken.rows.length > 0 ? () => list.restore(taken) : undefined;
      const back = undo === null ? null : () => takeBack({ undo, words }, show);
      if (!SILENT.includes(verb)) toast(words, { undo: back });
      else if (back) offer(back);
    } catch (error) {
      if (taken) list.restore(taken);
      list.settled();
      list.touch();
      toast(sentence(error), { tone: "problem" });
    } finally {
      known();
    }
  });
}

/** Told which conversations the person marks as unread. */
let looking: ((ids: readonly string[]) => void) | undefined;

/**
 * Somebody looks at a conversation: after a while it counts as read, unless the person has marked it as unread
 * meanwhile or looks at it no longer.
 */
export function look(id: string, dwell: number): Stop {
  const timer = setTimeout(() => void seen(id), dwell);
  const mine = (ids: readonly string[]) => {
    if (ids.includes(id)) clearTimeout(timer);
  };
  looking = mine;
  return () => {
    clearTimeout(timer);
    if (looking === mine) looking = undefined;
  };
}

/** Marks a conversation as read because it was looked at: nothing the person did, and so nothing to undo. */
export async function seen(id: string): Promise<void> {
  list.begin();
  const known = thread.patch((view) => (view.thread.id === id ? applied("read", view, {}) : view));
  list.patch([id], (row) => after("read", row));
  await inTurn(async () => {
    try {
      await call("act", { verb: "read", threads: [id] });
    } catch (error) {
      list.touch();
      toast(sentence(error), { tone: "problem" });
    } finally {
      list.settled();
      known();
    }
  });
}

/** Ticks a to-do of a page, or takes the tick away. */
export function tickTodo(item: string, todo: string, done: boolean): Promise<void> {
  const known = thread.patch((view) => withTick(view, item, todo, done));
  return actInside(done ? "tick" : "untick", item, known, { todo });
}

/** Gives a reaction, or takes it back; with `one`, another of mine makes way. */
export async function react(item: string, emoji: string, on: boolean, one: boolean): Promise<void> {
  const known = thread.patch((view) => withReaction(view, item, emoji, on, one));
  const verb = on ? "react" : "unreact";
  const words = said(verb, 1);
  ui.say(words);
  await inTurn(async () => {
    try {
      const { undo } = await call("act", { verb, items: [item], emoji });
      if (undo !== null) offer(() => takeBack({ undo, words }));
    } catch (error) {
      toast(sentence(error), { tone: "problem" });
    } finally {
      known();
    }
  });
}

/** Answers an invitation. */
export function answerInvitation(item: string, answer: Rsvp): Promise<void> {
  const known = thread.patch((view) => withAnswer(view, item, answer));
  return actInside(answer, item, known);
}

/** Does something to a message of the open conversation, which shows it already; `known` is called once the engine knows. */
async function actInside(verb: Verb, item: string, known: () => void, extra: { todo?: string } = {}): Promise<void> {
  const words = said(verb, 1);
  ui.say(words);
  await inTurn(async () => {
    try {
      const { undo } = await call("act", { verb, items: [item], ...extra });
      toast(words, { undo: undo === null ? null : () => takeBack({ undo, words }) });
    } catch (error) {
      toast(sentence(error), { tone: "problem" });
    } finally {
      known();
    }
  });
}

/** However many there are: the engine finds and does them piece by piece, and they are undone as one. */
async function actOnAll(verb: Verb, target: Exclude<Target, { ids: readonly string[] }>, extra: Extra): Promise<void> {
  if (ui.working !== "") return;
  ui.working = t("bulk-working", { count: target.count });
  list.begin();
  const { count: _, ...which } = target;
  await inTurn(async () => {
    try {
      const done = await call("act", { verb, ...which, ...extra });
      const words = said(verb, done.count);
      const undo = done.undo;
      list.selection.clear();
      search.selection.clear();
      ui.say(words);
      toast(words, { undo: undo === null ? null : () => takeBack({ undo, words }) });
    } catch (error) {
      toast(sentence(error), { tone: "problem" });
    } finally {
      ui.working = "";
      list.settled();
      list.touch();
      void thread.refresh();
    }
  });
}

/** Takes the newest action back, whatever it was: also one that the engine has not heard of yet. */
export async function undoLast(): Promise<void> {
  await inTurn(async () => {
    if (!(await undoNewest())) await takeBack(null);
  });
}

/** @param action the one of this window that is meant; `null` is the engine's last, which only the engine can name */
async function takeBack(action: { undo: number; words: string } | null, show?: () => void): Promise<void> {
  list.begin();
  show?.();
  try {
    const done = await call("undo", { undo: action?.undo ?? null });
    const words = action ? t("undone", { did: action.words }) : told(done.message);
    ui.say(words);
    if (!show) toast(words);
  } catch (error) {
    toast(sentence(error), { tone: "problem" });
  } finally {
    list.settled();
    list.touch();
    void thread.refresh();
  }
}

function openFocused(): void {
  const row = list.focused;
  if (row) ui.openThread(row.id);
  else ui.closeThread();
}

function withTick(view: ThreadView, id: string, todo: string, done: boolean): ThreadView {
  const items = view.items.map((item): ItemView => {
    if (item.id !== id || !item.page) return item;
    const todos = item.page.todos.map((one) => (one.id === todo ? { ...one, done } : one));
    return { ...item, page: { ...item.page, todos } };
  });
  return { ...view, items };
}

function withReaction(view: ThreadView, id: string, emoji: string, on: boolean, one: boolean): ThreadView {
  const items = view.items.map((item): ItemView => {
    if (item.id !== id) return item;
    const reactions = item.reactions.map((known) => ({ ...known, mine: known.emoji === emoji ? on : known.mine && !(on && one) }));
    if (on && !reactions.some((known) => known.emoji === emoji)) reactions.push({ emoji, by: [], mine: true });
    return { ...item, reactions: reactions.filter((known) => known.mine || known.by.length > 0) };
  });
  return { ...view, items };
}

function withAnswer(view: ThreadView, id: string, answer: Rsvp): ThreadView {
  const items = view.items.map((item): ItemView => (item.id === id && item.invitation ? { ...item, invitation: { ...item.invitation, answer } } : item));
  return { ...view, items };
}

function applied(verb: Verb, view: ThreadView, extra: Extra): ThreadView {
  const row = after(verb, view.thread, extra);
  if (verb === "read" || verb === "unread") {
    const read = verb === "read";
    const last = view.items.length - 1;
    const items = view.items.map((item, i): ItemView => {
      const touched = read || i === last;
      return touched ? { ...item, flags: { ...item.flags, read } } : item;
    });
    return { ...view, thread: row, items };
  }
  return { ...view, thread: row };
}
