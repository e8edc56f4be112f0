/** Whatever the text is written in: a plain box, or the editor with formatting. */
export interface Pen {
  focus(): void;
  /** Puts text where the cursor is. */
  write(text: string): void;
  /** Puts a picture of the message where the cursor is; nothing in plain text. */
  picture?(contentId: string, alt: string): void;
}
