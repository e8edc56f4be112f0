import { expect, it } from "vitest";

import { LONG } from "../../parts/pasting.svelte";
import { Attaching } from "./attaching.svelte";
import type { Here } from "./here.svelte";
import { Writing, blank } from "./writing.svelte";

/** A paste of plain text into a place with this limit; answers whether it was taken and what was said. */
function paste(text: string, limit: number | null) {
  const writing = Writing.of(blank());
  const event = new Event("paste", { cancelable: true }) as ClipboardEvent;
  Object.defineProperty(event, "clipboardData", { value: { files: [], types: ["text/plain"], getData: () => text } });
  new Attaching({ writing, limit } as unknown as Here, () => null).paste(event);
  return { taken: event.defaultPrevented, said: writing.problem };
}

it("refuses a text nobody could read where no file takes it, and says so", () => {
  const long = "x".repeat(LONG + 1);
  expect(paste(long, null)).toEqual({ taken: true, said: expect.stringMatching(/200,001 characters.*200,000/u) });
  expect(paste(long.slice(1), null)).toEqual({ taken: false, said: null });
  expect(paste(long, 5_000_000)).toEqual({ taken: true, said: null });
  expect(paste("a\n".repeat(20_000), 5_000_000)).toEqual({ taken: true, said: null });
  expect(paste("short", 5_000_000)).toEqual({ taken: false, said: null });
});
