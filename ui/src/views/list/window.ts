/** Which rows of a long list are in sight, and where to scroll for one that is not. Pixels. */

export type Range = { from: number; to: number };

/** Rows to draw: those in sight and `over` more on each side. `to` is one past the last. */
export function inSight(top: number, height: number, rowHeight: number, total: number, over: number): Range {
  if (total <= 0 || rowHeight <= 0) return { from: 0, to: 0 };
  const first = Math.floor(Math.max(0, top) / rowHeight);
  const last = Math.ceil((Math.max(0, top) + Math.max(0, height)) / rowHeight);
  const from = Math.max(0, Math.min(first, total - 1) - over);
  return { from, to: Math.max(from, Math.min(total, last + over)) };
}

/** Most rows that are ever drawn at once; a multiple of it apart, two rows are never both in sight. */
export function slots(height: number, rowHeight: number, over: number): number {
  return Math.ceil(Math.max(0, height) / Math.max(1, rowHeight)) + 1 + 2 * over;
}

/** The scroll position that brings a row into sight with the least movement. */
export function reveal(index: number, top: number, height: number, rowHeight: number): number {
  const start = index * rowHeight;
  const end = start + rowHeight;
  if (start < top || rowHeight >= height) return start;
  if (end > top + height) return end - height;
  return top;
}
