import { describe, expect, it } from "vitest";

import { faults, first, type Chunk } from "../bundle";

const chunk = (fileName: string, options: Partial<Chunk> = {}): Chunk => ({ fileName, isEntry: false, imports: [], code: "", moduleIds: [], ...options });

describe("what is read at the start", () => {
  it("is the entry and what it imports, not what it fetches later", () => {
    const chunks = [
      chunk("main.js", { isEntry: true, imports: ["shared.js"] }),
      chunk("shared.js", { imports: ["main.js", "deep.js"] }),
      chunk("deep.js"),
      chunk("rich.js", { imports: ["shared.js"] }),
    ];
    expect(first(chunks).map((one) => one.fileName).sort()).toEqual(["deep.js", "main.js", "shared.js"]);
  });

  it("is refused where it is too large, by what it weighs on its way", () => {
    const heavy = [chunk("main.js", { isEntry: true, code: Array.from({ length: 400 }, (_, i) => Math.sin(i)).join() })];
    expect(faults(heavy, 1000)).toEqual([expect.stringContaining("more than 1000")]);
    expect(faults(heavy, 100_000)).toEqual([]);
    expect(faults([chunk("main.js", { isEntry: true, code: "x".repeat(100_000) })], 1000)).toEqual([]);
  });

  it("is refused where the editor with formatting or the viewer of PDFs is in it", () => {
    const editor = { moduleIds: ["/x/node_modules/@tiptap/core/dist/index.js"] };
    expect(faults([chunk("main.js", { isEntry: true, imports: ["a.js"] }), chunk("a.js", editor)])).toEqual([expect.stringContaining("@tiptap/")]);
    expect(faults([chunk("main.js", { isEntry: true }), chunk("a.js", editor)])).toEqual([]);
  });
});
