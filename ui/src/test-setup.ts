/** What jsdom lacks of a window. */
import { configure } from "@testing-library/svelte";
import { afterEach } from "vitest";

// Patient: the machine may be busy.
configure({ asyncUtilTimeout: 10_000 });

class Observer {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

globalThis.ResizeObserver ??= Observer as unknown as typeof ResizeObserver;
globalThis.matchMedia ??= ((query: string) =>
  Object.assign(new EventTarget(), { matches: false, media: query })) as unknown as typeof matchMedia;
Element.prototype.scrollIntoView ??= () => {};
Element.prototype.animate ??= (() => ({ cancel() {}, finished: Promise.resolve() })) as unknown as Element["animate"];
HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
  this.open = true;
};
HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
  this.open = false;
};

afterEach(() => localStorage.clear());
