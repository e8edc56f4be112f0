/** What an empty list says: what would be here, and the action that fills it. */
import Archive from "@lucide/svelte/icons/archive";
import CheckCheck from "@lucide/svelte/icons/check-check";
import Clock from "@lucide/svelte/icons/alarm-clock";
import Inbox from "@lucide/svelte/icons/inbox";
import Notebook from "@lucide/svelte/icons/notebook-text";
import Send from "@lucide/svelte/icons/send";
import Shield from "@lucide/svelte/icons/shield-check";
import Star from "@lucide/svelte/icons/star";
import Trash from "@lucide/svelte/icons/trash-2";
import type { Component } from "svelte";

import type { View } from "../../host";
import { ui, type Spot } from "../../state/ui.svelte";

type Empty = {
  icon: Component<{ size?: number; strokeWidth?: number }>;
  title: string;
  text: string;
  action?: { label: string; run: () => void };
};

const compose = { label: "Write a message", run: () => ui.openCompose({ mode: "new" }) };
const connect = { label: "Connect an account", run: () => ui.go("connect") };
const toInbox = { label: "Go to the inbox", run: () => ui.show({ view: "inbox" }) };

const BY_VIEW: Record<View, Empty> = {
  inbox: { icon: CheckCheck, title: "All done", text: "New mail and chats appear here.", action: compose },
  waiting: { icon: Clock, title: "Nothing to wait for", text: "Questions you asked and that have no answer yet appear here." },
  snoozed: { icon: Clock, title: "Nothing is snoozed", text: "Press H on a conversation to have it come back later.", action: toInbox },
  sent: { icon: Send, title: "Nothing sent yet", text: "Conversations you wrote in appear here.", action: compose },
  archive: { icon: Archive, title: "The archive is empty", text: "Press E on a conversation when you are done with it.", action: toInbox },
  notes: { icon: Notebook, title: "No notes yet", text: "Pages of your notebooks appear here once one is connected.", action: connect },
  starred: { icon: Star, title: "Nothing is starred", text: "Press S on a conversation to find it here again.", action: toInbox },
  junk: { icon: Shield, title: "No junk", text: "Mail your provider took for junk appears here." },
  trash: { icon: Trash, title: "The trash is empty", text: "What you delete stays here until your provider empties it." },
  all: { icon: Inbox, title: "Nothing here yet", text: "Everything that arrives appears here.", action: connect },
};

export function emptyOf(spot: Spot): Empty {
  const empty = BY_VIEW[spot.view];
  if (spot.split === "all" || spot.view === "notes") return empty;
  const kind = { mail: "mail", chat: "chats", note: "notes" }[spot.split];
  return {
    ...empty,
    title: `No ${kind} here`,
    text: "The other tabs may hold more.",
    action: { label: "Show all", run: () => ui.showSplit("all") },
  };
}
