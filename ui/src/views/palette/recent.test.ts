import { beforeEach, expect, it } from "vitest";

import { useHost } from "../../host";
import { MockHost } from "../../host/mock";
import { atHand } from "./providers";
import { recent, remember } from "./recent";

beforeEach(() => {
  localStorage.clear();
  useHost(new MockHost());
});

it("keeps whom was looked up, so that they are there before anybody is asked", () => {
  remember({ id: "person:ana@x.example", person: { name: "Ana", handle: "ana@x.example" } });
  remember({ id: "command:archive" });
  expect(recent().map((one) => one.id)).toEqual(["command:archive", "person:ana@x.example"]);
  expect(atHand().find((entry) => entry.id === "person:ana@x.example")?.label).toBe("Ana");
});

it("reads what was kept before, and no nonsense", () => {
  localStorage.setItem("inlet-recent", JSON.stringify(["command:undo", 7, null, { id: 3 }, { id: "person:x", person: { handle: 5 } }]));
  expect(recent()).toEqual([{ id: "command:undo" }, { id: "person:x" }]);
});
