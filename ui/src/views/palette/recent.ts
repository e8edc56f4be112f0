/** What was run from the palette lately; kept by the window, as it is nobody else's business. */
const KEY = "inlet-recent";
const KEEP = 12;

/** Ids, the newest first. */
export function recent(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((id) => typeof id === "string").slice(0, KEEP) : [];
  } catch {
    return [];
  }
}

export function remember(id: string): void {
  try {
    localStorage.setItem(KEY, JSON.stringify([id, ...recent().filter((other) => other !== id)].slice(0, KEEP)));
  } catch {
    // A browser that keeps nothing shows the palette in its usual order.
  }
}
