import { describe, expect, it } from "vitest";

import { useHost, type Host, type PersonView } from "../host";
import { person } from "./person.svelte";

const who = (handle: string) => ({ source: "s1", party: { name: null, handle } });

/** An engine that answers when it is told to, in any order. */
function engine() {
  const waiting: { handle: string; answer: (note: string) => void; fail: () => void }[] = [];
  const call = (_: string, params: { handle: string }) =>
    new Promise((resolve, reject) => {
      waiting.push({
        handle: params.handle,
        answer: (name) => resolve({ name } as unknown as PersonView),
        fail: () => reject(new Error("gone")),
      });
    });
  useHost({ call } as unknown as Host);
  return waiting;
}

const settled = () => new Promise((over) => setTimeout(over));
const shown = () => (person.value as unknown as { name: string } | null)?.name;

describe("somebody who is read again and again", () => {
  it("is shown with the first answer, and never goes back to an older one", async () => {
    const waiting = engine();
    void person.show(who("ana"));
    void person.again();
    void person.again();
    waiting[0]?.answer("first");
    await settled();
    expect(shown()).toBe("first");
    waiting[2]?.answer("third");
    await settled();
    waiting[1]?.answer("second");
    await settled();
    expect(shown()).toBe("third");
  });

  it("is nobody else, and an error goes with the next answer", async () => {
    const waiting = engine();
    void person.show(who("ana"));
    void person.show(who("ben"));
    waiting[0]?.answer("ana");
    await settled();
    expect(person.value).toBeNull();
    waiting[1]?.fail();
    await settled();
    expect(person.error).not.toBeNull();
    void person.again();
    waiting[2]?.answer("ben");
    await settled();
    expect([shown(), person.error]).toEqual(["ben", null]);
  });
});
