import { cleanup, render, screen, waitFor } from "@testing-library/svelte";
import { flushSync } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import App from "../App.svelte";
import { useHost } from "../host";
import { MockHost } from "../host/mock";
import { keyOf, shown } from "../keys/table";
import { format, peopleLine } from "../parts/format";
import { prefs } from "../state/prefs.svelte";
import { settings } from "../state/settings.svelte";
import { links } from "../state/links.svelte";
import { status } from "../state/status.svelte";
import { ui } from "../state/ui.svelte";
import { said } from "../state/verbs";
import { names } from "../views/compose/addresses";
import { MIRRORED, overridden, voiceFor } from "./choice";
import { pieces, speak, t, voice } from "./speak.svelte";

afterEach(async () => {
  cleanup();
  localStorage.clear();
  void settings.set("appearance.language", "system");
  await speak("system");
});

describe("the choice of a language", () => {
  it("is the system's first one that is known, in its variant", () => {
    expect(voiceFor("system", ["fr-FR", "de-AT", "en-US"])).toEqual({ language: "de", locale: "de-AT", direction: "ltr" });
    expect(voiceFor("system", ["en-GB", "de-DE"])).toMatchObject({ language: "en", locale: "en-GB" });
    expect(voiceFor("system", ["ja"])).toMatchObject({ language: "en", locale: "en-GB" });
    expect(voiceFor("system", [])).toMatchObject({ language: "en" });
  });
  it("is the person's, with the system's variant of it where there is one", () => {
    expect(voiceFor("de", ["en-US"])).toMatchObject({ language: "de", locale: "de-DE" });
    expect(voiceFor("en", ["de-DE", "en-IE"])).toMatchObject({ language: "en", locale: "en-IE" });
  });
  it("bears tags that are none", () => {
    expect(voiceFor("system", ["", "c", "de_DE@euro", "de-!"])).toMatchObject({ language: "de", locale: "de-DE" });
  });
  it("gives way to what a test asks for, in the address before the storage", () => {
    const page = (search: string, kept: string | null) => ({ location: { search }, localStorage: { getItem: () => kept } }) as unknown as Window;
    expect(overridden(page("?token=x&lang=de", "en"))).toBe("de");
    expect(overridden(page("", MIRRORED))).toBe(MIRRORED);
    expect(voiceFor("de", ["de-DE"], MIRRORED)).toMatchObject({ language: "en", direction: "rtl" });
    expect(voiceFor("de", ["de-DE"], "xx")).toMatchObject({ language: "de", direction: "ltr" });
  });
});

describe("what is said", () => {
  beforeEach(() => speak("de"));

  it("has the plural forms of its language", async () => {
    expect([1, 3].map((count) => said("archive", count))).toEqual(["Archiviert", "Archiviert: 3 Unterhaltungen"]);
    expect([1, 2].map((count) => t("attempts", { count }))).toEqual(["1 Versuch", "2 Versuche"]);
    expect(t("trackers-blocked", { count: 12_345 })).toBe("12.345 Tracker blockiert");
    await speak("en");
    expect([0, 1, 12_345].map((count) => t("search-found", { count }))).toEqual(["0 results", "1 result", "12,345 results"]);
    expect(t("outbox-stuck", { count: 1 })).toBe("One entry needs you. Nothing is lost: try again, change it, or cancel it.");
    expect(t("remove-text", { count: 2 })).toMatch(/^2 items, the search over them, /u);
  });

  it("has dates, numbers and lists of its language", () => {
    const now = Date.parse("2026-11-21T10:00:00Z");
    expect(format.short("2026-11-02T10:00:00Z", now)).toBe("2. Nov.");
    expect(format.ago("2026-11-21T09:57:00Z", now)).toBe("vor 3 Min.");
    expect(format.heading("2026-11-20T10:00:00Z", now)).toBe("Gestern");
    expect(format.size(1_482_113)).toBe("1,5 MB");
    const people = ["Ana", "Bo", "Cy", "Di"].map((name) => ({ name, handle: name }));
    expect(names(people.slice(0, 3))).toBe("Ana, Bo und Cy");
    expect(names(people)).toBe("Ana, Bo und 2 weitere");
    expect(format.names(["Ana", "Bo", "Cy"])).toBe("Ana, Bo und Cy");
    expect(peopleLine([])).toBe("Niemand");
  });

  it("names keys as keyboards there do", () => {
    expect(shown("Mod+Enter", false)).toBe("Strg+Eingabe");
    expect(shown("g i", false)).toBe("G dann I");
    expect(keyOf("delete", 1)).toBe("Entf");
  });

  it("comes in pieces where a variable is more than text", async () => {
    expect(pieces("link-goes-written", ["host", "written"])).toEqual([
      { text: "Er führt zu ", slot: null },
      { text: null, slot: "host" },
      { text: ", geschrieben ", slot: null },
      { text: null, slot: "written" },
      { text: ".", slot: null },
    ]);
  });

  it("does not turn back when an earlier wish is answered later", async () => {
    await speak("en");
    const late = speak("de");
    await speak("en");
    await late;
    expect(voice.language).toBe("en");
  });
});

