// Files on their way into one message: told at once when they are too large, read one after the
// other, and shown while they arrive.

import { t } from "../../strings";

import { bytesOf, LONG, readFile, tooLarge, type Arriving } from "./files";
import { isPicture } from "./markup";
import type { Pen } from "./pen";
import type { Writing } from "./writing.svelte";

export class Attaching {
  arriving: Arriving[] = $state([]);

  /** Takes files along; pictures stand within the text where it has formatting and `shown` asks for it. */
  async add(writing: Writing, files: File[], limit: number | null, shown: Pen | null = null): Promise<void> {
    const already = writing.message.attachments.reduce((sum, file) => sum + bytesOf(file), 0) + this.arriving.reduce((sum, file) => sum + file.total, 0);
    writing.problem = tooLarge(files, already, limit);
    if (writing.problem !== null) return;
    const waiting = files.map((file) => ({ file, name: file.name || t("pasted-file") }));
    this.arriving.push(...waiting.map(({ file, name }) => ({ name, done: 0, total: file.size })));
    for (const { file, name } of waiting) {
      try {
        const read = await readFile(file, (done) => {
          const here = this.arriving.find((one) => one.name === name);
          if (here) here.done = done;
        });
        if (shown?.picture && writing.message.html !== null && isPicture(read)) {
          const contentId = `${crypto.randomUUID()}@inlet`;
          writing.message.attachments = [...writing.message.attachments, { ...read, content_id: contentId }];
          shown.picture(contentId, read.name);
        } else {
          writing.message.attachments = [...writing.message.attachments, read];
        }
        writing.touch();
      } catch (error) {
        writing.problem = (error as Error).message;
      } finally {
        const at = this.arriving.findIndex((one) => one.name === name);
        if (at >= 0) this.arriving.splice(at, 1);
      }
    }
  }

  /** What is pasted as a file or should be one; nothing when it is for the text. */
  pasted(data: DataTransfer | null): File[] {
    const files = [...(data?.files ?? [])];
    // A copied table comes as text and as a picture of itself: the text is meant.
    if (files.length > 0 && !data?.types.includes("text/plain")) return files;
    const text = data?.getData("text/plain") ?? "";
    return text.length > LONG ? [new File([text], `${t("pasted-file")}.txt`, { type: "text/plain" })] : [];
  }
}
