import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";

import { useHost, type Host } from "../../host";
import People from "./People.svelte";

afterEach(cleanup);

it("asks once for everybody, and not again because they have come", async () => {
  const asked: string[] = [];
  const party = { name: "Ana Ferreira", handle: "ana@lumen.example" };
  const call = (name: string) => {
    asked.push(name);
    if (name === "people.list") return Promise.resolve({ people: [{ source: "s1", party, platforms: ["imap"], handles: 1, vip: false, last: null }], total: 1 });
    return new Promise(() => {});
  };
  useHost({ kind: "mock", desktop: null, call, events: () => () => {} } as unknown as Host);
  render(People);
  await waitFor(() => screen.getByTestId("person-page"));
  for (let turn = 0; turn < 20; turn += 1) await new Promise((over) => setTimeout(over));
  expect(asked).toEqual(["people.list", "person.get"]);
});
