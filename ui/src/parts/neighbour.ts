/**
 * Where the keyboard goes when the row it stands in goes away: to the row that takes its place, and never back to
 * the top of the page, where the browser would leave it.
 */
import { tick } from "svelte";

/** What can have the keyboard, unless it is switched off. */
const STOPS = ["button", "input", "select", "textarea", "a[href]", "summary", '[tabindex]:not([tabindex="-1"])'].join(",");

const stopsOf = (within: Element) => [...within.querySelectorAll<HTMLElement>(STOPS)];
const isOn = (stop: HTMLElement | undefined) => stop?.matches(":enabled, a, summary, [tabindex]") === true;
const firstOf = (within: Element) => stopsOf(within).find(isOn);

/**
 * Looks where the keyboard is among the rows `row` is one of, before it is taken away; what comes back gives the
 * keyboard to the same control of the row that stands there afterwards, or to a row that asks to be read as a
 * whole (`data-row`), or, where none is left, to the first control of what stood around them. A row that is still
 * there keeps it, also where its control went or could not be pressed for a while.
 */
export function neighbour(row: Element | null): () => Promise<void> {
  const rows = row?.parentElement;
  if (!row || !rows || !row.contains(document.activeElement)) return async () => {};
  const at = [...rows.children].indexOf(row);
  const control = stopsOf(row).findIndex((one) => one === document.activeElement);
  const around: Element[] = [];
  for (let one = rows.parentElement; one; one = one.parentElement) around.push(one);

  return async () => {
    await tick();
    // Somebody has gone elsewhere meanwhile.
    if (document.activeElement !== document.body) return;
    const next = row.isConnected ? row : rows.isConnected ? (rows.children[at] ?? rows.children[at - 1]) : undefined;
    const same = next && stopsOf(next)[control];
    const stop = next && (next.querySelector<HTMLElement>("[data-row]") ?? (isOn(same) ? same : firstOf(next)));
    const home = around.find((one) => one.isConnected && firstOf(one));
    (stop ?? (home && firstOf(home)))?.focus();
  };
}

/** Gives the keyboard to the first other control of a row: the one that was pressed is about to go. */
export function handOver(event: Event): void {
  const row = rowOf(event, "li, .row");
  if (row) stopsOf(row).find((one) => one !== event.currentTarget && isOn(one))?.focus();
}

/** The row a control stands in. */
export function rowOf(event: Event, rows = "li"): Element | null {
  return event.currentTarget instanceof Element ? event.currentTarget.closest(rows) : null;
}
