import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, describe, expect, it } from "vitest";

import App from "./App.svelte";
import { useHost } from "./host";
import { MockHost } from "./host/mock";
import { TABLE } from "./keys/table";
import { status } from "./state/status.svelte";
import { ui } from "./state/ui.svelte";

const NOW = Date.parse("2026-11-21T10:00:00Z");

function start(options: ConstructorParameters<typeof MockHost>[0] = {}): MockHost {
  const host = new MockHost({ now: NOW, rows: 40, ...options });
  useHost(host);
  status.value = null;
  ui.show({ view: "inbox", split: "all" });
  render(App);
  return host;
}

async function rows(): Promise<HTMLElement[]> {
  return waitFor(() => screen.getAllByTestId("row"));
}

const list = () => screen.getByRole("listbox");
const active = () => list().getAttribute("aria-activedescendant");
const press = (key: string, options: KeyboardEventInit = {}) => fireEvent.keyDown(list(), { key, ...options });

afterEach(() => {
  cleanup();
  ui.closeCompose();
  ui.sheet = false;
  ui.snoozing = false;
});

describe("the window", () => {
  it("opens on the first-run screen when there is nothing, and the demo fills it", async () => {
    start({ empty: true });
    const demo = await waitFor(() => screen.getByTestId("first-run-demo"));
    expect(screen.getByTestId("first-run-connect")).toBeTruthy();
    expect(screen.getByTestId("first-run-import")).toBeTruthy();
    await fireEvent.click(demo);
    expect((await rows()).length).toBeGreaterThan(0);
    expect(screen.getByTestId("banner-demo").textContent).toContain("nothing leaves this computer");
  });

  it("shows sources with their health in words", async () => {
    start();
    await rows();
    const teams = await waitFor(() => screen.getByTestId("source-s4"));
    expect(teams.getAttribute("aria-label")).toBe("Teams. Sign-in needed: Microsoft asks you to sign in again.");
    expect(screen.getByTestId("status-line").textContent).toContain("Teams: sign-in needed");
  });

  it("means the row under the focus, also before the reader has followed", async () => {
    const host = start();
    await rows();
    await waitFor(() => expect(active()).toBe("row-t1"));
    await press("Enter");
    await waitFor(() => expect(ui.thread).toBe("t1"));
    await press("j");
    await press("e");
    await waitFor(() => expect(host.calls.find((one) => one.name === "act")?.params).toMatchObject({ verb: "archive", threads: ["t2"] }));
    ui.closeThread();
  });

  it("is gone through by keyboard: move, archive, undo", async () => {
    const host = start();
    await rows();
    await waitFor(() => expect(active()).toBe("row-t1"));
    await press("j");
    expect(active()).toBe("row-t2");
    await press("e");
    expect(active()).toBe("row-t3");
    expect(screen.queryByText((_, element) => element?.id === "row-t2")).toBeNull();
    expect(screen.getByTestId("said").textContent).toContain("Archived");
    await waitFor(() => screen.getByTestId("toast"));
    expect(host.calls.filter((one) => one.name === "act").map((one) => one.params)).toEqual([
      { verb: "archive", threads: ["t2"] },
    ]);
    await press("z");
    await waitFor(() => expect(active()).toBe("row-t2"));
  });

  it("opens a conversation and closes it again", async () => {
    start();
    await rows();
    await waitFor(() => expect(active()).toBe("row-t1"));
    await press("Enter");
    await waitFor(() => within(screen.getByTestId("reader")).getAllByTestId("reader-item"));
    await press("Escape");
    await waitFor(() => expect(within(screen.getByTestId("reader")).queryByTestId("reader-item")).toBeNull());
  });

  it("searches as it is typed and says what it covers", async () => {
    start();
    await rows();
    const box = screen.getByTestId("search-box");
    await fireEvent.input(box, { target: { value: "oak" } });
    await waitFor(() => expect(screen.getByTestId("search-count").textContent).toMatch(/results?$/u));
    expect(screen.getByTestId("search-coverage").textContent).toContain("Lumen Slack: since");
    expect(screen.getAllByText("oak").length).toBeGreaterThan(0);
  });

  it("shows every key of the table on the sheet", async () => {
    start();
    await rows();
    await press("?", { shiftKey: true });
    const sheet = await waitFor(() => screen.getByTestId("sheet"));
    const shown = within(sheet).getAllByText(/./u, { selector: "dt" }).map((term) => term.textContent);
    expect(shown).toEqual(expect.arrayContaining(TABLE.map((binding) => binding.label)));
  });

  it("hears that a list changed and reads it again", async () => {
    const host = start();
    await rows();
    await host.call("act", { verb: "delete", threads: ["t1"] });
    await waitFor(() => expect(screen.queryByText((_, element) => element?.id === "row-t1")).toBeNull());
  });
});
