/** The desktop window. Nothing outside this file imports the shell's API. */
import { invoke, isTauri } from "@tauri-apps/api/core";
import { listen } from "@tauri-apps/api/event";

import { failure, type ClickedLink, type CommandName, type Event, type Host, type Params, type Result, type Stop } from "./index";

/** This page runs inside the desktop window. */
export const inWindow = isTauri;

export function tauriHost(): Host {
  return {
    kind: "window",
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
    async openExternal(href) {
      try {
        await invoke("rpc", { method: "host.open", params: { href } });
      } catch (error) {
        throw failure(error);
      }
    },
    async openFile(id, sure) {
      try {
        await invoke("rpc", { method: "host.open_file", params: { id, sure } });
      } catch (error) {
        throw failure(error);
      }
    },
  };
}

function subscribe<T>(name: string, hear: (payload: T) => void): Stop {
  const listening = listen<T>(name, (event) => hear(event.payload));
  return () => void listening.then((stop) => stop());
}
