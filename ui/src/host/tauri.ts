/** The desktop window. Nothing outside this file imports the shell's API. */
import { invoke, isTauri } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import { failure, type Ask, type ClickedLink, type CommandName, type Desktop, type Event, type Host, type Params, type Result, type Stop } from "./index";

/** This page runs inside the desktop window. */
export const inWindow = isTauri;

export function tauriHost(): Host {
  // What changes between an answer and the first event would never be heard of: nothing is asked before.
  let listening: Promise<unknown> = Promise.resolve();

  return {
    kind: "window",
    desktop,
    async call<K extends CommandName>(name: K, params?: Params<K>): Promise<Result<K>> {
      await listening;
      try {
        return await invoke<Result<K>>("rpc", { method: name, params: params ?? {} });
      } catch (error) {
        throw failure(error);
      }
    },
    events(hear) {
      const events = subscribe<Event>("inlet", hear);
      // A window that can hear nothing still shows what there is.
      listening = events.stands.catch(() => {});
      return events.stop;
    },
    links: (hear) => subscribe<ClickedLink | string>("link", (link) => {
      hear(typeof link === "string" ? { href: link, verdict: null } : link);
    }).stop,
    openExternal: (href) => shell("host.open", { href }),
    async openFile(id, sure) {
      await shell("host.open_file", { id, sure });
    },
  };
}

const desktop: Desktop = {
  asks(hear) {
    const take = async () => {
      for (const ask of await shell<Ask[]>("host.asks")) hear(ask);
    };
    // What waits is taken once somebody listens: an ask in between would wake nobody.
    const listening = listen("asks", () => void take()).then((stop) => {
      void take();
      return stop;
    });
    return () => void listening.then((stop) => stop());
  },
  notices: (notices) => shell("host.notices", { notices }),
  words: (words) => shell("host.words", words),
  show: () => shell("host.show"),
};

async function shell<T = void>(method: string, params: object = {}): Promise<T> {
  try {
    return await invoke<T>("rpc", { method, params });
  } catch (error) {
    throw failure(error);
  }
}

/** `stands` once what is said from now on is heard. */
function subscribe<T>(name: string, hear: (payload: T) => void): { stands: Promise<unknown>; stop: Stop } {
  const stands = listen<T>(name, (event) => hear(event.payload));
  return { stands, stop: () => void stands.then((stop) => stop()) };
}
