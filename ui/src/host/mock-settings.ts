/** Settings of the made-up engine: those whose value shapes the window. */
import type { Setting } from "./index";

const choice = (key: string, group: Setting["group"], choices: string[], value = choices[0] ?? ""): Setting => ({
  key, value, origin: "default", about: `${choices.join(", ")}.`, group, default: value, kind: { type: "choice", choices },
});

export class MockSettings {
  #all: Setting[] = [
    { key: "send.undo_seconds", value: "10", origin: "environment", about: "Seconds.", group: "composing", default: "10", kind: { type: "number", least: 0, most: 30 } },
    { key: "compose.enter_sends", value: "true", origin: "default", about: "Enter sends.", group: "composing", default: "true", kind: { type: "toggle" } },
    choice("privacy.remote_images", "privacy", ["ask", "never"]),
    choice("appearance.theme", "appearance", ["system", "light", "dark"]),
    choice("appearance.contrast", "appearance", ["normal", "high"]),
    choice("appearance.density", "appearance", ["comfortable", "cosy", "compact"], "cosy"),
    choice("appearance.font_size", "appearance", ["small", "normal", "large", "larger"], "normal"),
    choice("appearance.layout", "appearance", ["right", "below", "list"]),
    choice("appearance.language", "appearance", ["system", "en", "de"]),
    choice("keyboard.preset", "keyboard", ["inlet", "outlook", "apple"]),
    { key: "keyboard.bindings", value: "{}", origin: "default", about: "JSON.", group: "keyboard", default: "{}", kind: { type: "text", most: 16_384 } },
  ];

  all(): Setting[] {
    return this.#all;
  }

  set(key: string, value: string | null): Setting[] {
    this.#all = this.#all.map((one) => (one.key === key ? { ...one, value: value ?? one.default, origin: value === null ? "default" : "file" } : one));
    return this.#all;
  }
}
