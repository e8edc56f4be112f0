/** Words and health for platforms, as people read them. */
import type { SourceState, SourceType, SourceView, View } from "../host";

const NAMES: Record<SourceType, string> = {
  gmail: "Gmail",
  outlook: "Outlook",
  imap: "Mail",
  whatsapp: "WhatsApp",
  teams: "Teams",
  slack: "Slack",
  onenote: "OneNote",
  files: "Imported",
};

export function platformName(type: SourceType): string {
  return NAMES[type];
}

/** A source's name without the address that is shown beside it anyway. */
export function plainName(source: SourceView): string {
  const address = source.identity === null ? "" : ` (${source.identity})`;
  return address !== "" && source.name.endsWith(address) ? source.name.slice(0, -address.length) : source.name;
}

/** The colour of a platform; never the only sign of it. */
export function accentOf(type: SourceType): string {
  return `var(--src-${type})`;
}

/** How a state looks beside its word. */
export type Health = "well" | "busy" | "resting" | "ill";

const HEALTH: Record<SourceState, [Health, string]> = {
  starting: ["busy", "Starting"],
  syncing: ["busy", "Syncing"],
  live: ["well", "Up to date"],
  paused: ["resting", "Paused"],
  auth_needed: ["ill", "Sign-in needed"],
  throttled: ["resting", "Waiting: the server asked for a pause"],
  offline: ["resting", "Offline"],
  failing: ["ill", "Not syncing"],
};

export function health(state: SourceState): Health {
  return HEALTH[state][0];
}

export function healthWord(state: SourceState): string {
  return HEALTH[state][1];
}

/** State and message of a source as one line. */
export function healthLine(source: SourceView): string {
  const word = healthWord(source.state);
  return source.message ? `${word}: ${source.message}` : word;
}

export const VIEW_NAMES: Record<View, string> = {
  inbox: "Inbox",
  waiting: "Waiting",
  snoozed: "Snoozed",
  sent: "Sent",
  archive: "Archive",
  notes: "Notes",
  starred: "Starred",
  junk: "Junk",
  trash: "Trash",
  all: "All",
};
