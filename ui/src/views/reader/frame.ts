/** The height of a frame that cannot be measured, as nothing may look into it. CSS pixels. */

const LINE = 22;
/** Characters of a line as mails set it. */
const WIDE = 78;
/** Room for margins and a picture or two. */
const EXTRA = 96;
export const LEAST = 160;

/** A height that fits text of this length, no more than `most`; the rest is scrolled inside. */
export function frameHeight(text: string, most: number): number {
  let lines = 0;
  for (const line of text.split("\n")) lines += Math.max(1, Math.ceil(line.length / WIDE));
  return Math.round(Math.min(Math.max(LEAST, most), Math.max(LEAST, lines * LINE + EXTRA)));
}
