/** Files of messages: looked at here, opened elsewhere, saved, and how far each has come. */
import { SvelteMap } from "svelte/reactivity";

import { call, failure, host, sentence, type AttachmentView, type Stop } from "../host";
import { download } from "../host/download";
import { format } from "../parts/format";
import { toast } from "../parts/toast.svelte";
import { t, told } from "../strings";
import { onEvent } from "./events";
import { links } from "./links.svelte";

export type Way = "open" | "save";

/** What the window itself shows. Nothing that could run or load something: no SVG, no HTML. */
const PICTURES: readonly string[] = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"];

/** The largest file the engine hands over in one piece, in bytes. */
const LARGEST_SHOWN = 32 * 1024 * 1024;

/** How the window shows a file; null when another program has to. */
export function shownAs(file: AttachmentView): "image" | "pdf" | null {
  if (file.link !== null || file.executable || file.size > LARGEST_SHOWN) return null;
  const type = file.type.toLowerCase();
  if (PICTURES.includes(type)) return "image";
  return type === "application/pdf" ? "pdf" : null;
}

class Files {
  /** Bytes that are here of each file on its way. */
  readonly coming = new SvelteMap<string, number>();
  /** A file that could run a program, and what was asked for. */
  asked: { file: AttachmentView; way: Way } | null = $state.raw(null);
  /** The files that are looked at, one at a time. */
  shown: readonly AttachmentView[] = $state.raw([]);
  at = $state(0);

  /** The file that is looked at. */
  get current(): AttachmentView | undefined {
    return this.shown[this.at];
  }

  /** Looks at a file, with the others of its message that can be looked at beside it. */
  show(file: AttachmentView, among: readonly AttachmentView[]): void {
    this.shown = among.filter((one) => shownAs(one) !== null);
    this.at = Math.max(0, this.shown.findIndex((one) => one.id === file.id));
  }

  step(by: number): void {
    this.at = Math.min(this.shown.length - 1, Math.max(0, this.at + by));
  }

  hide(): void {
    this.shown = [];
  }

  /** What a press on a file does: shown here where it can be, else opened elsewhere; what lies elsewhere as any link is. */
  press(file: AttachmentView, among: readonly AttachmentView[]): void {
    if (file.link !== null) void links.follow(file.link, file.link);
    else if (shownAs(file) === null) void this.go("open", file);
    else this.show(file, among);
  }

  /** Opens or saves; asks first when the file could run a program. */
  async go(way: Way, file: AttachmentView, sure = false): Promise<void> {
    if (file.executable && !sure) {
      this.asked = { file, way };
      return;
    }
    this.asked = null;
    await this.#during(file.id, () => (way === "open" ? this.#open(file, sure) : this.#save(file)));
  }

  /** Saves all files of a message into one folder. */
  async saveAll(item: string): Promise<void> {
    await this.#during(item, async () => {
      const saved = await call("attachment.save_all", { item });
      if (saved.left_out.length > 0) toast(t("files-left-out", { count: saved.left_out.length, path: saved.path, first: told(saved.left_out[0] ?? "") }), { tone: "problem" });
      else toast(t("files-saved", { count: saved.files, path: saved.path }));
    });
  }

  /** Hears how far files have come, until stopped. */
  start(): Stop {
    return onEvent((event) => {
      if (event.event === "fetching") this.coming.set(event.attachment, event.done);
    });
  }

  /** The bytes of a file that is shown here. */
  async bytes(file: AttachmentView): Promise<Uint8Array<ArrayBuffer>> {
    this.coming.set(file.id, 0);
    try {
      const { base64 } = await call("attachment.data", { id: file.id });
      return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    } finally {
      this.coming.delete(file.id);
    }
  }

  async #open(file: AttachmentView, sure: boolean): Promise<void> {
    if (host().kind === "browser" && file.size > LARGEST_SHOWN) {
      await this.#keep(file);
      return;
    }
    await host().openFile(file.id, sure);
    toast(t(host().kind === "browser" ? "file-handed" : "file-opened", { name: file.name }));
  }

  async #save(file: AttachmentView): Promise<void> {
    if (host().kind !== "browser") {
      await this.#keep(file);
      return;
    }
    try {
      download(await call("attachment.data", { id: file.id }));
      toast(t("file-handed", { name: file.name }));
    } catch (error) {
      // Too large to be handed over in one piece: the engine writes it itself.
      if (failure(error).code !== "refused") throw error;
      await this.#keep(file);
    }
  }

  async #keep(file: AttachmentView): Promise<void> {
    const saved = await call("attachment.save", { id: file.id });
    toast(t("file-saved", { path: saved.path }));
  }

  async #during(id: string, work: () => Promise<void>): Promise<void> {
    this.coming.set(id, 0);
    try {
      await work();
    } catch (error) {
      toast(sentence(error), { tone: "problem" });
    } finally {
      this.coming.delete(id);
    }
  }
}

export const files = new Files();

/** How far a file has come, in words. */
export function progress(done: number, size: number): string {
  return done === 0 ? t("file-coming") : t("file-coming-part", { done: format.size(Math.min(done, size)), size: format.size(size) });
}

/** What a press on a file does, in words. */
export function pressWord(file: AttachmentView): string {
  if (file.link !== null) return t("file-browse", { name: file.name, host: URL.canParse(file.link) ? new URL(file.link).host : file.link });
  return t(shownAs(file) === null ? "file-open" : "file-show", { name: file.name });
}

const WORDS = [
  ["image", /^image\//u],
  ["audio", /^audio\//u],
  ["video", /^video\//u],
  ["pdf", /^application\/pdf$/u],
  ["calendar", /calendar/u],
  ["contact", /vcard/u],
  ["mail", /^message\//u],
  ["sheet", /sheet|csv|excel/u],
  ["slides", /presentation|powerpoint/u],
  ["document", /word|opendocument\.text|rtf/u],
  ["archive", /zip|compressed|tar|rar|7z|gzip/u],
  ["text", /^text\//u],
] as const;

/** What kind of file it is, in a word. */
export function typeWord(file: AttachmentView): string {
  const found = WORDS.find(([, type]) => type.test(file.type.toLowerCase()));
  return t(`type-${found?.[0] ?? "other"}`);
}
