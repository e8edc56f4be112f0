/** Whether a source still fetches what it fetches unasked. */
import type { SourceView } from "../../host";

/** One whose past is fetched on demand may never have all of it, and rests nevertheless. */
export function isArriving(source: Pick<SourceView, "progress" | "capabilities" | "state">): boolean {
  return !source.capabilities.send_only && source.state !== "off" && !source.progress.complete && !(source.capabilities.older && source.state === "live");
}
