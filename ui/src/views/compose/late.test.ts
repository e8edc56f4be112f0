import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { useHost, type CommandName, type Compose, type Params, type Result } from "../../host";
import { LateHost } from "../../host/mock-late";
import { dismiss, toasts } from "../../parts/toast.svelte";
import { status } from "../../state/status.svelte";

import Composer from "./Composer.svelte";
import ReplyBox from "./ReplyBox.svelte";
import { blank } from "./writing.svelte";

/** An engine that answers in a chat, and keeps what was sent. */
class Chatting extends LateHost {
  readonly sent: Compose[] = [];

  protected override async answer<K extends CommandName>(name: K, params?: Params<K>): Promise<Result<K>> {
    if (name === "send") this.sent.push((params as Params<"send">).message!);
    const answer = await super.answer(name, params);
    return name === "compose.prepare" ? { ...answer, source: "s3", to: [] } : answer;
  }
}

let host: Chatting;

beforeEach(async () => {
  host = new Chatting({ now: Date.parse("2026-11-21T10:00:00Z"), rows: 40 });
  useHost(host);
  await status.refresh();
  for (const one of [...toasts()]) dismiss(one.id);
});
afterEach(cleanup);

it("a composer that was sent closes itself, and none that was opened meanwhile", async () => {
  const draft: Compose = { ...blank(), source: "s1", to: [{ name: null, handle: "ana@lumen.example" }], subject: "Plan", text: "Here it is." };
  const onclose = vi.fn();
  const { unmount } = render(Composer, { request: { draft }, onclose });
  host.slow.add("send");
  await fireEvent.click(screen.getByTestId("send"));
  await waitFor(() => expect(host.waiting("send")).toBe(1));
  // Another one takes its place.
  unmount();
  host.releaseAll();
  await waitFor(() => expect(toasts().at(-1)?.text).toContain("Outbox"));
  expect(onclose).not.toHaveBeenCalled();
});

describe("the answer in a chat", () => {
  async function chat() {
    const { threads } = await host.call("threads.list", { in: "all", kind: "chat", source: "s3", limit: 1 });
    const thread = await host.call("thread.get", { id: threads[0]!.id });
    render(ReplyBox, { thread });
    await waitFor(() => expect(host.calls.some((one) => one.name === "compose.prepare")).toBe(true));
    const box = () => screen.getByTestId<HTMLTextAreaElement>("reply-box");
    box().focus();
    return box;
  }

  it("begins with what was written while the last one was on its way", async () => {
    const box = await chat();
    await fireEvent.input(box(), { target: { value: "Hello" } });
    host.slow.add("send");
    await fireEvent.click(screen.getByTestId("send"));
    await waitFor(() => expect(host.waiting("send")).toBe(1));
    await fireEvent.input(box(), { target: { value: "Hello, how are you" } });
    host.releaseAll();
    await waitFor(() => expect(box().value).toBe(", how are you"));
    expect(host.sent.map((message) => message.text)).toEqual(["Hello"]);
  });

  it("leaves the keyboard to whoever has gone elsewhere meanwhile", async () => {
    const box = await chat();
    const elsewhere = document.createElement("input");
    document.body.append(elsewhere);
    await fireEvent.input(box(), { target: { value: "Hello" } });
    host.slow.add("send");
    await fireEvent.click(screen.getByTestId("send"));
    await waitFor(() => expect(host.waiting("send")).toBe(1));
    elsewhere.focus();
    host.releaseAll();
    await waitFor(() => expect(box().value).toBe(""));
    expect(document.activeElement).toBe(elsewhere);
    elsewhere.remove();
  });
});
