/** What of each source can be found, in one line. */
import type { Coverage } from "../../host";
import { format, type Format } from "../../parts/format";
import { t } from "../../strings";

export function coverageLine(coverage: readonly Coverage[], words: Format = format): string {
  if (coverage.length === 0) return "";
  const partial = coverage.filter((one) => !one.complete);
  if (partial.length === 0) return t("coverage-whole");
  const sources = partial
    .map(({ name, from }) => (from ? t("coverage-since", { source: name, date: words.date(from) }) : t("coverage-none", { source: name })))
    .join("; ");
  return t(partial.length < coverage.length ? "coverage-partial-rest" : "coverage-partial", { sources });
}
