// Rich text on TipTap. Fetched when the first mail is written with formatting, never before.
//
// What the editor knows is what a mail may hold: pasted HTML is read into that, so styles, scripts
// and remote images fall away by themselves.

import { Editor, getTextBetween, getTextSerializersFromSchema, Node } from "@tiptap/core";
import { Placeholder } from "@tiptap/extensions";
import { TextSelection } from "@tiptap/pm/state";
import StarterKit from "@tiptap/starter-kit";

import "./rich.css";

import { keymap } from "../../keys/keymap.svelte";
import { say, wordsOnly } from "../../parts/pasting.svelte";
import { t } from "../../strings";
import { inward, outward } from "./markup";
import type { Caret } from "./pen";

export interface RichOptions {
  element: HTMLElement;
  html: string;
  placeholder: string;
  /** Attributes of the text box: its name, language and role. */
  attributes: Record<string, string>;
  /** The bytes of a picture of this message as a `data:` address. */
  picture: (contentId: string) => string | null;
  onchange: (html: string, text: string) => void;
  /** Marks and blocks at the cursor may have changed. */
  onmove: () => void;
}

/** A picture of the message itself; it is named in the HTML and its bytes are a file of the message. */
function pictures(find: RichOptions["picture"]): Node {
  return Node.create({
    name: "picture",
    inline: true,
    group: "inline",
    draggable: true,
    atom: true,
    addAttributes: () => ({ src: { default: "" }, alt: { default: "" } }),
    parseHTML: () => [{ tag: 'img[src^="cid:"]' }],
    renderHTML: ({ HTMLAttributes }) => ["img", HTMLAttributes],
    addNodeView:
      () =>
      ({ node }) => {
        const dom = document.createElement("img");
        dom.src = find(String(node.attrs["src"]).slice("cid:".length)) ?? "data:,";
        dom.alt = String(node.attrs["alt"]);
        return { dom };
      },
  });
}

const hasFiles = (data: DataTransfer | null) => data !== null && data.files.length > 0 && !data.types.includes("text/plain") && !data.types.includes("text/html");

const kit = () =>
  StarterKit.configure({
    link: { openOnClick: false, autolink: true, protocols: ["http", "https", "mailto"], HTMLAttributes: { target: null, rel: null } },
  });

/** Shows formatted text that is not written here; whatever a mail cannot hold falls away. */
export function showRich(element: HTMLElement, html: string): () => void {
  const shown = new Editor({ element, content: inward(html), extensions: [kit()], editable: false });
  return () => shown.destroy();
}

export function rich(options: RichOptions): Editor {
  return new Editor({
    element: options.element,
    content: inward(options.html),
    // Of what is written here every space counts; with line ends in it, it was laid out by another program.
    parseOptions: { preserveWhitespace: !options.html.includes("\n") },
    extensions: [
      kit(),
      Placeholder.configure({ placeholder: options.placeholder }),
      pictures(options.picture),
    ],
    editorProps: {
      // Nothing written runs as the window does, so that the placeholder stands where lines begin.
      attributes: (state): Record<string, string> => (state.doc.textContent === "" ? options.attributes : { ...options.attributes, dir: "auto" }),
      handleDOMEvents: {
        // No line break: it sends, as long as the person has not chosen another key for that.
        keydown: (_, event) => keymap.pressed("send", event),
        paste: (view, event) => {
          const words = wordsOnly(event.clipboardData);
          // Files are the composer's.
          if (words === null) return hasFiles(event.clipboardData);
          event.preventDefault();
          say(view.dom, t(words === "" ? "pasted-nothing" : "pasted-words"));
          return words === "" || view.pasteText(words);
        },
        drop: (_, event) => hasFiles(event.dataTransfer),
      },
    },
    onUpdate: ({ editor }) => options.onchange(outward(editor.getHTML()), textOf(editor)),
    onTransaction: options.onmove,
  });
}

/** The letters after a place, as `textOf` counts them. */
function after(editor: Editor, place: number): number {
  const { doc, schema } = editor.state;
  return getTextBetween(doc, { from: place, to: doc.content.size }, { blockSeparator: "\n", textSerializers: getTextSerializersFromSchema(schema) }).length;
}

/** Where somebody writes in it. */
export function caretOf(editor: Editor): Caret {
  const { anchor, head } = editor.state.selection;
  return { from: after(editor, anchor), to: after(editor, head) };
}

/** Goes on there; at once, for until the next frame letters would be the window's. */
export function goOn(editor: Editor, { from, to }: Caret): void {
  const { doc } = editor.state;
  // Between two blocks there are several places with as many letters after them: the last one is in a line.
  const place = (letters: number) => {
    let [low, high] = [0, doc.content.size];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (after(editor, middle) >= letters) low = middle;
      else high = middle - 1;
    }
    return doc.resolve(low);
  };
  editor.view.dispatch(editor.state.tr.setSelection(TextSelection.between(place(from), place(to))).scrollIntoView());
  editor.view.focus();
}

/** The words, for drafts, questions and the list; what is sent as text is made by the engine. */
function textOf(editor: Editor): string {
  return editor.getText({ blockSeparator: "\n" });
}
