/** How large a preview is: a factor, or as large as fits. */

/** As large as fits. */
export const FIT = 0;

const STEPS = [0.1, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3, 4, 6] as const;

/** The next factor up (1) or down (-1); from "as large as fits" it begins at the true size. */
export function zoomed(zoom: number, by: 1 | -1): number {
  if (zoom === FIT) return by === 1 ? 1.25 : 0.75;
  const next = by === 1 ? STEPS.find((step) => step > zoom) : STEPS.findLast((step) => step < zoom);
  return next ?? zoom;
}
