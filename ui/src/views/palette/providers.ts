/**
 * What the palette offers. Each provider names its entries anew whenever the palette asks, in the
 * language and with the keys of that moment; one more kind of thing is one more provider.
 */
import { openKept, run, searchFor } from "../../commands";
import { call, type Party, type View } from "../../host";
import { keymap } from "../../keys/keymap.svelte";
import { shown } from "../../keys/table";
import { label } from "../../parts/format";
import { platformName, plainName, viewName } from "../../parts/platforms";
import { keptSearches, queryOf, splitOf } from "../../state/kept.svelte";
import { settings } from "../../state/settings.svelte";
import { status } from "../../state/status.svelte";
import { ui, type Screen } from "../../state/ui.svelte";
import { t } from "../../strings";
import { SECTIONS, sectionName } from "../settings/sections";
import { recent } from "./recent";
import { choiceWord, isShown, settingName, settingText } from "../settings/words";

/** Something the palette can do. */
export type Entry = {
  /** Stays the same from day to day: what was used lately is remembered by it. */
  id: string;
  label: string;
  /** What kind of thing it is, in a word. */
  group: string;
  /** More words it can be found by. */
  hint?: string;
  /** Its key, as a person reads it. */
  keys?: string;
  /** Whom it is about: remembered with it. */
  person?: Party;
  run: () => void;
};

export type Provider = {
  /** Entries that are at hand. */
  entries?: () => Entry[];
  /** Entries that have to be asked for, for what was typed. */
  search?: (query: string) => Promise<Entry[]>;
};

const providers: Provider[] = [];

/** Adds a provider; answers how to take it out again. */
export function provide(provider: Provider): () => void {
  providers.push(provider);
  return () => {
    providers.splice(providers.indexOf(provider), 1);
  };
}

/** Everything at hand. */
export function atHand(): Entry[] {
  return providers.flatMap((provider) => provider.entries?.() ?? []);
}

/** Everything that has to be asked for; a provider that fails has nothing to offer. */
export async function askedFor(query: string): Promise<Entry[]> {
  const asked = providers.flatMap((provider) => (provider.search ? [provider.search(query)] : []));
  return (await Promise.allSettled(asked)).flatMap((one) => (one.status === "fulfilled" ? one.value : []));
}

/** Every command of the key table. */
provide({
  entries: () =>
    keymap.table
      .filter((row) => row.command !== "palette")
      .map((row) => ({
        id: `command:${row.command}`,
        label: row.label,
        group: t(`sheet-${row.group}`),
        keys: row.keys[0] === undefined ? undefined : shown(row.keys[0]),
        run: () => run(row.command),
      })),
});

/** Lists and screens that have no key. */
const VIEWS: readonly View[] = ["junk", "trash"];
const SCREENS: readonly [Screen, () => string][] = [
  ["accounts", () => t("accounts")],
  ["connect", () => t("connect-account")],
  ["import", () => t("import-title")],
];

provide({
  entries: () => [
    ...VIEWS.map((view) => ({ id: `view:${view}`, label: viewName(view), group: t("sheet-go"), run: () => ui.show({ view }) })),
    ...SCREENS.map(([screen, name]) => ({ id: `screen:${screen}`, label: name(), group: t("sheet-go"), run: () => ui.go(screen) })),
  ],
});

/** Every source: what can be read leads to its list, what only sends to the accounts. */
provide({
  entries: () =>
    status.all.map((source) => ({
      id: `source:${source.id}`,
      label: plainName(source),
      group: t("source"),
      hint: `${platformName(source.type)} ${source.identity ?? ""}`,
      run: () => (source.capabilities.send_only ? ui.go("accounts") : ui.show({ view: "all", source: source.id, split: "all" })),
    })),
});

/** Searches that are kept, in the rail or as tabs. */
provide({
  entries: () => [
    ...keptSearches.searches.map((kept) => ({ id: `search:${kept.id}`, label: kept.name, group: t("saved-search"), hint: queryOf(kept), run: () => openKept(kept) })),
    ...keptSearches.splits.map((kept) => ({ id: `split:${kept.id}`, label: kept.name, group: t("own-tab"), hint: queryOf(kept), run: () => ui.show({ view: "inbox", split: splitOf(kept) }) })),
  ],
});

/** Settings, and each choice of those that have some. */
provide({
  entries: () => [
    ...SECTIONS.map((section) => ({ id: `section:${section}`, label: sectionName(section), group: t("settings"), run: () => ui.openSettings(section) })),
    ...settings.all.filter(isShown).flatMap((setting): Entry[] => {
      const name = settingName(setting);
      const row = { id: `setting:${setting.key}`, label: name, group: t("settings"), hint: settingText(setting), run: () => ui.openSettings(setting.group, setting.key) };
      const choices = setting.kind.type === "choice" ? setting.kind.choices : [];
      return [
        row,
        ...choices.map((choice) => ({
          id: `setting:${setting.key}=${choice}`,
          label: t("palette-choose", { setting: name, choice: choiceWord(setting, choice) }),
          group: t("settings"),
          run: () => void settings.set(setting.key, choice),
        })),
      ];
    }),
  ],
});

/** Letters from which on people are looked up. */
const LEAST = 2;

/** What somebody wrote, and what they were sent. */
function conversationsWith(handle: string): string {
  const plain = handle.replaceAll('"', "");
  return ["from", "to"].map((field) => `${field}:"${plain}"`).join(" OR ");
}

const asEntry = (person: Party): Entry => ({
  id: `person:${person.handle}`,
  label: label(person),
  group: t("palette-person"),
  hint: person.handle,
  person,
  run: () => searchFor(conversationsWith(person.handle)),
});

/** People from history, and those looked up lately: their conversations. */
provide({
  entries: () => recent().flatMap(({ person }) => (person ? [asEntry(person)] : [])),
  search: async (query) => {
    if (query.trim().length < LEAST) return [];
    return (await call("people.suggest", { prefix: query.trim(), source: null })).map(asEntry);
  },
});
