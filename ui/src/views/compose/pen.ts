/**
 * Where somebody writes, in letters before the end of the text: what is put before it meanwhile, by the engine or by
 * another box, moves nothing.
 */
export interface Caret {
  from: number;
  to: number;
}

/** Whatever the text is written in: a plain box, or the editor with formatting. */
export interface Pen {
  focus(): void;
  /** Where the cursor is; `null` while the keyboard is elsewhere. */
  caret(): Caret | null;
  /** Puts text where the cursor is. */
  write(text: string): void;
  /** Puts a picture of the message where the cursor is; nothing in plain text. */
  picture?(contentId: string, alt: string): void;
}
