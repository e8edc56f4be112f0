/** Words and health for platforms, as people read them. */
import type { SourceState, SourceType, SourceView, View } from "../host";
import { t, told } from "../strings";

/** Names that are the same in every language. */
const NAMES = {
  gmail: "Gmail",
  outlook: "Outlook",
  whatsapp: "WhatsApp",
  teams: "Teams",
  slack: "Slack",
  onenote: "OneNote",
  github: "GitHub",
  jira: "Jira",
} as const;

export function platformName(type: SourceType): string {
  return type === "imap" || type === "files" || type === "channel" ? t(`platform-${type}`) : NAMES[type];
}

/** One account can have several of these, which share its name: what each is has to be said first. */
export function sharesName(source: Pick<SourceView, "type" | "name" | "identity">): boolean {
  return ["outlook", "teams", "onenote"].includes(source.type) && source.name === source.identity;
}

/** A source's name without the address that is shown beside it anyway. */
export function plainName(source: SourceView): string {
  if (sharesName(source)) return `${platformName(source.type)} · ${source.name}`;
  const address = source.identity === null ? "" : ` (${source.identity})`;
  return address !== "" && source.name.endsWith(address) ? source.name.slice(0, -address.length) : source.name;
}

/** The colour of a platform; never the only sign of it. */
export function accentOf(type: SourceType): string {
  return `var(--src-${type})`;
}

/** How a state looks beside its word. */
export type Health = "well" | "busy" | "resting" | "ill";

const HEALTH: Record<SourceState, Health> = {
  starting: "busy",
  syncing: "busy",
  live: "well",
  paused: "resting",
  off: "resting",
  auth_needed: "ill",
  throttled: "resting",
  offline: "resting",
  failing: "ill",
};

export function health(state: SourceState): Health {
  return HEALTH[state];
}

export function healthWord(state: SourceState): string {
  return t(`health-${state}`);
}

/** State and message of a source as one line. */
export function healthLine(source: SourceView): string {
  const word = healthWord(source.state);
  return source.message ? t("health-line", { state: word, message: told(source.message) }) : word;
}

export function viewName(view: View): string {
  return t(`view-${view}`);
}
