import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

import { useHost, type HtmlView } from "../../host";
import { MockHost } from "../../host/mock";
import { toasts, undo } from "../../parts/toast.svelte";
import { settings } from "../../state/settings.svelte";
import RemoteBar from "./RemoteBar.svelte";

let host: MockHost;

beforeEach(async () => {
  host = new MockHost();
  useHost(host);
  await settings.refresh();
});

afterEach(cleanup);

function show(view: Partial<HtmlView>, loaded = false) {
  const heard = { onload: vi.fn(), onagreed: vi.fn() };
  render(RemoteBar, { view: { document: "", blocked_images: 2, trackers: 0, images_sender: "news@shop.example", ...view }, loaded, loading: false, ...heard });
  return heard;
}

const always = () => screen.queryByTestId("always-images");
const senders = async () => (await host.call("kept.list", { kind: "images" })).map((kept) => kept.name);

it("keeps the sender one agrees to, and takes it back", async () => {
  const { onload, onagreed } = show({});
  expect(always()?.textContent).toContain("news@shop.example");
  await fireEvent.click(always()!);
  await waitFor(() => expect(onagreed).toHaveBeenCalledOnce());
  expect(await senders()).toEqual(["news@shop.example"]);
  expect(onload).not.toHaveBeenCalled();
  await undo(toasts().at(-1)!);
  expect(await senders()).toEqual([]);
  expect(onagreed).toHaveBeenCalledTimes(2);
});

it("offers no sender whom the engine names not: one that failed, one agreed to, oneself", () => {
  show({ images_sender: null });
  expect(screen.getByTestId("load-images")).toBeTruthy();
  expect(always()).toBeNull();
});

it("still offers the sender once the images are there, and only where there were some", () => {
  show({ blocked_images: 0 }, true);
  expect(screen.queryByTestId("load-images")).toBeNull();
  expect(always()).not.toBeNull();
  cleanup();
  show({ blocked_images: 0, trackers: 1 });
  expect(always()).toBeNull();
  cleanup();
  show({ blocked_images: 0 });
  expect(screen.queryByTestId("remote-bar")).toBeNull();
});

it("offers nothing where images are never loaded", async () => {
  await settings.set("privacy.remote_images", "never");
  show({});
  expect(screen.queryByTestId("load-images")).toBeNull();
  expect(always()).toBeNull();
});
