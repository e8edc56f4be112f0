/** The words of the tray and of the menu bar, from the table of keys. */
import type { DesktopWords, MenuEntry } from "../host";
import { keymap } from "../keys/keymap.svelte";
import { GROUPS, type Binding, type CommandId } from "../keys/table";
import { t } from "../strings";

/** Letters that the Edit menu has by itself. */
const EDITING = "acvxz";

/** What is said while the window is locked: nothing that was written, nor how much. */
function lockedWords(): DesktopWords {
  return {
    unread: 0,
    tip: t("lock-title"),
    tray: [{ command: "open", label: t("tray-open") }, { command: "quit", label: t("tray-quit") }],
    menus: [{ title: t("menu-edit"), items: [], edit: true }],
  };
}

/** @param lock whether there is a passphrase to lock the window with, and whether it is locked */
export function words(unread: number, paused: boolean, lock: { set: boolean; locked: boolean }): DesktopWords {
  if (lock.locked) return lockedWords();
  return {
    unread,
    tip: unread > 0 ? t("tray-tip", { count: unread }) : "Inlet",
    tray: [
      { command: "open", label: unread > 0 ? t("tray-open-unread", { count: unread }) : t("tray-open") },
      { command: "compose", label: t("command-compose") },
      paused ? { command: "resume", label: t("tray-resume") } : { command: "pause", label: t("tray-pause") },
      ...(lock.set ? [{ command: "lock", label: t("command-lock") }] : []),
      { command: "quit", label: t("tray-quit") },
    ],
    menus: [
      { title: t("menu-edit"), items: [], edit: true },
      ...GROUPS.filter((group) => group !== "move" && group !== "select").map((group) => ({
        title: t(`sheet-${group}`),
        items: keymap.table.filter((row) => row.group === group).map((row): MenuEntry => ({ command: row.command, label: row.label, key: accelerator(row) })),
      })),
    ],
  };
}

/** What a letter of the menu may do while somebody writes, beside what it may anyway. */
const HARMLESS: readonly CommandId[] = ["compose", "search", "print"];

/**
 * The letter of a key with Ctrl or ⌘; a letter alone would be taken away from whoever types. The
 * system's menu hears its letters before the page does, also in the middle of a text: only what
 * changes no conversation has one there, everything else keeps its key in the page.
 */
function accelerator({ command, keys, always }: Binding): string | null {
  if (!always && !HARMLESS.includes(command)) return null;
  const letters = keys.map((key) => /^Mod\+(\w)$/u.exec(key)?.[1]).filter((letter) => letter !== undefined);
  return letters.find((letter) => !EDITING.includes(letter)) ?? null;
}
