/** Figures of the diagnostics, in the words of the person's language. */
import { voice } from "../../strings";

/** Below ten a tenth matters, above it does not. */
export function milliseconds(time: number): string {
  return new Intl.NumberFormat(voice.locale, { style: "unit", unit: "millisecond", maximumFractionDigits: time < 10 ? 1 : 0 }).format(time);
}
