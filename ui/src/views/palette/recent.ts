/** What was run from the palette lately; kept by the window, as it is nobody else's business. */
import type { Party } from "../../host";

const KEY = "inlet-recent";
const KEEP = 12;

/** Something that was run. People are not at hand before they are asked for, so they are kept whole. */
export type Recent = { id: string; person?: Party };

/** The newest first. */
export function recent(): Recent[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.flatMap(read).slice(0, KEEP) : [];
  } catch {
    return [];
  }
}

export function remember(one: Recent): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([one, ...recent().filter((other) => other.id !== one.id)].slice(0, KEEP)));
  } catch {
    // A browser that keeps nothing shows the palette in its usual order.
  }
}

/** Before people were kept it was ids alone. */
function read(kept: unknown): Recent[] {
  if (typeof kept === "string") return [{ id: kept }];
  if (typeof kept !== "object" || kept === null || !("id" in kept) || typeof kept.id !== "string") return [];
  const person = "person" in kept ? (kept.person as Partial<Party> | null) : null;
  const whole = typeof person?.handle === "string" && (person.name === null || typeof person.name === "string");
  return [whole ? { id: kept.id, person: { name: person.name ?? null, handle: person.handle! } } : { id: kept.id }];
}
