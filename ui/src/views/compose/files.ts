// Files on their way into a message: read once, counted before they are sent.

import type { ComposeAttachment } from "../../host";
import { format } from "../../parts/format";
import { t } from "../../strings";

/** Bytes of a file that goes along: those its base64 text stands for, unless the engine holds them. */
export function bytesOf(attachment: ComposeAttachment): number {
  if (attachment.held) return attachment.held.size;
  const text = attachment.base64;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.floor(text.length / 4) * 3 - padding;
}

/** Bytes of all of them. */
export function bytesOfAll(attachments: readonly ComposeAttachment[]): number {
  return attachments.reduce((sum, file) => sum + bytesOf(file), 0);
}

/** A file on its way into a message, in bytes. */
export interface Arriving {
  name: string;
  done: number;
  total: number;
}

/** A file as an attachment. It fails with a sentence when the file cannot be read. */
export function readFile(file: File, progress: (done: number) => void = () => {}): Promise<ComposeAttachment> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onprogress = (event) => progress(event.loaded);
    reader.onerror = () => reject(new Error(t("file-unreadable", { name: file.name })));
    reader.onload = () => {
      const url = typeof reader.result === "string" ? reader.result : "";
      resolve({
        name: file.name || t("pasted-file"),
        type: file.type || "application/octet-stream",
        base64: url.slice(url.indexOf(",") + 1),
      });
    };
    reader.readAsDataURL(file);
  });
}

/** What keeps files from being attached, as a sentence; `null` when nothing does. */
export function tooLarge(files: { name: string; size: number }[], already: number, limit: number | null): string | null {
  if (files.length === 0) return null;
  if (limit === null) return t("file-refused");
  const big = files.find((file) => file.size > limit);
  if (big) return t("file-too-large", { name: big.name, size: format.size(big.size), limit: format.size(limit) });
  const total = files.reduce((sum, file) => sum + file.size, already);
  if (total > limit) return t("files-too-large", { size: format.size(total), limit: format.size(limit) });
  return null;
}

// Words with which people announce a file, in the languages most mail is written in.
const ANNOUNCES =
  /(^|[^\p{L}])(attach(ed|ing|ment|ments)?|enclosed|anhang|anhänge|anbei|beiliegend(e[mnrs]?)?|angehängt(e[mnrs]?)?|beigefügt(e[mnrs]?)?|pi[eè]ces? jointes?|ci-joint|adjunt[oa]s?|adjunto|allegat[oi]|em anexo|anexad[oa]s?|bijlagen?)(?=$|[^\p{L}])|添付|附件/iu;

/** The text speaks of a file. Only what the person wrote is looked at, never a quote. */
export function announcesFile(text: string): boolean {
  return ANNOUNCES.test(
    text
      .split("\n")
      .filter((line) => !line.startsWith(">"))
      .join("\n"),
  );
}
