import "./style/base.css";

import { mount } from "svelte";

import App from "./App.svelte";
import { useHost } from "./host";
import { httpHost, takeToken } from "./host/http";
import { inWindow, tauriHost } from "./host/tauri";
import { prefs } from "./state/prefs.svelte";
import { speak } from "./strings";

async function start(): Promise<void> {
  const language = speak(prefs.language);
  if (import.meta.env.DEV && new URLSearchParams(location.search).has("mock")) {
    const { MockHost } = await import("./host/mock");
    const asked = new URLSearchParams(location.search);
    useHost(new MockHost({ empty: asked.has("empty"), rows: Number(asked.get("rows") ?? 400) }));
  } else if (inWindow()) {
    useHost(tauriHost());
  } else {
    useHost(httpHost(new URL("./", location.href).href, takeToken(location, history, sessionStorage)));
  }
  // Nothing is shown in one language that turns into another under the eyes.
  await language;
  const target = document.getElementById("app");
  if (target) mount(App, { target });
}

void start();
