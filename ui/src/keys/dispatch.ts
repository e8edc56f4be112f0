/** From a key press to a command, chords included. */
import { isMac, TABLE, type Binding, type CommandId } from "./table";

/** Milliseconds in which the second key of a chord has to follow. */
export const CHORD_WAIT = 1200;

/** @param at when the key was pressed, in the page's own time (milliseconds) */
export type Run = (command: CommandId, at: number) => void;

/** The stroke of a key press in the words of the table. */
export function strokeOf(event: KeyboardEvent, mac = isMac()): string {
  const mod = mac ? event.metaKey : event.ctrlKey;
  const parts: string[] = [];
  if (mac && event.ctrlKey) parts.push("Ctrl");
  if (mod) parts.push("Mod");
  const letter = event.key.length === 1 && event.key.toLowerCase() !== event.key.toUpperCase();
  // A sign such as ? or # needs Shift on one keyboard and not on another: the sign is what counts.
  if (event.shiftKey && (letter || event.key.length > 1)) parts.push("Shift");
  // Spaces part the strokes of a chord.
  parts.push(event.key === " " ? "Space" : letter ? event.key.toLowerCase() : event.key);
  return parts.join("+");
}

/** The press belongs to whoever has the focus: text is being written or a menu is open. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target.closest('[role="menu"], [role="dialog"], dialog[open], [data-keys="own"]')) return true;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button"].includes(target.type);
}

/** Something lies over the window, or handles every key itself. */
function isCovered(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('[role="menu"], dialog[open], [data-keys="own"]') !== null;
}

export class Dispatcher {
  readonly #table: () => readonly Binding[];
  readonly #run: Run;
  readonly #inList: () => boolean;
  #first: string | null = null;
  #firstAt = 0;

  /** @param inList whether the list has the keyboard at this moment */
  constructor(run: Run, inList: () => boolean, table: () => readonly Binding[] = () => TABLE) {
    this.#run = run;
    this.#inList = inList;
    this.#table = table;
  }

  /** Handles a press; answers whether it was one of ours. */
  press(event: KeyboardEvent): boolean {
    if (event.defaultPrevented || event.isComposing || event.altKey) return false;
    const stroke = strokeOf(event);
    const table = this.#table();
    if (isTyping(event.target)) {
      this.#first = null;
      const always = table.find((one) => one.always && one.keys.includes(stroke));
      if (!always || !stroke.includes("Mod+") || isCovered(event.target)) return false;
      event.preventDefault();
      this.#run(always.command, event.timeStamp);
      return true;
    }
    const chord = this.#first !== null && event.timeStamp - this.#firstAt <= CHORD_WAIT;
    const keys = chord ? `${this.#first} ${stroke}` : stroke;
    this.#first = null;

    const binding = table.find((one) => one.keys.includes(keys));
    if (binding) {
      if (binding.inList && !this.#inList()) return false;
      if (pressesItself(event)) return false;
      event.preventDefault();
      this.#run(binding.command, event.timeStamp);
      return true;
    }
    if (!chord && table.some((one) => one.keys.some((key) => key.startsWith(`${stroke} `)))) {
      this.#first = stroke;
      this.#firstAt = event.timeStamp;
      event.preventDefault();
      return true;
    }
    return false;
  }
}

/** Enter on a button or link presses it, and nothing else. */
function pressesItself(event: KeyboardEvent): boolean {
  if (event.key !== "Enter") return false;
  const target = event.target;
  return target instanceof HTMLElement && target.closest("button, a[href], summary, [role=button]") !== null;
}
