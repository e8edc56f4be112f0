import { expect, test } from "vitest";

import type { Template } from "../../host";

import { fill } from "./template";

const visit: Template = {
  name: "visit",
  language: "de",
  text: "For {{name}}\n\nOn {{day}}, {{name}}",
  blanks: ["header name", "body day", "body name"].map((one) => {
    const [part, name] = one.split(" ") as [string, string];
    return { part, name, example: null };
  }),
};

test("each blank is filled where it stands, and nothing within what was filled in", () => {
  const { text, use } = fill(visit, ["{{day}}", " Monday ", "Ana"]);
  expect(text).toBe("For {{day}}\n\nOn Monday, Ana");
  expect(use.values.map(({ part, value }) => [part, value])).toEqual([["header", "{{day}}"], ["body", "Monday"], ["body", "Ana"]]);
});

test("a blank without a value is seen", () => {
  expect(fill(visit, ["Ana"]).text).toBe("For Ana\n\nOn {{day}}, {{name}}");
});
