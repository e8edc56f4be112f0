/** The frame of foreign HTML: how high it is, as nothing may look into it to measure it (CSS pixels), and our words in it. */
import type { FrameWords } from "../../host";
import { t } from "../../strings";

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

/** What stands in it that the mail does not say. */
export function frameWords(): FrameWords {
  return { quoted: t("frame-quoted"), picture: t("frame-picture"), cut: t("frame-cut") };
}
