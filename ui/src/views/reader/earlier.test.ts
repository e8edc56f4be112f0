import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { Failure, useHost, type CommandName, type Host, type ItemView, type Status, type ThreadView } from "../../host";
import { attend } from "../../state/attention";
import { status } from "../../state/status.svelte";
import { thread } from "../../state/thread.svelte";
import Earlier from "./Earlier.svelte";

const item = (id: string) => ({ id, kind: "chat" }) as ItemView;
/** The conversation of the test: each has its own, since what was read is kept. */
let id = "t0";
const view = (ids: string[], older: boolean, more = false) =>
  ({ thread: { id, source: "s1", kind: "chat" }, items: ids.map(item), more, older, scopes: [] }) as unknown as ThreadView;

/** A host that answers what the test says, and writes down what it was asked. */
function host(answers: Partial<Record<CommandName, () => unknown>>): [string, unknown][] {
  const asked: [string, unknown][] = [];
  useHost({
    kind: "mock",
    call: async (name: CommandName, params: unknown) => {
      asked.push([name, params]);
      return answers[name]?.() ?? {};
    },
    events: () => () => undefined,
    links: () => () => undefined,
  } as unknown as Host);
  return asked;
}

function connected(onDemand: boolean) {
  status.value = { accounts: [{ sources: [{ id: "s1", capabilities: { on_demand: onDemand } }] }] } as unknown as Status;
}

beforeEach(() => {
  id = `t${Number(id.slice(1)) + 1}`;
  connected(false);
});
afterEach(async () => {
  cleanup();
  await thread.open(null);
  status.value = null;
});

describe("earlier messages", () => {
  it("are asked for at the platform, and an error is a sentence with a way on", async () => {
    let broken = true;
    const asked = host({
      "thread.get": () => view(["i3"], true),
      "thread.older": () => {
        if (broken) throw new Failure({ code: "offline", message: "The server cannot be reached." });
        return view(["i1", "i2"], false);
      },
    });
    await thread.open(id);
    let ended = 0;
    const props = { view: view(["i3"], true), load: () => thread.older(), onend: () => (ended += 1) };
    const shown = render(Earlier, { props });
    await fireEvent.click(screen.getByRole("button", { name: "Load earlier messages" }));
    const note = await waitFor(() => screen.getByRole("alert"));
    expect(note.textContent).toContain("The server cannot be reached.");
    expect(thread.value?.items.map((one) => one.id)).toEqual(["i3"]);
    broken = false;
    await fireEvent.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(thread.value?.items.map((one) => one.id)).toEqual(["i1", "i2", "i3"]));
    await waitFor(() => expect(ended).toBe(1));
    expect(asked.filter(([name]) => name === "thread.older")).toEqual([
      ["thread.older", { id, before: "i3" }],
      ["thread.older", { id, before: "i3" }],
    ]);
    await shown.rerender({ ...props, view: thread.value as ThreadView });
    expect(screen.queryByRole("button")).toBeNull();
  });

  it("that are here are shown before the platform is asked", async () => {
    const asked = host({ "thread.get": () => view(["i3"], true, true) });
    await thread.open(id);
    render(Earlier, { props: { view: thread.value as ThreadView, load: () => thread.older(), onend: () => undefined } });
    expect(screen.getByRole("button", { name: "Show older" })).toBeTruthy();
    await thread.older();
    expect(asked.at(-1)).toEqual(["thread.get", { id, before: "i3" }]);
  });

  it("that came as news meanwhile are not shown twice", async () => {
    host({ "thread.get": () => view(["i2", "i3"], true), "thread.older": () => view(["i1", "i2"], true) });
    await thread.open(id);
    await thread.older();
    expect(thread.value?.items.map((one) => one.id)).toEqual(["i1", "i2", "i3"]);
  });
});

describe("looking", () => {
  it("is told where a platform wants to be asked, and nowhere else", async () => {
    const asked = host({ "thread.get": () => view(["i1"], false) });
    attend();
    await thread.open(id);
    expect(asked.map(([name]) => name)).toEqual(["thread.get"]);
    connected(true);
    attend();
    await thread.open(null);
    await thread.open(id);
    expect(asked.slice(1)).toEqual([["sync.attend", {}], ["sync.attend", { thread: id }]]);
  });
});
