import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useHost, type CheckView } from "../../host";
import { MockHost } from "../../host/mock";
import Backup from "./Backup.svelte";
import Checkup from "./Checkup.svelte";

let host: MockHost;
let answers: ((params: unknown) => unknown)[];

beforeEach(() => {
  host = new MockHost();
  answers = [];
  host.call = async (name, params) => {
    host.calls.push({ name, params });
    return answers.shift()?.(params) as never;
  };
  useHost(host);
});

afterEach(cleanup);

const refuse = (message: string) => () => {
  throw Object.assign(new Error(), { code: "refused", message });
};

it("backs up to the file that was named, and says what was left out or why it was not written", async () => {
  render(Backup);
  await fireEvent.click(screen.getByTestId("backup-start"));
  expect(host.calls).toEqual([]);
  await fireEvent.input(screen.getByTestId("backup-file"), { target: { value: " /media/disk/inlet.zip " } });
  answers = [refuse("It is there already."), () => ({ path: "/media/disk/inlet.zip", bytes: 3_000_000, files: 4, left_out: 2 })];
  await fireEvent.click(screen.getByTestId("backup-start"));
  await waitFor(() => expect(screen.getByRole("alert").textContent).toBe("It is there already."));
  await fireEvent.click(screen.getByTestId("backup-start"));
  await waitFor(() => expect(screen.getByTestId("backup-done").textContent).toContain("2 files"));
  expect(screen.queryByRole("alert")).toBeNull();
  expect(host.calls.at(-1)).toEqual({ name: "data.backup", params: { file: "/media/disk/inlet.zip" } });
});

it("offers to mend only where something is wrong", async () => {
  const view = (ok: boolean): CheckView => ({ ok, identity: null, steps: [{ name: "Search index", ok, detail: ok ? "Everything can be found." : "It is empty.", fix: ok ? null : "Repairing builds it anew." }] });
  render(Checkup);
  answers = [() => view(false), () => view(true)];
  await fireEvent.click(screen.getByTestId("checkup-start"));
  await waitFor(() => screen.getByText("Repairing builds it anew."));
  await fireEvent.click(screen.getByTestId("checkup-repair"));
  await waitFor(() => screen.getByText("Everything can be found."));
  expect(screen.queryByTestId("checkup-repair")).toBeNull();
  expect(host.calls.map((one) => one.params)).toEqual([{ repair: false }, { repair: true }]);
});
