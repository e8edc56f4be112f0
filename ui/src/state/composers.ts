/** The composers on show: the command that sends is meant for the one that has the keyboard. */
export interface Shown {
  root: HTMLElement;
  submit: () => void;
}

const shown = new Set<Shown>();

/** A composer announces itself while it is on show. */
export function showComposer(one: Shown): () => void {
  shown.add(one);
  return () => shown.delete(one);
}

/** Sends what the person is writing at this moment. */
export function sendFocused(): void {
  const focus = document.activeElement;
  for (const one of shown) if (one.root.contains(focus)) return one.submit();
}
