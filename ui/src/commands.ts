/** What each command of the key table does in the window. */
import { isTyping } from "./keys/dispatch";
import type { CommandId } from "./keys/table";
import { act, answerInvitation, undoLast } from "./state/acts";
import { felt } from "./state/felt.svelte";
import { keptSearches, queryOf } from "./state/kept.svelte";
import { list, paramsOf, SELECT_MOST } from "./state/list.svelte";
import { lock } from "./state/lock.svelte";
import { next } from "./state/next.svelte";
import { panes } from "./state/panes.svelte";
import { prefs } from "./state/prefs.svelte";
import { search } from "./state/search.svelte";
import { sendFocused } from "./state/composers";
import type { Target } from "./state/selection.svelte";
import { thread } from "./state/thread.svelte";
import { ui, type Screen } from "./state/ui.svelte";
import { toast } from "./parts/toast.svelte";
import { t } from "./strings";
import { call, sentence, type FeltAction, type Kept, type ListParams, type Rsvp, type Verb, type View } from "./host";

/** Milliseconds the focus rests on a row before the open reader follows it. */
const FOLLOW = 60;

/** Set while the reader is about to follow: what is open is then not what is meant. */
let following: ReturnType<typeof setTimeout> | undefined;

/** What is selected of what is shown: of the list, or of what was found. */
const selection = () => (ui.query === "" ? list.selection : search.selection);

/** The conversation that is marked in the list or among the results. */
export function marked(): string | undefined {
  return ui.query === "" ? list.focused?.id : search.hits[search.focus]?.thread;
}

/** What an action is meant for: what is selected, else the open or focused conversation. */
export function target(): Target {
  if (next.shown) return { ids: next.focused ? [next.focused.thread.id] : [] };
  if (ui.screen !== "list") return { ids: [] };
  const chosen = selection();
  if (chosen.whole && ui.query === "") return { list: paramsOf(list.spot) as ListParams, count: list.total };
  if (chosen.whole) return { query: search.found, count: search.value?.total ?? 0 };
  if (chosen.ids.size > 0) return { ids: [...chosen.ids] };
  if (ui.reading && ui.thread !== null && following === undefined) return { ids: [ui.thread] };
  const focused = marked();
  return { ids: focused === undefined ? (ui.thread === null ? [] : [ui.thread]) : [focused] };
}

/** The conversations an action is meant for, where they can be named. */
export function targets(): readonly string[] {
  const aim = target();
  return "ids" in aim ? aim.ids : [];
}

/** There is something an action could be meant for. */
function aimed(): boolean {
  const aim = target();
  return !("ids" in aim) || aim.ids.length > 0;
}

function actOn(verb: Verb): void {
  void act(verb, target());
}

/** A verb that goes back and forth, by the state of the first target. */
function toggle(on: Verb, off: Verb, isOn: (row: { starred: boolean; unread: number; muted: boolean }) => boolean): void {
  const id = targets()[0];
  const first = id === undefined ? list.focused : list.find(id);
  void act(first && isOn(first) ? off : on, target());
}

/** Selects the focused conversation or hit, or no longer. */
async function select(): Promise<void> {
  const id = marked();
  if (ui.screen !== "list" || id === undefined) return;
  await pick(id);
}

/** Selects a conversation or no longer; of everything that is selected, leaves this one out. */
export async function pick(id: string): Promise<void> {
  const chosen = selection();
  if (!chosen.whole) {
    if (ui.query === "") list.toggleSelected(id);
    else chosen.toggle(id);
  } else if (ui.query !== "") {
    chosen.only(search.hits.map((hit) => hit.thread).filter((other) => other !== id));
  } else {
    try {
      if (!(await list.leaveOut(id))) toast(t("select-most", { count: SELECT_MOST }));
    } catch (error) {
      toast(sentence(error), { tone: "problem" });
    }
  }
}

function move(to: number, extend = false): void {
  if (next.shown) return next.move(to);
  if (ui.screen !== "list") return;
  if (ui.query !== "" && extend) search.extendTo(to);
  else if (ui.query !== "") search.setFocus(to);
  else if (extend) list.extendTo(to);
  else list.setFocus(to);
  if (ui.thread === null || extend || !panes.both) return;
  clearTimeout(following);
  following = setTimeout(openFocused, FOLLOW);
}

