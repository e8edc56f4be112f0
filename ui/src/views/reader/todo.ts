/** To-dos of a page that is plain text: `- [ ] milk` is shown with its box, `- [x] milk` with a tick. */
export function ticked(text: string): string {
  return text.replace(/^([ \t]*)[-*] \[([ xX])\] /gmu, (_, indent: string, mark: string) => `${indent}${mark === " " ? "☐" : "☑"} `);
}
