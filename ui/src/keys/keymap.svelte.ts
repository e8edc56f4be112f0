/**
 * The keys in force: the table, changed by the preset, changed by the person. Kept by the engine as
 * `keyboard.preset` and `keyboard.bindings` (JSON: command to its keys); a command the person has
 * not touched follows the preset, also a later one.
 */
import { settings } from "../state/settings.svelte";
import { strokeOf } from "./dispatch";
import { KEYS, PRESETS, type Preset } from "./presets";
import { isMac, TABLE, useTable, type Binding, type CommandId } from "./table";

/** The person's own keys, by command. */
export type Own = Readonly<Partial<Record<CommandId, readonly string[]>>>;

const BINDINGS = "keyboard.bindings";

/** Reads the setting; what is not understood counts as not given. */
export function parseOwn(text: string | undefined): Own {
  try {
    const parsed: unknown = JSON.parse(text ?? "{}");
    if (typeof parsed !== "object" || parsed === null) return {};
    const isKeys = (value: unknown): value is string[] => Array.isArray(value) && value.every((key) => typeof key === "string");
    return Object.fromEntries(Object.entries(parsed).filter(([, value]) => isKeys(value)));
  } catch {
    return {};
  }
}

/** The keys of a preset; Ctrl beside ⌘ is there on a Mac alone. */
function usualKeys(preset: Preset, row: Binding, mac = isMac()): readonly string[] {
  const keys = KEYS[preset][row.command] ?? row.keys;
  return mac ? keys : keys.filter((key) => !/Ctrl\+/u.test(key));
}

/** The table with a preset and the person's own keys, which win over a preset chosen later. */
export function effective(preset: Preset, own: Own, mac = isMac()): Binding[] {
  const taken = TABLE.flatMap((row) => own[row.command] ?? []);
  return TABLE.map((row) => {
    const usual = usualKeys(preset, row, mac);
    const keys = own[row.command] ?? usual.filter((key) => !taken.some((other) => collide(key, other)));
    return Object.defineProperties({} as Binding, { ...Object.getOwnPropertyDescriptors(row), keys: { value: keys, enumerable: true } });
  });
}

/** Two keys cannot both be in force: they are the same, or one is the beginning of the other. */
function collide(a: string, b: string): boolean {
  return a === b || a.startsWith(`${b} `) || b.startsWith(`${a} `);
}

/** A command a key would be taken from. */
export type Conflict = { command: CommandId; label: string; key: string };

/** Whose key this is already, in a table, other than the command's that wants it. */
export function conflictsOf(table: readonly Binding[], command: CommandId, key: string): Conflict[] {
  return table
    .filter((one) => one.command !== command)
    .flatMap((one) => one.keys.filter((other) => collide(key, other)).map((other) => ({ command: one.command, label: one.label, key: other })));
}

class Keymap {
  preset: Preset = $derived(PRESETS.find((one) => one === settings.value("keyboard.preset")) ?? "inlet");
  own: Own = $derived(parseOwn(settings.value(BINDINGS)));
  /** What is in force. */
  table: Binding[] = $derived(effective(this.preset, this.own));

  /** The person has chosen this command's keys. */
  isOwn(command: CommandId): boolean {
    return this.own[command] !== undefined;
  }

  /** Whether a press is a key of this command, for a view that answers it itself. */
  pressed(command: CommandId, event: KeyboardEvent): boolean {
    return this.#keys(command).includes(strokeOf(event));
  }

  conflicts(command: CommandId, key: string): Conflict[] {
    return conflictsOf(this.table, command, key);
  }

  /** Gives a command one more key, and takes it from whoever has it. */
  async add(command: CommandId, key: string): Promise<void> {
    const next: Record<string, readonly string[]> = { ...this.own };
    for (const conflict of this.conflicts(command, key)) {
      next[conflict.command] = (next[conflict.command] ?? this.#keys(conflict.command)).filter((one) => one !== conflict.key);
    }
    next[command] = [...this.#keys(command).filter((one) => !collide(one, key)), key];
    await this.#save(next);
  }

  async remove(command: CommandId, key: string): Promise<void> {
    await this.#save({ ...this.own, [command]: this.#keys(command).filter((one) => one !== key) });
  }

  /** Commands that have taken a key which this one would have again. */
  heldBy(command: CommandId): Conflict[] {
    const row = TABLE.find((one) => one.command === command);
    return (row ? usualKeys(this.preset, row) : []).flatMap((key) => this.conflicts(command, key));
  }

  /** Gives a command the keys of the preset again, and takes them from whoever has them. */
  async reset(command: CommandId): Promise<void> {
    const next: Record<string, readonly string[]> = { ...this.own };
    for (const conflict of this.heldBy(command)) {
      next[conflict.command] = (next[conflict.command] ?? this.#keys(conflict.command)).filter((one) => one !== conflict.key);
    }
    delete next[command];
    await this.#save(next);
  }

  async resetAll(): Promise<void> {
    await settings.set(BINDINGS, null);
  }

  #keys(command: CommandId): readonly string[] {
    return this.table.find((row) => row.command === command)?.keys ?? [];
  }

  async #save(own: Record<string, readonly string[]>): Promise<void> {
    await settings.set(BINDINGS, Object.keys(own).length === 0 ? null : JSON.stringify(own));
  }
}

export const keymap = new Keymap();
useTable(() => keymap.table);
