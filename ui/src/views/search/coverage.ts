/** What of each source can be found, in one line. */
import type { Coverage } from "../../host";
import { format, type Format } from "../../parts/format";

export function coverageLine(coverage: readonly Coverage[], words: Format = format): string {
  if (coverage.length === 0) return "";
  const partial = coverage.filter((one) => !one.complete);
  if (partial.length === 0) return "Searches everything in all your sources.";
  const said = partial.map((one) => `${one.name}: ${one.from ? `since ${words.date(one.from)}` : "not yet synced"}`);
  const whole = coverage.length - partial.length;
  return `${said.join("; ")}${whole > 0 ? "; the others whole" : ""}.`;
}
