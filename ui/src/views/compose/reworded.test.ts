import { beforeAll, describe, expect, it } from "vitest";

import { htmlOf } from "./markup";
import { reworded } from "./reworded";
import { caretOf, goOn, rich } from "./rich";

/** What the editor makes of it. */
function editor(html: string) {
  const element = document.createElement("div");
  document.body.append(element);
  return rich({ element, html, placeholder: "", attributes: {}, picture: () => null, onchange: () => {}, onmove: () => {} });
}

function told(html: string): string {
  const made = editor(html);
  const text = made.getText({ blockSeparator: "\n" });
  made.destroy();
  return text;
}

const LOOKS =
  '<div>Dear <strong>Ana</strong>,</div><div><br></div><ul><li><div>one</div></li><li><div><em>two</em> <img src="cid:a@inlet"></div></li></ul><div>end<br>of it</div>';

beforeAll(() => {
  // Nothing is laid out here, so that there is nowhere to scroll to.
  const nowhere = () => new DOMRect();
  Range.prototype.getBoundingClientRect = nowhere;
  Range.prototype.getClientRects = () => [nowhere()] as unknown as DOMRectList;
});

describe("formatted text that is changed in plain text", () => {
  it("is made anew where it has no looks", () => {
    expect(reworded("", "", "a")).toBe("<div>a</div>");
    expect(reworded(htmlOf("a\nb"), "a\nb", "a\n\nb")).toBe(htmlOf("a\n\nb"));
  });

  it("says what the plain text says, letter by letter, and keeps its looks", () => {
    const text = told(LOOKS);
    expect(text).toBe("Dear Ana,\n\n\n\none\n\ntwo \nend\nof it");
    // Every place but those between two blocks, where no text field of the editor could stand either.
    const places = [0, 3, 5, 8, 9, 10, text.indexOf("one"), text.indexOf("two") + 3, text.indexOf("end") + 3, text.indexOf("of it"), text.length];
    for (const at of places) {
      for (const put of ["x", "\n", "x\ny"]) {
        let [html, before] = [LOOKS, text];
        // As it is typed, and then taken back with one key.
        for (let letters = 1; letters <= put.length; letters += 1) {
          const next = text.slice(0, at) + put.slice(0, letters) + text.slice(at);
          html = reworded(html, before, next);
          before = next;
          expect(told(html), JSON.stringify({ at, put, html })).toBe(next);
        }
        expect(html).toContain("cid:a@inlet");
        for (const looks of ["<strong>", "<em>", "<li>"]) expect(html).toContain(looks);
      }
    }
  });

  it("loses the letters that were taken out and no others", () => {
    const text = told(LOOKS);
    const without = text.replace("Ana", "");
    expect(told(reworded(LOOKS, text, without))).toBe(without);
    const joined = text.replace("end\nof", "endof");
    expect(told(reworded(LOOKS, text, joined))).toBe(joined);
    const other = text.replace("r Ana,", "r Ben and Cem,");
    expect(told(reworded(LOOKS, text, other))).toBe(other);
  });

  it("has at its end what was put into text whose lines are told otherwise", () => {
    const html = "<table><tr><td>Mine</td></tr></table>";
    const changed = reworded(html, "Mine, told otherwise", "Mine, all told otherwise");
    expect(changed).toBe(`${html}<div> all</div>`);
    expect(reworded(html, "told otherwise", "told")).toBe(html);
  });
});

it("the editor goes on where somebody was writing", () => {
  const made = editor(LOOKS);
  const text = made.getText({ blockSeparator: "\n" });
  for (const word of ["Dear", "Ana", "one", "two", "end", "of it"]) {
    const at = text.indexOf(word);
    const caret = { from: text.length - at, to: text.length - at - word.length };
    goOn(made, caret);
    const { from, to } = made.state.selection;
    expect(made.state.doc.textBetween(from, to, "\n", "\n")).toBe(word);
    expect(caretOf(made)).toEqual(caret);
    expect(made.view.hasFocus()).toBe(true);
  }
  made.destroy();
});
