import { describe, expect, it } from "vitest";

import { isAddress, names, parseAddresses, same, written } from "./addresses";

describe("parseAddresses", () => {
  it("reads plain, named and quoted addresses, whatever separates them", () => {
    expect(parseAddresses('ana@x.example; Ben <ben@y.example>,\n"Novak, Leila" <leila@z.example>')).toEqual([
      { name: null, handle: "ana@x.example" },
      { name: "Ben", handle: "ben@y.example" },
      { name: "Novak, Leila", handle: "leila@z.example" },
    ]);
  });

  it("keeps what is no address, so that it can be shown as such", () => {
    expect(parseAddresses("Ana")).toEqual([{ name: null, handle: "Ana" }]);
    expect(parseAddresses(" , ;\n")).toEqual([]);
    expect(parseAddresses("Ana <>")).toEqual([{ name: "Ana", handle: "" }]);
  });

  it("takes mailto: off, and escapes in a quoted name", () => {
    expect(parseAddresses("mailto:ana@x.example")).toEqual([{ name: null, handle: "ana@x.example" }]);
    expect(parseAddresses('"A \\"B\\" C" <a@x.example>')).toEqual([{ name: 'A "B" C', handle: "a@x.example" }]);
  });

  it("is not thrown off by a quote that never ends", () => {
    expect(parseAddresses('"Ana <ana@x.example>\nben@y.example').at(-1)).toEqual({ name: null, handle: "ben@y.example" });
  });

  it("survives a very long paste", () => {
    const many = Array.from({ length: 2000 }, (_, i) => `p${i}@x.example`).join(", ");
    expect(parseAddresses(many)).toHaveLength(2000);
  });

  it("gives back what written() wrote", () => {
    for (const party of [{ name: "Novak, Leila", handle: "l@z.example" }, { name: 'A "B"', handle: "a@x.example" }, { name: "田中 美咲", handle: "m@t.example" }, { name: null, handle: "x@y.example" }]) {
      expect(parseAddresses(written(party))).toEqual([party]);
    }
  });
});

describe("isAddress", () => {
  it.each(["a@b", "ana.b+c@x.example", "ana@[192.0.2.1]", "ümlaut@münchen.example", "a@xn--mnchen-3ya.example"])("takes %s", (text) => {
    expect(isAddress(text)).toBe(true);
  });
  it.each(["", "ana", "@x.example", "ana@", "ana@x..example", "a b@x.example", "a@-x.example", "a@x.example,", `${"a".repeat(65)}@x.example`])("refuses %s", (text) => {
    expect(isAddress(text)).toBe(false);
  });
});

it("names people as a sentence does", () => {
  const people = ["Ana", "Ben", "Cleo", "Dan", "Eve"].map((name) => ({ name, handle: `${name}@x.example` }));
  expect(names([])).toBe("");
  expect(names(people.slice(0, 1))).toBe("Ana");
  expect(names(people.slice(0, 3))).toBe("Ana, Ben and Cleo");
  expect(names(people)).toBe("Ana, Ben and 3 others");
});

it("knows one recipient written in two ways", () => {
  expect(same({ name: "Ana", handle: "Ana@X.example" }, { name: null, handle: "ana@x.example" })).toBe(true);
});
