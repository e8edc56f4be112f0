import { expect, it } from "vitest";

import { fill, unfilled, valuesOf } from "./variables";
import { blank } from "./writing.svelte";

const now = new Date(2026, 10, 27, 9, 0);

it("fills in what is known and leaves the rest to be told of", () => {
  const message = { ...blank("new"), to: [{ name: "Novak, Leila", handle: "l@x.example" }] };
  const text = fill("Dear {first_name} ({name}), on {date} about {order}. {my_name}", valuesOf(message, [], now, "en-GB"));
  expect(text).toBe("Dear Leila (Novak, Leila), on 27 November 2026 about {order}. {my_name}");
  expect(unfilled(`${text} {order}`)).toEqual(["{order}", "{my_name}"]);
  expect(unfilled("a {} { x } {1} [y] {\"json\": 1}")).toEqual([]);
});

it("puts nothing in for a recipient without a name", () => {
  const message = { ...blank("new"), to: [{ name: null, handle: "l@x.example" }] };
  expect(fill("Dear {first_name}", valuesOf(message, [], now, "en-GB"))).toBe("Dear {first_name}");
});