/** Opens the row or hit under the focus. */
export function openFocused(): void {
  clearTimeout(following);
  following = undefined;
  if (ui.query !== "") {
    const hit = search.hits[search.focus];
    if (hit) ui.openThread(hit.thread, hit.item);
  } else {
    const row = list.focused;
    if (row) ui.openThread(row.id);
  }
}

/** Opens; pressed again, gives the keyboard to what is open. */
function open(): void {
  if (next.shown) return next.open();
  const before = ui.thread;
  openFocused();
  if (before !== null && before === ui.thread) document.getElementById("reader")?.focus();
}

function back(): void {
  // Nothing is opened any more behind what is closed.
  clearTimeout(following);
  following = undefined;
  if (next.shown) return ui.go("list");
  const { from } = ui;
  if (ui.thread !== null) ui.closeThread();
  else if (selection().any) selection().clear();
  else if (ui.query !== "") ui.query = "";
  else if (ui.screen !== "list") ui.go("list");
  if (from !== null) ui.go(from);
  focusList();
}

/** The frame in which the list gets the keyboard. */
let handing: number | undefined;

/** Gives the keyboard to the list, once that is drawn. */
export function focusList(): void {
  if (handing !== undefined) cancelAnimationFrame(handing);
  handing = requestAnimationFrame(handOver);
}

function handOver(): void {
  handing = undefined;
  document.getElementById("thread-list")?.focus({ preventScroll: true });
}

/** Gives the keyboard to the search box. */
export function focusSearch(): void {
  const box = document.getElementById("search-box");
  if (box instanceof HTMLInputElement) {
    box.focus();
    box.select();
  }
}

/** Shows what a query finds. */
export function searchFor(query: string): void {
  ui.closeThread();
  ui.go("list");
  ui.query = query;
  void search.run(query, false);
  focusList();
}

/** Opens a search that is kept. */
export function openKept(kept: Kept): void {
  searchFor(queryOf(kept));
}

/** Has the search that is on show named and kept; one that is kept already is changed. */
function saveSearch(): void {
  const query = ui.query.trim();
  if (query === "") toast(t("save-search-none"));
  else ui.keeping = keptSearches.saved(query) ?? { id: null, kind: "search", name: "", position: null, data: { query } };
}

function answer(mode: "reply" | "reply_all"): void {
  if (next.shown) return void next.reply();
  const id = targets()[0];
  if (id === undefined) return;
  if (ui.thread !== id) ui.openThread(id);
  ui.reply = { mode, item: ui.item };
}

function forward(): void {
  const id = targets()[0];
  if (id !== undefined) ui.openCompose({ mode: "forward", thread: id });
}

function split(step: number): void {
  if (!ui.tabbed) return;
  const { tabs } = keptSearches;
  const at = tabs.indexOf(ui.spot.split);
  ui.showSplit(tabs[(at + step + tabs.length) % tabs.length] ?? "all");
}

async function selectAll(): Promise<void> {
  if (ui.screen !== "list") return;
  if (ui.query !== "") await search.selectAll();
  else if (list.total > 0) list.selection.all();
  if (selection().whole) ui.say(t("selected-whole", { count: ui.query === "" ? list.total : (search.value?.total ?? 0) }));
}

/** Gets off the list of the newest mail here that came through one. */
async function leaveList(): Promise<void> {
  const id = targets()[0];
  if (id === undefined) return;
  try {
    const { items } = thread.value?.thread.id === id ? thread.value : await call("thread.get", { id });
    const mail = items.findLast((item) => item.unsubscribe !== null);
    if (mail) ui.leaving = mail.id;
    else toast(t("leave-none"));
  } catch (error) {
    toast(sentence(error), { tone: "problem" });
  }
}

/** Answers the newest invitation of the conversation that is meant. */
async function answerMeeting(answer: Rsvp): Promise<void> {
  const id = targets()[0];
  if (id === undefined) return;
  try {
    const { items } = thread.value?.thread.id === id ? thread.value : await call("thread.get", { id });
    const asked = items.findLast((item) => item.invitation?.can_answer);
    if (asked) await answerInvitation(asked.id, answer);
    else toast(t("meeting-none"));
  } catch (error) {
    toast(sentence(error), { tone: "problem" });
  }
}

/** The source of the mail that is meant: the one pointed at, else the newest of the open conversation. */
function showSource(): void {
  const items = thread.value?.items.filter((item) => item.kind === "mail") ?? [];
  ui.source = items.find((item) => item.id === ui.item)?.id ?? items.at(-1)?.id ?? null;
}

