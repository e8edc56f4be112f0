/** The desktop window. Nothing outside this file imports the shell's API. */
import { invoke, isTauri } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import { failure, type Ask, type ClickedLink, type CommandName, type Desktop, type Event, type Host, type Params, type Result, type Stop } from "./index";

/** This page runs inside the desktop window. */
export const inWindow = isTauri;

export function tauriHost(): Host {
  return {
    kind: "window",
    desktop,
    async call<K extends CommandName>(name: K, params?: Params<K>): Promise<Result<K>> {
      try {
        return await invoke<Result<K>>("rpc", { method: name, params: params ?? {} });
      } catch (error) {
        throw failure(error);
      }
    },
    events: (hear) => subscribe<Event>("inlet", hear),
    links: (hear) => subscribe<ClickedLink | string>("link", (link) => {
      hear(typeof link === "string" ? { href: link, verdict: null } : link);
    }),
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

function subscribe<T>(name: string, hear: (payload: T) => void): Stop {
  const listening = listen<T>(name, (event) => hear(event.payload));
  return () => void listening.then((stop) => stop());
}
