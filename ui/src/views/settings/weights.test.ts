import { cleanup, fireEvent, render, screen, waitFor } from "@testing-library/svelte";
import { afterEach, expect, it } from "vitest";

import { useHost, type CommandName, type Params, type Result, type RuleView } from "../../host";
import { LateHost } from "../../host/mock-late";
import { settings } from "../../state/settings.svelte";

import Actions from "./Actions.svelte";

/** An engine that knows two rules of the next actions. */
class Weighing extends LateHost {
  weights: Record<string, number> = {};

  protected override async answer<K extends CommandName>(name: K, params?: Params<K>): Promise<Result<K>> {
    if (name === "actions.lessons") return [] as unknown as Result<K>;
    if (name === "actions.rules") return ["asked", "promise"].map((rule): RuleView => ({ name: rule as RuleView["name"], points: this.weights[rule] ?? 10, default: 10 })) as unknown as Result<K>;
    if (name === "config.set") this.weights = JSON.parse((params as Params<"config.set">).value ?? "{}") as Record<string, number>;
    return super.answer(name, params);
  }
}

afterEach(cleanup);

it("a rule that is weighed keeps its weight while the next one is, however late the engine answers", async () => {
  const host = new Weighing();
  useHost(host);
  await settings.refresh();
  render(Actions);
  const field = await waitFor(() => screen.getByTestId<HTMLInputElement>("weight-asked"));
  host.slow.add("config.set");
  await fireEvent.change(field, { target: { value: "5" } });
  await fireEvent.change(screen.getByTestId("weight-promise"), { target: { value: "7" } });
  host.releaseAll();
  await waitFor(() => expect(host.weights).toEqual({ asked: 5, promise: 7 }));
});
