import { beforeEach, expect, it, vi } from "vitest";

import { useHost, type CommandName, type Params, type Proposal, type Result } from "../host";
import { MockHost } from "../host/mock";
import { dismiss, toast, toasts } from "../parts/toast.svelte";
import { t } from "../strings";
import { undoLast } from "./acts";
import { proposals } from "./proposals.svelte";

/** A host that takes every decision; what is approved is undone as number 7. */
class DecidingHost extends MockHost {
  readonly undone: unknown[] = [];

  override async call<K extends CommandName>(name: K, params?: Params<K>): Promise<Result<K>> {
    if (name === "proposals.list") return [] as unknown as Result<K>;
    if (name === "proposals.decide") {
      const { approve } = params as Params<"proposals.decide">;
      return { acted: approve ? { undo: 7 } : null, op: null } as unknown as Result<K>;
    }
    if (name === "undo") this.undone.push(params);
    return super.call(name, params);
  }
}

let host: DecidingHost;

beforeEach(() => {
  host = new DecidingHost();
  useHost(host);
  for (const one of [...toasts()]) dismiss(one.id);
});

it("says of a proposal that was rejected that this stays, and only then takes back what was done before", async () => {
  const before = vi.fn();
  toast("Archived", { undo: before });
  await proposals.decide({ id: "p1" } as Proposal, false);
  await undoLast();
  expect(toasts().at(-1)?.text).toBe(t("undo-never"));
  expect([before.mock.calls.length, host.undone.length]).toEqual([0, 0]);
  await undoLast();
  expect(before).toHaveBeenCalledOnce();
});

it("takes back what was approved, as what was done by hand", async () => {
  await proposals.decide({ id: "p2" } as Proposal, true);
  await undoLast();
  expect(host.undone).toEqual([{ undo: 7 }]);
  expect(toasts().map((one) => one.text)).not.toContain(t("undo-never"));
});
