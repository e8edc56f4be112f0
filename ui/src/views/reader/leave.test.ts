import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { useHost, type CommandName, type Params, type Result, type Unsubscribe, type Unsubscribed } from "../../host";
import { MockHost } from "../../host/mock";
import { dismiss, toasts, undo } from "../../parts/toast.svelte";
import { links } from "../../state/links.svelte";
import { ui } from "../../state/ui.svelte";
import Leave from "./Leave.svelte";
import LeaveList from "./LeaveList.svelte";

/** An engine with a mail of a list, which is left in one way, and a message that is held back for a while. */
class ListHost extends MockHost {
  constructor(private readonly left: Unsubscribed, private readonly held: number) {
    super();
  }

  override async call<K extends CommandName>(name: K, params?: Params<K>): Promise<Result<K>> {
    const way: Unsubscribe = { way: this.left.way, whom: this.left.whom, asked_at: null, pending: false };
    const answers: Partial<Record<CommandName, unknown>> = {
      "item.get": { id: "i1", from: { name: "Letters", handle: "letters@list.test" }, unsubscribe: way },
      unsubscribe: this.left,
      "outbox.get": { op: { id: "o1", not_before: new Date(Date.now() + this.held).toISOString() }, deliveries: [] },
      "outbox.cancel": {},
    };
    if (!(name in answers)) return super.call(name, params);
    this.calls.push({ name, params });
    return answers[name] as Result<K>;
  }
}

async function leave(left: Unsubscribed, held = 10_000): Promise<ListHost> {
  const host = new ListHost(left, held);
  useHost(host);
  ui.leaving = "i1";
  render(LeaveList, { item: "i1" });
  await fireEvent.click(await waitFor(() => screen.getByTestId("leave-confirm")));
  await waitFor(() => expect(ui.leaving).toBeNull());
  return host;
}

beforeEach(() => {
  links.asked = null;
  for (const one of [...toasts()]) dismiss(one.id);
});
afterEach(cleanup);

describe("a list is left", () => {
  it("by a page: where it leads is shown before the browser opens it", async () => {
    await leave({ way: "link", whom: "list.test", url: "https://list.test/u", op: null });
    await waitFor(() => expect(links.asked?.href).toBe("https://list.test/u"));
    expect(toasts()).toHaveLength(0);
  });

  it("by a mail, which can be taken back as long as it is held back", async () => {
    const host = await leave({ way: "mail", whom: "off@list.test", url: null, op: "o1" });
    await waitFor(() => expect(toasts().at(-1)?.text).toContain("off@list.test"));
    expect(toasts().at(-1)?.way).not.toBeNull();
    await undo(toasts().at(-1)!);
    expect(host.calls.some((one) => one.name === "outbox.cancel")).toBe(true);
  });

  it("by a mail that is out already, which nothing takes back", async () => {
    await leave({ way: "mail", whom: "off@list.test", url: null, op: "o1" }, -1000);
    await waitFor(() => expect(toasts()).toHaveLength(1));
    expect(toasts()[0]?.way).toBeNull();
  });
});

it("a list was asked until the mail is out, and left from then on", () => {
  const shown = (unsubscribe: Unsubscribe) => {
    cleanup();
    render(Leave, { item: { id: "i1", unsubscribe } as never });
    return screen.getByTestId("unsubscribe").textContent?.trim();
  };
  const way: Unsubscribe = { way: "mail", whom: "off@list.test", asked_at: null, pending: false };
  expect(shown(way)).toBe("Unsubscribe");
  expect(shown({ ...way, asked_at: "2026-11-21T10:00:00Z", pending: true })).toMatch(/^Asked to unsubscribe/u);
  expect(shown({ ...way, asked_at: "2026-11-21T10:00:00Z" })).toMatch(/^Unsubscribed/u);
});
