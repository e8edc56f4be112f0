/** Tells the engine that somebody looks: some platforms may be asked only then. */
import { call, type Stop, type ThreadRow } from "../host";
import { status } from "./status.svelte";

/** Tells of it, unless the window is out of sight. */
function tell(what: { thread?: string; drafts?: boolean }): void {
  if (document.visibilityState === "hidden") return;
  call("sync.attend", what).catch(() => {
    // How a source fares is told by its health.
  });
}

/** Somebody looks at the window, or opens a conversation. */
export function attend(row?: Pick<ThreadRow, "id" | "source">): void {
  const sources = row ? [status.source(row.source)] : status.sources;
  if (sources.some((source) => source?.capabilities.on_demand)) tell(row ? { thread: row.id } : {});
}

/** Somebody looks at the list of drafts, until stopped: other programs' are in it too. */
export function attendDrafts(): Stop {
  const look = () => tell({ drafts: true });
  look();
  addEventListener("focus", look);
  return () => removeEventListener("focus", look);
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
