/** A template with its blanks filled: what it says, and what is sent. */
import type { Template, TemplateUse } from "../../host";

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
  return { text: text + rest, use: { name: template.name, language: template.language, values: filled } };
}
