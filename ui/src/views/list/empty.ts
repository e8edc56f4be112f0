/** What an empty list says: what would be here, and the action that fills it. */
import Archive from "@lucide/svelte/icons/archive";
import CheckCheck from "@lucide/svelte/icons/check-check";
import Clock from "@lucide/svelte/icons/alarm-clock";
import Hourglass from "@lucide/svelte/icons/hourglass";
import Inbox from "@lucide/svelte/icons/inbox";
import Notebook from "@lucide/svelte/icons/notebook-text";
import Send from "@lucide/svelte/icons/send";
import Shield from "@lucide/svelte/icons/shield-check";
import Star from "@lucide/svelte/icons/star";
import Trash from "@lucide/svelte/icons/trash-2";
import type { Component } from "svelte";

import type { View } from "../../host";
import { keyOf, type CommandId } from "../../keys/table";
import { keptSearches } from "../../state/kept.svelte";
import { ui, type Split, type Spot } from "../../state/ui.svelte";
import { t } from "../../strings";

type Empty = {
  icon: Component<{ size?: number; strokeWidth?: number }>;
  title: string;
  text: string;
  action?: { label: string; run: () => void } | undefined;
};

const compose = () => ({ label: t("empty-compose"), run: () => ui.openCompose({ mode: "new" }) });
const connect = () => ({ label: t("connect-account"), run: () => ui.go("connect") });
const toInbox = () => ({ label: t("empty-go-inbox"), run: () => ui.show({ view: "inbox" }) });

const BY_VIEW: Record<View, { icon: Empty["icon"]; keys?: CommandId; action?: () => Empty["action"] }> = {
  inbox: { icon: CheckCheck, action: compose },
  waiting: { icon: Hourglass },
  snoozed: { icon: Clock, keys: "snooze", action: toInbox },
  sent: { icon: Send, action: compose },
  archive: { icon: Archive, keys: "archive", action: toInbox },
  notes: { icon: Notebook, action: connect },
  starred: { icon: Star, keys: "star", action: toInbox },
  junk: { icon: Shield, action: toInbox },
  trash: { icon: Trash, action: toInbox },
  all: { icon: Inbox, action: connect },
};

/** A tab that Inlet brings along; the others are called as their owner called them. */
function isBuiltIn(split: Split): split is Exclude<Split, `own-${string}`> {
  return !split.startsWith("own-");
}

export function tabName(split: Split): string {
  return isBuiltIn(split) ? t(`tab-${split}`) : (keptSearches.own(split)?.name ?? "");
}

export function emptyOf({ view, split }: Spot): Empty {
  const { icon, keys, action } = BY_VIEW[view];
  if (split !== "all" && view !== "notes") {
    const all = { label: t("empty-show-all"), run: () => ui.showSplit("all") };
    const title = isBuiltIn(split) ? t(`empty-tab-${split}`) : t("empty-tab-own", { name: tabName(split) });
    return { icon, title, text: t("empty-tab-text"), action: all };
  }
  return { icon, title: t(`empty-${view}`), text: t(`empty-${view}-text`, { key: keys ? keyOf(keys) : "" }), action: action?.() };
}