describe("the window", () => {
  beforeEach(async () => {
    useHost(new MockHost({ now: Date.parse("2026-11-21T10:00:00Z"), rows: 40 }));
    status.value = null;
    ui.show({ view: "inbox", split: "all" });
    render(App);
    await waitFor(() => screen.getAllByTestId("row"));
  });

  it("changes its language where it stands, and keeps it", async () => {
    expect(screen.getByTestId("nav-inbox").getAttribute("title")).toBe("Inbox (G then I)");
    void settings.set("appearance.language", "de");
    await waitFor(() => expect(screen.getByTestId("nav-inbox").getAttribute("title")).toBe("Posteingang (G dann I)"));
    expect(document.documentElement.lang).toBe("de");
    expect(document.documentElement.dir).toBe("ltr");
    expect(screen.getByTestId("banner-demo").textContent).toContain("Nichts verlässt diesen Computer");
    expect(screen.getByTestId("status-line").textContent).toContain("Teams: Anmeldung nötig");
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("Posteingang");
    expect(JSON.parse(localStorage.getItem("inlet-settings") ?? "{}")).toMatchObject({ "appearance.language": "de" });
    void settings.set("appearance.language", "en");
    await waitFor(() => expect(screen.getByTestId("nav-inbox").getAttribute("title")).toBe("Inbox (G then I)"));
  });

  it("keeps what is more than text inside a sentence", async () => {
    const verdict = { allowed: true, href: "https://xn--bcher-kva.example/", host: "xn--bcher-kva.example", display_host: "bücher.example", mismatch: false, mixed_script: false, private: false, warnings: ["?"] };
    links.asked = verdict;
    const said = () => screen.getByTestId("link-dialog").querySelector("p")?.textContent?.trim();
    await waitFor(() => expect(said()).toBe("It goes to bücher.example, which is written xn--bcher-kva.example."));
    expect(screen.getByText("bücher.example").tagName).toBe("STRONG");
    void settings.set("appearance.language", "de");
    await waitFor(() => expect(said()).toBe("Er führt zu bücher.example, geschrieben xn--bcher-kva.example."));
    links.asked = { ...verdict, display_host: "" };
    await waitFor(() => expect(said()).toBe("Er führt zu xn--bcher-kva.example."));
    links.asked = null;
  });

  it("is mirrored for whoever asks for that", async () => {
    localStorage.setItem("inlet-lang", MIRRORED);
    await speak(prefs.language);
    flushSync();
    expect(document.documentElement.dir).toBe("rtl");
    // What is put into a sentence is kept apart from it, as it may run the other way.
    expect(t("quoted", { text: "x" })).toBe("“\u2068x\u2069”");
  });

  it("follows the system while it runs", async () => {
    vi.spyOn(navigator, "languages", "get").mockReturnValue(["de-DE"]);
    dispatchEvent(new Event("languagechange"));
    await waitFor(() => expect(document.documentElement.lang).toBe("de"));
  });
});
