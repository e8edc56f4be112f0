import { expect, test } from "vitest";

import { noChoice, withTitles } from "./choices";

test("more than three choices are a list, whose button keeps its words", () => {
  const three = withTitles(noChoice(), ["Yes", "No", "Later"]);
  expect(three).toEqual({ list: null, offered: ["Yes", "No", "Later"].map((title) => ({ title, about: null, section: null })) });
  const four = withTitles(three, ["Yes", "No", "Later", "Never"]);
  expect(four.list).toBe("");
  expect(withTitles({ ...four, list: "Answers" }, ["1", "2", "3", "4", "5"]).list).toBe("Answers");
  expect(withTitles({ ...four, list: "Answers" }, ["1", "2"]).list).toBeNull();
});
