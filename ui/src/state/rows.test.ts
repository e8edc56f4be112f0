import { describe, expect, it } from "vitest";

import { SparseRows } from "./rows";

type Row = { id: string };
const rows = (from: number, count: number): Row[] => Array.from({ length: count }, (_, i) => ({ id: `t${from + i}` }));

function filled(total = 1000): SparseRows<Row> {
  const sparse = new SparseRows<Row>();
  sparse.put(0, rows(0, 100), total);
  sparse.put(500, rows(500, 100), total);
  return sparse;
}

describe("SparseRows", () => {
  it("knows what is here and what is not", () => {
    const sparse = filled();
    expect(sparse.at(99)?.id).toBe("t99");
    expect(sparse.at(100)).toBeUndefined();
    expect(sparse.indexOf("t550")).toBe(550);
    expect(sparse.indexOf("t300")).toBe(-1);
    expect(sparse.has(0, 100)).toBe(true);
    expect(sparse.has(90, 110)).toBe(false);
    expect(sparse.has(-5, 100)).toBe(true);
  });

  it("closes the gaps of rows that are taken, across pages that are not here", () => {
    const sparse = filled();
    const taken = sparse.take(["t3", "t1", "t550", "t300"]);
    expect(taken.map((one) => one.index)).toEqual([1, 3, 550]);
    expect(sparse.total).toBe(997);
    expect(sparse.at(1)?.id).toBe("t2");
    expect(sparse.at(2)?.id).toBe("t4");
    expect(sparse.at(497)).toBeUndefined();
    expect(sparse.at(498)?.id).toBe("t500");
    expect(sparse.at(548)?.id).toBe("t551");
    expect(sparse.indexOf("t3")).toBe(-1);
  });

  it("puts everything back where it stood", () => {
    const sparse = filled();
    sparse.restore(sparse.take(["t0", "t1", "t99", "t599"]));
    const whole = filled();
    for (let i = 0; i < 1000; i += 1) expect(sparse.at(i)?.id).toBe(whole.at(i)?.id);
    expect(sparse.total).toBe(1000);
  });

  it("does not put back a row that is here again already", () => {
    const sparse = filled(100);
    const taken = sparse.take(["t5"]);
    sparse.put(0, rows(0, 100), 100);
    sparse.restore(taken);
    expect(sparse.total).toBe(100);
    expect(sparse.indexOf("t5")).toBe(5);
  });

  it("keeps a row in one place when a newer page moved it", () => {
    const sparse = filled();
    sparse.put(0, [{ id: "t500" }, ...rows(0, 99)], 1000);
    expect(sparse.indexOf("t500")).toBe(0);
    expect(sparse.at(500)).toBeUndefined();
    expect(sparse.indexOf("t99")).toBe(-1);
  });

  it("forgets what lies beyond a list that became shorter", () => {
    const sparse = filled();
    sparse.put(0, rows(0, 50), 50);
    expect(sparse.total).toBe(50);
    expect(sparse.at(550)).toBeUndefined();
    expect(sparse.indexOf("t550")).toBe(-1);
    expect(sparse.loaded).toBe(50);
  });

  it("survives nothing at all", () => {
    const sparse = new SparseRows<Row>();
    expect(sparse.take(["t1"])).toEqual([]);
    sparse.restore([]);
    sparse.put(0, [], 0);
    expect(sparse.total).toBe(0);
    expect(sparse.has(0, 10)).toBe(true);
  });
});