const view = (name: View) => () => ui.show({ view: name });
const screen = (name: Screen) => () => ui.go(name);
const here = () => (next.shown ? next.focus : ui.query === "" ? list.focus : search.focus);

const COMMANDS: Record<CommandId, () => void> = {
  next: () => move(here() + 1),
  previous: () => move(here() - 1),
  first: () => move(0),
  last: () => move(ui.query === "" ? list.total - 1 : search.hits.length - 1),
  open,
  back,
  archive: () => (next.shown ? void next.done() : actOn("archive")),
  delete: () => actOn("delete"),
  inbox: () => actOn("inbox"),
  snooze: () => {
    if (aimed()) ui.snoozing = true;
  },
  remind: () => {
    if (aimed()) ui.reminding = true;
  },
  file: () => {
    if (aimed()) ui.filing = true;
  },
  leave_list: () => void leaveList(),
  rsvp_accept: () => void answerMeeting("accept"),
  rsvp_tentative: () => void answerMeeting("tentative"),
  rsvp_decline: () => void answerMeeting("decline"),
  dismiss: () => actOn("dismiss"),
  star: () => toggle("star", "unstar", (row) => row.starred),
  unread: () => toggle("unread", "read", (row) => row.unread > 0),
  mute: () => toggle("mute", "unmute", (row) => row.muted),
  undo: () => void undoLast(),
  reply: () => answer("reply"),
  reply_all: () => answer("reply_all"),
  forward,
  compose: () => ui.openCompose({ mode: "new" }),
  send: sendFocused,
  select: () => void select(),
  extend_next: () => move(here() + 1, true),
  extend_previous: () => move(here() - 1, true),
  select_all: () => void selectAll(),
  inspector: () => {
    prefs.inspector = !prefs.inspector;
    if (!prefs.inspector) focusList();
  },
  source: showSource,
  print: () => {
    ui.printing = thread.value !== null;
  },
  new_page: () => {
    ui.paging = { draft: null };
  },
  search: focusSearch,
  save_search: saveSearch,
  next_split: () => split(1),
  previous_split: () => split(-1),
  rail: () => {
    prefs.rail = prefs.rail === "icons" ? "words" : "icons";
  },
  sheet: () => {
    ui.sheet = !ui.sheet;
  },
  palette: () => {
    ui.palette = true;
  },
  settings: () => ui.openSettings(),
  lock: () => void lock.now(),
  go_today: screen("today"),
  go_inbox: view("inbox"),
  go_waiting: screen("waiting"),
  go_snoozed: view("snoozed"),
  go_drafts: screen("drafts"),
  go_outbox: screen("outbox"),
  go_sent: view("sent"),
  go_archive: view("archive"),
  go_notes: view("notes"),
  go_people: screen("people"),
  go_starred: view("starred"),
  go_all: view("all"),
  go_notices: screen("notices"),
};

/** Whether a command of the list has something to do there; its key is nobody's otherwise. */
export function inList(command: CommandId): boolean {
  return document.activeElement?.id === "thread-list" && (ui.tabbed || !command.endsWith("_split"));
}

/** Whether there is a command of that name. */
export function isCommand(name: string): name is CommandId {
  return Object.hasOwn(COMMANDS, name);
}

/** The action whose speed a command is part of. */
const FELT: Partial<Record<CommandId, FeltAction>> = { next: "focus", previous: "focus", archive: "archive", undo: "archive" };

/** Runs a command; `at` is when its key was pressed, for those whose speed is measured. */
export function run(command: CommandId, at?: number): void {
  // Who presses on at once means a composer or a search box to keep the keyboard: the list has it before, not after.
  // Who has gone to where one writes stays there: what is sent is what has the keyboard.
  if (handing !== undefined) {
    cancelAnimationFrame(handing);
    if (isTyping(document.activeElement)) handing = undefined;
    else handOver();
  }
  const before = [here(), list.total];
  COMMANDS[command]();
  const action = FELT[command];
  // Nothing moved, such as at the end of the list: nothing was fast or slow.
  if (action && at !== undefined && (here() !== before[0] || list.total !== before[1])) felt.shown(action, at);
  if (command.startsWith("go_") || command.endsWith("_split")) focusList();
}
