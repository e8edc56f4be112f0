import { describe, expect, it } from "vitest";

import { focusAfter, leaves, said } from "./verbs";

describe("leaves", () => {
  it("takes archived rows out of the inbox and leaves them in All", () => {
    expect(leaves("archive", "inbox")).toBe(true);
    expect(leaves("archive", "all")).toBe(false);
    expect(leaves("archive", "starred")).toBe(false);
  });
  it("takes deleted rows out of every list", () => {
    expect(leaves("delete", "all")).toBe(true);
    expect(leaves("delete", "trash")).toBe(true);
  });
  it("keeps a row that was only starred or read", () => {
    expect(leaves("star", "inbox")).toBe(false);
    expect(leaves("read", "inbox")).toBe(false);
    expect(leaves("unstar", "starred")).toBe(true);
  });
});

describe("focusAfter", () => {
  it("goes to the row that takes the place", () => {
    expect(focusAfter(4, [4], 10)).toBe(4);
  });
  it("goes to the last row when the last one left", () => {
    expect(focusAfter(9, [9], 10)).toBe(8);
  });
  it("stays with its row when rows above leave", () => {
    expect(focusAfter(5, [0, 2, 9], 10)).toBe(3);
  });
  it("goes nowhere when nothing is left", () => {
    expect(focusAfter(1, [0, 1], 2)).toBe(-1);
  });
});

describe("said", () => {
  it("counts more than one", () => {
    expect(said("archive", 1)).toBe("Archived");
    expect(said("archive", 3)).toBe("Archived: 3 conversations");
  });
});
