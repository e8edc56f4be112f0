/** A template with its blanks filled: what it says, and what is sent. */
import type { FileKind, Template, TemplateUse } from "../../host";

/** Media types of the file above a template; nothing where any will do. */
export const ACCEPTED: Record<FileKind, string | undefined> = {
  image: "image/jpeg,image/png",
  video: "video/mp4,video/3gpp",
  document: undefined,
};

/** A blank without a value stays as it is written, so that one sees what is missing. */
export function fill(template: Template, values: readonly string[]): { text: string; use: TemplateUse } {
  let text = "";
  let rest = template.text;
  template.blanks.forEach((blank, at) => {
    const written = `{{${blank.name}}}`;
    const start = rest.indexOf(written);
    if (start === -1) return;
    text += rest.slice(0, start) + (values[at]?.trim() || written);
    rest = rest.slice(start + written.length);
  });
  const filled = template.blanks.map(({ part, name }, at) => ({ part, name, value: values[at]?.trim() ?? "" }));
  return { text: text + rest, use: { name: template.name, language: template.language, values: filled, file: template.file ?? null } };
}
