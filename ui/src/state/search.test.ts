import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { useHost, type CommandName, type Event, type Params, type Result } from "../host";
import { MockHost } from "../host/mock";
import { startEvents } from "./events";
import { search } from "./search.svelte";

const INDEXED: Event = { event: "indexed", rev: 1 };

/** Finds nothing until the index has caught up. */
class Behind extends MockHost {
  caught = false;
  readonly asked: string[] = [];

  override async call<K extends CommandName>(name: K, params?: Params<K>): Promise<Result<K>> {
    const found = await super.call(name, params);
    if (name !== "search") return found;
    this.asked.push((params as Params<"search">).query ?? "");
    return this.caught ? found : { ...found, hits: [], total: 0 };
  }
}

describe("a search", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it("that found nothing is asked again when more can be found; one that found something is left alone", async () => {
    const host = new Behind({ now: Date.parse("2026-11-21T10:00:00Z"), rows: 40 });
    useHost(host);
    const stops = [startEvents(), search.start()];
    await search.run("a", true);
    expect(search.hits).toHaveLength(0);
    host.caught = true;
    host.emit(INDEXED);
    await vi.advanceTimersByTimeAsync(2000);
    expect(search.hits.length).toBeGreaterThan(0);
    search.setFocus(3);
    host.emit(INDEXED);
    await vi.advanceTimersByTimeAsync(2000);
    expect(search.focus).toBe(3);
    expect(host.asked).toEqual(["a", "a", ""]);
    for (const stop of stops) stop();
  });
});
