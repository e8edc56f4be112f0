/** From a key press to a command, chords included. */
import { isMac, TABLE, type Binding, type CommandId } from "./table";

/** Milliseconds in which the second key of a chord has to follow. */
export const CHORD_WAIT = 1200;

/** Strokes that put nothing into a text. */
const WRITES_NOTHING = /Mod\+|(^|\+)F\d+$/u;

/** @param at when the key was pressed, in the page's own time (milliseconds) */
export type Run = (command: CommandId, at: number) => void;

/** The stroke of a key press in the words of the table. */
export function strokeOf(event: KeyboardEvent, mac = isMac()): string {
  const mod = mac ? event.metaKey : event.ctrlKey;
  const parts: string[] = [];
  if (mac && event.ctrlKey) parts.push("Ctrl");
  if (mod) parts.push("Mod");
  const key = keyOf(event);
  const letter = key.length === 1 && /\p{L}/u.test(key);
  // A sign such as ? or # needs Shift on one keyboard and not on another: the sign is what counts.
  if (event.shiftKey && (letter || key.length > 1)) parts.push("Shift");
  // Spaces part the strokes of a chord.
  parts.push(key === " " ? "Space" : letter ? key.toLowerCase() : key);
  return parts.join("+");
}

/** What a key writes; on a keyboard of another script the Latin letter that stands on it as well. */
function keyOf({ key, code }: KeyboardEvent): string {
  const latin = /^Key([A-Z])$/u.exec(code)?.[1];
  return latin !== undefined && /^\p{L}$/u.test(key) && !/\p{Script=Latin}/u.test(key) ? latin.toLowerCase() : key;
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
  readonly #inList: (command: CommandId) => boolean;
  #first: string | null = null;
  #firstAt = 0;

  /** @param inList whether the list has the keyboard at this moment, and this command something to do there */
  constructor(run: Run, inList: (command: CommandId) => boolean, table: () => readonly Binding[] = () => TABLE) {
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
      if (!always || !WRITES_NOTHING.test(stroke) || isCovered(event.target)) return false;
      event.preventDefault();
      this.#run(always.command, event.timeStamp);
      return true;
    }
    const chord = this.#first !== null && event.timeStamp - this.#firstAt <= CHORD_WAIT;
    const keys = chord ? `${this.#first} ${stroke}` : stroke;
    this.#first = null;

    const binding = table.find((one) => one.keys.includes(keys));
    if (binding) {
      if (binding.inList && !this.#inList(binding.command)) return false;
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

/** Enter alone on a button or link presses it, and nothing else. */
function pressesItself(event: KeyboardEvent): boolean {
  if (event.key !== "Enter" || event.ctrlKey || event.metaKey) return false;
  const target = event.target;
  return target instanceof HTMLElement && target.closest("button, a[href], summary, [role=button]") !== null;
}
