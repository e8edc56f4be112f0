/** Tells the engine that somebody looks: some platforms may be asked only then. */
import { call, type Stop, type ThreadRow } from "../host";
import { status } from "./status.svelte";

/** Somebody looks at the window, or opens a conversation. */
export function attend(row?: Pick<ThreadRow, "id" | "source">): void {
  if (document.visibilityState === "hidden") return;
  const sources = row ? [status.source(row.source)] : status.sources;
  if (!sources.some((source) => source?.capabilities.on_demand)) return;
  call("sync.attend", row ? { thread: row.id } : {}).catch(() => {
    // How a source fares is told by its health.
  });
}

/** Attends whenever the window comes to the front, until stopped. */
export function startAttention(): Stop {
  const looked = () => attend();
  addEventListener("focus", looked);
  document.addEventListener("visibilitychange", looked);
  return () => {
    removeEventListener("focus", looked);
    document.removeEventListener("visibilitychange", looked);
  };
}
