import { cleanup, fireEvent, render, screen, waitFor, within } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it } from "vitest";

import { useHost, type Setting } from "../../host";
import { MockHost } from "../../host/mock";
import { toasts } from "../../parts/toast.svelte";
import { prefs } from "../../state/prefs.svelte";
import { settings } from "../../state/settings.svelte";
import { ui } from "../../state/ui.svelte";
import Settings from "./Settings.svelte";
import { choiceWord, settingName, settingText } from "./words";

let host: MockHost;

beforeEach(async () => {
  host = new MockHost();
  useHost(host);
  await settings.refresh();
  ui.openSettings("composing");
  render(Settings);
});

afterEach(cleanup);

const row = (key: string) => within(screen.getByTestId(`setting-${key}`));

it("says where a value comes from, and does not offer to change what it cannot", () => {
  expect((row("send.undo_seconds").getByRole("spinbutton") as HTMLInputElement).disabled).toBe(true);
  expect(screen.getByTestId("origin-send.undo_seconds").textContent).toContain("INLET_SEND_UNDO_SECONDS");
  expect(screen.queryByTestId("reset-send.undo_seconds")).toBeNull();
  expect(screen.getByTestId("origin-compose.enter_sends").textContent).toContain("Default");
});

it("changes a switch, and resets it", async () => {
  await fireEvent.click(row("compose.enter_sends").getByRole("switch"));
  expect(prefs.enterSends).toBe(false);
  await fireEvent.click(await waitFor(() => screen.getByTestId("reset-compose.enter_sends")));
  await waitFor(() => expect(prefs.enterSends).toBe(true));
  expect(host.calls.filter((one) => one.name === "config.set").map((one) => one.params)).toEqual([
    { key: "compose.enter_sends", value: "false" },
    { key: "compose.enter_sends", value: null },
  ]);
});

it("takes a change back that the engine refuses, and says why", async () => {
  const call = host.call.bind(host);
  host.call = async (name, params) => {
    if (name === "config.set") throw Object.assign(new Error(), { code: "invalid", message: "The file cannot be written." });
    return call(name, params);
  };
  const change = settings.set("appearance.density", "compact");
  expect(prefs.density).toBe("compact");
  await change;
  expect(prefs.density).toBe("cosy");
  expect(toasts().at(-1)?.text).toBe("The file cannot be written.");
});

it("keeps the newest of two readings, whichever is answered first", async () => {
  const call = host.call.bind(host);
  let answer: (() => void) | undefined;
  host.call = async (name, params) => {
    const read = await call(name, params);
    if (name === "config.list" && answer === undefined) await new Promise<void>((go) => (answer = go));
    return read;
  };
  const first = settings.refresh();
  await call("config.set", { key: "privacy.remote_images", value: "never" });
  await settings.refresh();
  answer?.();
  await first;
  expect(settings.value("privacy.remote_images")).toBe("never");
});

it("has words for a setting it does not know", () => {
  const setting: Setting = { key: "new.thing", value: "a", origin: "default", about: "Does something.", group: "privacy", default: "a", kind: { type: "choice", choices: ["a"] } };
  expect([settingName(setting), settingText(setting), choiceWord(setting, "a")]).toEqual(["new.thing", "Does something.", "a"]);
});

it("has words of its own for every setting of the engine", () => {
  for (const setting of settings.all.filter((one) => one.key !== "keyboard.bindings")) {
    expect(settingName(setting), setting.key).not.toBe(setting.key);
    for (const choice of setting.kind.type === "choice" ? setting.kind.choices : []) expect(choiceWord(setting, choice), setting.key).not.toBe(choice);
  }
});
