// Files on their way into one message: told at once when they are too large, read one after the
// other, and shown while they arrive.

import type { ComposeAttachment } from "../../host";
import { tooLong, unreadable } from "../../parts/pasting.svelte";
import { toast } from "../../parts/toast.svelte";
import { t } from "../../strings";

import { bytesOfAll, readFile, tooLarge, type Arriving } from "./files";
import type { Here } from "./here.svelte";
import { isPicture } from "./markup";
import type { Pen } from "./pen";
import type { Writing } from "./writing.svelte";

export class Attaching {
  arriving: Arriving[] = $state([]);
  /** Files are held over the message. */
  dropping = $state(false);
  readonly #here: Here;
  readonly #pen: () => Pen | null;

  constructor(here: Here, pen: () => Pen | null) {
    this.#here = here;
    this.#pen = pen;
  }

  /** Takes files along; pictures stand `within` the text where it has formatting. */
  async add(files: File[], within = false): Promise<void> {
    const { writing, limit } = this.#here;
    const already = bytesOfAll(writing.message.attachments) + this.arriving.reduce((sum, file) => sum + file.total, 0);
    writing.problem = tooLarge(files, already, limit);
    if (writing.problem !== null) return;
    const waiting = files.map((file) => ({ file, name: file.name || t("pasted-file") }));
    this.arriving.push(...waiting.map(({ file, name }) => ({ name, done: 0, total: file.size })));
    const here = this.#read(writing, waiting, within ? this.#pen() : null);
    writing.expect(here);
    await here;
  }

  /** Reads files into a message; whether all of them came. */
  async #read(writing: Writing, waiting: { file: File; name: string }[], shown: Pen | null): Promise<boolean> {
    let whole = true;
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
        whole = false;
      } finally {
        const at = this.arriving.findIndex((one) => one.name === name);
        if (at >= 0) this.arriving.splice(at, 1);
      }
    }
    return whole;
  }

  readonly remove = (file: ComposeAttachment): void => {
    const { writing } = this.#here;
    writing.message.attachments = writing.message.attachments.filter((one) => one !== file);
    writing.touch();
  };

  readonly paste = (event: ClipboardEvent): void => {
    if (this.#here.limit === null) {
      const refused = tooLong(event.clipboardData);
      if (refused === null) return;
      event.preventDefault();
      event.stopPropagation();
      this.#here.writing.problem = refused;
      return;
    }
    const files = this.#pasted(event.clipboardData);
    if (files.length === 0) return;
    event.preventDefault();
    event.stopPropagation();
    const text = files[0]?.type === "text/plain" && (event.clipboardData?.files.length ?? 0) === 0;
    if (text) toast(t("pasted-long"));
    void this.add(files, true);
  };

  readonly over = (event: DragEvent): void => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.dropping = true;
  };

  readonly drop = (event: DragEvent): void => {
    this.dropping = false;
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    void this.add([...event.dataTransfer.files], true);
  };

  readonly leave = (): void => {
    this.dropping = false;
  };

  /** What is pasted as a file or should be one; nothing when it is for the text. */
  #pasted(data: DataTransfer | null): File[] {
    const files = [...(data?.files ?? [])];
    // A copied table comes as text and as a picture of itself: the text is meant.
    if (files.length > 0 && !data?.types.includes("text/plain")) return files;
    const text = data?.getData("text/plain") ?? "";
    return unreadable(text) ? [new File([text], `${t("pasted-file")}.txt`, { type: "text/plain" })] : [];
  }
}
