import { describe, expect, it } from "vitest";

import { Order } from "./order";

describe("an answer counts", () => {
  it("unless a newer question was answered before it", () => {
    const order = new Order();
    const [first, second, third] = [order.ask(), order.ask(), order.ask()];
    expect(first()).toBe(true);
    expect(third()).toBe(true);
    expect(second()).toBe(false);
    // Who asks twice about the same answer is told the same.
    expect(third()).toBe(true);
  });

  it("only when it was asked for after what is shown changed", () => {
    const order = new Order();
    const before = order.ask();
    order.stale();
    const after = order.ask();
    expect([before(), after()]).toEqual([false, true]);
  });

  it("only when nothing is on its way that it may not know of", async () => {
    const order = new Order();
    const before = order.ask();
    let end = () => {};
    let refuse = (_: Error) => {};
    const one = order.during(() => new Promise<void>((done) => (end = done)));
    const other = order.during(() => new Promise<void>((_, no) => (refuse = no)));
    const meanwhile = order.ask();
    end();
    await one;
    const between = order.ask();
    expect([before(), meanwhile(), between()]).toEqual([false, false, false]);
    refuse(new Error("refused"));
    await expect(other).rejects.toThrow("refused");
    expect([between(), order.ask()()]).toEqual([false, true]);
  });
});
