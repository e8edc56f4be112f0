/**
 * The settings as the engine has them, each with its origin. What shapes the window is remembered
 * here as well, so that it opens as it was left and does not change under the eyes when the engine
 * answers; the engine's word always counts.
 */
import { call, failure, sentence, type Failure, type Setting, type Stop } from "../host";
import { toast } from "../parts/toast.svelte";
import { t } from "../strings";
import { onEvent } from "./events";
import { Order } from "./order";

const KEY = "inlet-settings";

/** Beginnings of the keys that are remembered. */
const REMEMBERED = ["appearance.", "keyboard.", "compose."];

type Values = Readonly<Record<string, string>>;

function remembered(): Values {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (typeof kept !== "object" || kept === null) return {};
    return Object.fromEntries(Object.entries(kept).filter((one): one is [string, string] => typeof one[1] === "string"));
  } catch {
    return {};
  }
}

/** Where a value comes from that this window cannot change. */
export function isFixed(setting: Setting): boolean {
  return setting.origin === "environment" || setting.origin === "flag";
}

class Settings {
  /** In the engine's order; empty until it has answered. */
  all: Setting[] = $state.raw([]);
  /** Why it has not. */
  error: Failure | null = $state.raw(null);
  #values: Values = $state.raw(remembered());
  #order = new Order();

  /** The value of a setting; nothing until it is known. */
  value(key: string): string | undefined {
    return this.#values[key];
  }

  find(key: string): Setting | undefined {
    return this.all.find((setting) => setting.key === key);
  }

  /** Changes a setting, at once here and then in the engine; `null` goes back to the default. */
  async set(key: string, value: string | null): Promise<void> {
    const setting = this.find(key);
    if (setting && isFixed(setting)) {
      toast(t("setting-fixed", { setting: key }), { tone: "problem" });
      return;
    }
    const shown = value ?? setting?.default;
    if (shown !== undefined) this.#take({ ...this.#values, [key]: shown });
    this.all = this.all.map((one) => (one.key === key ? { ...one, value: shown ?? one.value, origin: value === null ? "default" : "file" } : one));
    try {
      const all = await this.#order.during(() => call("config.set", { key, value }));
      // Of several changes the last one's answer has them all.
      if (this.#order.ask()()) this.#adopt(all);
    } catch (error) {
      toast(sentence(error), { tone: "problem" });
      await this.refresh();
    }
  }

  async refresh(): Promise<void> {
    const counts = this.#order.ask();
    try {
      const all = await call("config.list");
      if (counts()) this.#adopt(all);
    } catch (error) {
      // What was remembered holds until the engine answers again.
      if (counts()) this.error = failure(error);
    }
  }

  start(): Stop {
    return onEvent((event) => {
      if (event.event === "settings" || event.event === "resync") void this.refresh();
    });
  }

  #adopt(all: Setting[]): void {
    this.all = all;
    this.error = null;
    // A locked engine says only how the window looks; the rest is as it was.
    this.#take({ ...this.#values, ...Object.fromEntries(all.map((setting) => [setting.key, setting.value])) });
  }

  #take(values: Values): void {
    this.#values = values;
    try {
      const kept = Object.entries(values).filter(([key]) => REMEMBERED.some((beginning) => key.startsWith(beginning)));
      localStorage.setItem(KEY, JSON.stringify(Object.fromEntries(kept)));
    } catch {
      // A browser that keeps nothing asks the engine each time.
    }
  }
}

export const settings = new Settings();
