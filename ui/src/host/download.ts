/** Hands bytes to the browser as a file to keep. */
import type { AttachmentData } from "./gen/api";

export function download(data: AttachmentData): void {
  const bytes = Uint8Array.from(atob(data.base64), (character) => character.charCodeAt(0));
  // A neutral type: the browser must not show what it could run.
  const url = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = data.name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
