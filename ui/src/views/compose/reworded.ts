// Formatted text that is changed in plain text, while the editor for it is still on its way.
//
// What changed between two texts is one piece; it is taken out of the HTML and put in where it stands there, and
// everything else keeps its looks. Making the HTML anew of the text would be shorter, and lose them.

import { htmlOf } from "./markup";

const BLOCKS = "div,p,ul,ol,li,blockquote,pre,h1,h2,h3,h4,h5,h6,hr";

/** Letters of the text and where they stand; the mark of an empty line holds none. */
interface Piece {
  node: Text | HTMLBRElement;
  start: number;
  length: number;
}

/**
 * The HTML after its words were changed in plain text; `before` is what they were. Of HTML whose lines are told otherwise
 * only the end is known, and there stands what was put in.
 */
export function reworded(html: string, before: string, text: string): string {
  if (html === htmlOf(before)) return htmlOf(text);
  const { from, to, put } = change(before, text);
  const { body } = new DOMParser().parseFromString(html, "text/html");
  const { said, pieces } = read(body);
  const place = pieces.find((piece) => from <= piece.start + piece.length);
  if (said !== before || !place) return put === "" ? html : html + htmlOf(put);
  for (const { node, start, length } of pieces) {
    const first = Math.max(from - start, 0);
    const count = Math.min(to - start, length) - first;
    if (count <= 0) continue;
    // The mark of a line's end is emptied and goes last: it may be the place.
    if (node instanceof Text) node.deleteData(first, count);
    else node.className = "gone";
  }
  const at = body.ownerDocument.createRange();
  if (place.node instanceof Text) at.setStart(place.node, from - place.start);
  else if (from > place.start) at.setStartAfter(place.node);
  else at.setStartBefore(place.node);
  at.collapse(true);
  write(at, put);
  for (const mark of body.querySelectorAll("br.gone")) mark.remove();
  return body.innerHTML;
}

/** What was taken out of a text, and what stands there instead. */
function change(before: string, text: string): { from: number; to: number; put: string } {
  const shorter = Math.min(before.length, text.length);
  // The end first: of several empty lines, the first is the one below words and so stands in a block of its own.
  let same = 0;
  while (same < shorter && before[before.length - 1 - same] === text[text.length - 1 - same]) same += 1;
  let from = 0;
  while (from < shorter - same && before[from] === text[from]) from += 1;
  return { from, to: before.length - same, put: text.slice(from, text.length - same) };
}

/** The words as the editor tells them: each block but the first begins a line. */
function read(body: HTMLElement): { said: string; pieces: Piece[] } {
  let said = "";
  const pieces: Piece[] = [];
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (node instanceof Text) {
      pieces.push({ node, start: said.length, length: node.data.length });
      said += node.data;
    } else if (node instanceof HTMLBRElement) {
      const end = node.parentElement?.childNodes.length === 1 ? "" : "\n";
      pieces.push({ node, start: said.length, length: end.length });
      said += end;
    } else if (node instanceof Element && node.matches(BLOCKS) && node !== body.firstChild) {
      said += "\n";
    }
  }
  return { said, pieces };
}

/** Writes there, a block for each line. */
function write(at: Range, put: string): void {
  for (const [index, line] of put.split("\n").entries()) {
    if (index > 0) split(at);
    if (line === "") continue;
    const next = at.startContainer.childNodes[at.startOffset];
    if (next instanceof HTMLBRElement && next.parentElement?.childNodes.length === 1) next.remove();
    const words = document.createTextNode(line);
    at.insertNode(words);
    at.setStartAfter(words);
    at.collapse(true);
  }
}

/** Ends a block there, and goes on at the beginning of another one like it. */
function split(at: Range): void {
  const { startContainer: here } = at;
  const block = (here instanceof Element ? here : here.parentElement)?.closest(BLOCKS);
  if (!block) return;
  const rest = block.cloneNode() as Element;
  at.setEnd(block, block.childNodes.length);
  rest.append(at.extractContents());
  block.after(rest);
  for (const one of [block, rest]) if (one.textContent === "" && !one.querySelector("img,br")) one.replaceChildren(document.createElement("br"));
  at.setStart(rest, 0);
  at.collapse(true);
}
