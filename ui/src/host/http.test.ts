import { afterEach, describe, expect, it, vi } from "vitest";

import { Failure } from "./index";
import { httpHost, takeToken } from "./http";

afterEach(() => {
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

function answers(status: number, body: unknown) {
  const fetch = vi.fn(async () => new Response(JSON.stringify(body), { status }));
  vi.stubGlobal("fetch", fetch);
  return fetch;
}

describe("httpHost", () => {
  it("asks by name with the token and the parameters", async () => {
    const fetch = answers(200, { threads: [], next: null, total: 0, rev: 1 });
    await httpHost("http://127.0.0.1:9/", "secret").call("threads.list", { in: "inbox" });
    const [url, init] = fetch.mock.calls[0] as unknown as [URL, RequestInit];
    expect(String(url)).toBe("http://127.0.0.1:9/rpc/threads.list");
    expect(new Headers(init.headers).get("authorization")).toBe("Bearer secret");
    expect(init.body).toBe('{"in":"inbox"}');
  });

  it("asks nothing before events are heard, unless they cannot be", async () => {
    const fetch = answers(200, {});
    const lines: { onopen?: () => void; onclose?: () => void; close: () => void }[] = [];
    vi.stubGlobal("WebSocket", function line(this: (typeof lines)[0]) {
      this.close = () => {};
      lines.push(this);
    });
    for (const how of ["onopen", "onclose"] as const) {
      fetch.mockClear();
      const host = httpHost("http://127.0.0.1:9/", "");
      const stop = host.events(() => {});
      const answer = host.call("status");
      await new Promise((done) => setTimeout(done));
      expect(fetch, how).not.toHaveBeenCalled();
      lines.at(-1)?.[how]?.();
      await answer;
      expect(fetch, how).toHaveBeenCalledOnce();
      stop();
    }
  });

  it("hears that something may have happened when the line stands only after the first answers", async () => {
    answers(200, {});
    const lines: { onopen?: () => void; onclose?: () => void; close: () => void }[] = [];
    vi.stubGlobal("WebSocket", function line(this: (typeof lines)[0]) {
      this.close = () => {};
      lines.push(this);
    });
    const heard: string[] = [];
    const hear = ({ event }: { event: string }) => void heard.push(event);
    const punctual = httpHost("http://127.0.0.1:9/", "").events(hear);
    lines.at(-1)?.onopen?.();
    punctual();
    expect(heard).toEqual([]);

    vi.useFakeTimers();
    try {
      const host = httpHost("http://127.0.0.1:9/", "");
      const late = host.events(hear);
      const answer = host.call("status");
      await vi.advanceTimersByTimeAsync(1000);
      await answer;
      lines.at(-1)?.onopen?.();
      late();
      expect(heard).toEqual(["resync"]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("gives the engine's error as it is", async () => {
    answers(400, { code: "not_found", message: "This thread was not found." });
    const failed = await httpHost("http://127.0.0.1:9/", "").call("thread.get", { id: "t1" }).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(Failure);
    expect((failed as Failure).code).toBe("not_found");
    expect((failed as Failure).message).toBe("This thread was not found.");
  });

  it("ends a search when a newer one of its lane begins", async () => {
    const fetch = vi.fn(
      (_: URL, init: RequestInit) =>
        new Promise<Response>((resolve, reject) => {
          init.signal?.addEventListener("abort", () => reject(new DOMException("ended", "AbortError")));
          if (String(init.body).includes("newer")) resolve(new Response("{}", { status: 200 }));
        }),
    );
    vi.stubGlobal("fetch", fetch);
    const host = httpHost("http://127.0.0.1:9/", "");
    const older = host.call("search", { query: "older", lane: "box" });
    const other = host.call("search", { query: "newer too" });
    const newer = host.call("search", { query: "newer", lane: "box" });
    await expect(older).rejects.toMatchObject({ code: "cancelled" });
    await expect(other).resolves.toEqual({});
    await expect(newer).resolves.toEqual({});
  });

  it("puts everything else in a sentence", async () => {
    answers(401, null);
    await expect(httpHost("http://127.0.0.1:9/", "").call("status")).rejects.toThrow(/token/u);
    vi.stubGlobal("fetch", vi.fn(async () => Promise.reject(new TypeError("failed to fetch"))));
    await expect(httpHost("http://127.0.0.1:9/", "").call("status")).rejects.toMatchObject({ code: "offline" });
  });
});

describe("takeToken", () => {
  it("takes the token out of the address and remembers it", () => {
    history.replaceState(null, "", "/?token=abc&mock=1#x");
    expect(takeToken(location, history, sessionStorage)).toBe("abc");
    expect(location.search).toBe("?mock=1");
    expect(location.hash).toBe("#x");
    expect(takeToken(location, history, sessionStorage)).toBe("abc");
  });
});
