// Between plain text and the HTML of a message.

import type { ComposeAttachment } from "../../host";

/** Text as HTML: a block for each line. */
export function htmlOf(text: string): string {
  if (text === "") return "";
  const escaped = text.replace(/&/gu, "&amp;").replace(/</gu, "&lt;").replace(/>/gu, "&gt;");
  return outward(
    escaped
      .split("\n")
      .map((line) => `<p>${line}</p>`)
      .join(""),
  );
}

/**
 * The editor's paragraphs as blocks without a distance, which mail programs show as they were
 * written: a paragraph of theirs has an empty line below it.
 */
export function outward(html: string): string {
  return html.replaceAll("<p></p>", "<div><br></div>").replaceAll("<p>", "<div>").replaceAll("</p>", "</div>");
}

/** The same on the way back. */
export function inward(html: string): string {
  return html.replaceAll("<div><br></div>", "<p></p>").replaceAll("<div>", "<p>").replaceAll("</div>", "</p>");
}

const RASTER = /^image\/(png|jpeg|gif|webp)$/u;

/** It can stand inside the text of a mail. */
export function isPicture(file: { type: string }): boolean {
  return RASTER.test(file.type);
}

/** The bytes of a picture of a message as an address that can be shown. */
export function pictureOf(files: readonly ComposeAttachment[], contentId: string): string | null {
  const file = files.find((one) => one.content_id === contentId);
  return file && isPicture(file) ? `data:${file.type};base64,${file.base64}` : null;
}

const KEY = "inlet-compose";

type Choice = Record<"panel" | "inline", boolean>;

function choice(): Choice {
  const first: Choice = { panel: true, inline: false };
  try {
    return { ...first, ...(JSON.parse(localStorage.getItem(KEY) ?? "{}") as Partial<Choice>) };
  } catch {
    return first;
  }
}

/** Messages begin with formatting: in the panel unless somebody chose otherwise, in the box when somebody did. */
export function beginsRich(inline: boolean): boolean {
  return choice()[inline ? "inline" : "panel"];
}

/** Remembers what was chosen last. */
export function rememberRich(inline: boolean, rich: boolean): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...choice(), [inline ? "inline" : "panel"]: rich }));
  } catch {
    // A browser that keeps nothing asks anew.
  }
}
