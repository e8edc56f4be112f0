/** A browser on `inlet serve`: commands by POST, events by WebSocket, both guarded by a token. */
import { t } from "../strings";
import { download } from "./download";
import { Failure, type ApiError, type CommandName, type Event, type Host, type Params, type Result, type Stop } from "./index";

const TOKEN = "inlet-token";

/** First pause before the event socket is opened again, in milliseconds; it doubles up to a limit. */
const RETRY_FIRST = 500;
const RETRY_MOST = 10_000;

/** For so long the first commands wait for the events, in milliseconds. */
const LISTEN_MOST = 1000;

/**
 * The token of this visit. It comes in the address once, and is taken out of it so that it is
 * neither bookmarked nor sent along as a referrer.
 */
export function takeToken(location: Location, history: History, storage: Storage): string {
  const address = new URL(location.href);
  const given = address.searchParams.get("token");
  if (given === null) return storage.getItem(TOKEN) ?? "";
  storage.setItem(TOKEN, given);
  address.searchParams.delete("token");
  history.replaceState(history.state, "", address);
  return given;
}

export function httpHost(base: string, token: string): Host {
  // What is under way in a lane: the newer call ends it here, so that no answer is waited for.
  const lanes = new Map<string, AbortController>();
  // What changes between an answer and the first event would never be heard of: nothing is asked before.
  let listening: Promise<unknown> = Promise.resolve();

  return {
    kind: "browser",
    desktop: null,
    async call<K extends CommandName>(name: K, params?: Params<K>): Promise<Result<K>> {
      await listening;
      const lane = laneOf(params);
      const ending = new AbortController();
      if (lane !== null) {
        lanes.get(lane)?.abort();
        lanes.set(lane, ending);
      }
      let response: Response;
      try {
        response = await fetch(new URL(`rpc/${name}`, base), {
          method: "POST",
          headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
          body: JSON.stringify(params ?? {}),
          signal: ending.signal,
        });
      } catch {
        if (ending.signal.aborted) throw new Failure({ code: "cancelled", message: t("engine-newer-search") });
        throw new Failure({ code: "offline", message: t("engine-unreachable") });
      }
      const body: unknown = await response.json().catch(() => null);
      if (response.ok) return body as Result<K>;
      throw new Failure(asError(body, response.status));
    },
    events(hear) {
      let nothingAsked = true;
      let release = () => {};
      listening = new Promise<void>((resolve) => {
        release = resolve;
      });
      const tried = () => {
        const first = nothingAsked;
        nothingAsked = false;
        release();
        return first;
      };
      setTimeout(tried, LISTEN_MOST);
      return socket(base, token, hear, tried);
    },
    // A browser opens the frame's links itself, in a new tab without a referrer.
    links: () => () => {},
    async openExternal(href) {
      window.open(href, "_blank", "noopener,noreferrer");
    },
    async openFile(id) {
      download(await this.call("attachment.data", { id }));
    },
  };
}

function laneOf(params: object | undefined): string | null {
  const lane: unknown = params && "lane" in params ? params.lane : null;
  return typeof lane === "string" ? lane : null;
}

function asError(body: unknown, status: number): ApiError {
  if (typeof body === "object" && body !== null) {
    const error = "error" in body ? (body as { error: unknown }).error : body;
    if (typeof error === "object" && error !== null && "code" in error && "message" in error) return error as ApiError;
  }
  if (status === 401 || status === 403) {
    return { code: "refused", message: t("engine-no-token") };
  }
  return { code: "failed", message: t("engine-no-answer") };
}

/** `tried` is called once the line stands, or could not be made; it answers whether nothing was asked before. */
function socket(base: string, token: string, hear: (event: Event) => void, tried: () => boolean): Stop {
  let pause = RETRY_FIRST;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let open: WebSocket | undefined;
  let stopped = false;

  const connect = () => {
    const address = new URL("events", base);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    address.searchParams.set("token", token);
    open = new WebSocket(address);
    open.onopen = () => {
      pause = RETRY_FIRST;
      // Whatever happened while there was no line was not heard, also before the first one stood.
      if (!tried()) hear({ event: "resync" });
    };
    open.onmessage = (message) => {
      try {
        hear(JSON.parse(String(message.data)) as Event);
      } catch {
        hear({ event: "resync" });
      }
    };
    open.onclose = () => {
      tried();
      if (stopped) return;
      timer = setTimeout(connect, pause);
      pause = Math.min(pause * 2, RETRY_MOST);
    };
  };
  connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    open?.close();
  };
}
