/** The words of the tray and of the menu bar, from the table of keys. */
import type { DesktopWords, MenuEntry } from "../host";
import { keymap } from "../keys/keymap.svelte";
import { GROUPS } from "../keys/table";
import { t } from "../strings";

/** Letters that the Edit menu has by itself. */
const EDITING = "acvxz";

export function words(unread: number, paused: boolean): DesktopWords {
  return {
    unread,
    tip: unread > 0 ? t("tray-tip", { count: unread }) : "Inlet",
    tray: [
      { command: "open", label: unread > 0 ? t("tray-open-unread", { count: unread }) : t("tray-open") },
      { command: "compose", label: t("command-compose") },
      paused ? { command: "resume", label: t("tray-resume") } : { command: "pause", label: t("tray-pause") },
      { command: "quit", label: t("tray-quit") },
    ],
    menus: [
      { title: t("menu-edit"), items: [], edit: true },
      ...GROUPS.filter((group) => group !== "move" && group !== "select").map((group) => ({
        title: t(`sheet-${group}`),
        items: keymap.table.filter((row) => row.group === group).map((row): MenuEntry => ({ command: row.command, label: row.label, key: accelerator(row.keys) })),
      })),
    ],
  };
}

/** The letter of a key with Ctrl or ⌘; a letter alone would be taken away from whoever types. */
function accelerator(keys: readonly string[]): string | null {
  const letters = keys.map((key) => /^Mod\+(\w)$/u.exec(key)?.[1]).filter((letter) => letter !== undefined);
  return letters.find((letter) => !EDITING.includes(letter)) ?? null;
}
