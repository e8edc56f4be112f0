import "./style/base.css";

import { mount } from "svelte";

import App from "./App.svelte";
import { useHost } from "./host";
import { httpHost, takeToken } from "./host/http";
import { inWindow, tauriHost } from "./host/tauri";

async function start(): Promise<void> {
  if (import.meta.env.DEV && new URLSearchParams(location.search).has("mock")) {
    const { MockHost } = await import("./host/mock");
    const asked = new URLSearchParams(location.search);
    useHost(new MockHost({ empty: asked.has("empty"), rows: Number(asked.get("rows") ?? 400) }));
  } else if (inWindow()) {
    useHost(tauriHost());
  } else {
    useHost(httpHost(new URL("./", location.href).href, takeToken(location, history, sessionStorage)));
  }
  const target = document.getElementById("app");
  if (target) mount(App, { target });
}

void start();
