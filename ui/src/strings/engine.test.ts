import { writeFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { partsOf, translator } from "./engine";
import german from "./engine.de.json";
import templates from "./engine.json";

const TRANSLATIONS = { de: german as Record<string, string> };

const holesOf = (text: string) => partsOf(text).flatMap(({ hole }) => hole ?? []).sort();

describe.each(Object.entries(TRANSLATIONS))("what the engine says in %s", (language, translations) => {
  it("is translated whole", () => {
    if (process.env["UPDATE_GOLDEN"] === "1") {
      // What is new is left empty to be filled in; what is said no more goes.
      const fresh = Object.fromEntries(templates.map((template) => [template, translations[template] ?? ""]));
      writeFileSync(`src/strings/engine.${language}.json`, `${JSON.stringify(fresh, null, 2)}\n`);
    }
    const advice = `run \`UPDATE_GOLDEN=1 npx vitest run engine\` in ui/, then fill in what is empty in src/strings/engine.${language}.json`;
    expect(templates.filter((template) => !translations[template]), `not translated: ${advice}`).toEqual([]);
    expect(Object.keys(translations).filter((template) => !templates.includes(template)), `said no more: ${advice}`).toEqual([]);
  });

  it("keeps the holes of every sentence", () => {
    for (const [english, translation] of Object.entries(translations)) {
      expect([...new Set(holesOf(translation))], english).toEqual([...new Set(holesOf(english))]);
    }
  });

  it("finds every sentence again", () => {
    const say = translator(translations);
    const filled = (template: string) => partsOf(template).map(({ text, hole }) => text ?? `x${hole}q7`).join("");
    const lost = Object.entries(translations).filter(([english, translation]) => english !== translation && say(filled(english)) === filled(english));
    expect(lost).toEqual([]);
  });
});

describe("a sentence of the engine", () => {
  const say = translator({
    "{host} refuses connections on port {port}: check the name.": "{host} nimmt an Port {port} keine Verbindungen an: den Namen prüfen.",
    "{host} refuses it all.": "{host} weist alles ab.",
    "{what} was not found.": "{what} wurde nicht gefunden.",
    "The folder {id}": "Der Ordner {id}",
    "the disk is full": "die Festplatte ist voll",
    "{path} cannot be read: {error}.": "{path} ist nicht lesbar: {error}.",
    "\"{name}\" is too large (10 MB).": "„{name}“ ist zu groß (10 MB).",
    "The server refuses to {what}.": "Der Server verweigert: {what}.",
    "list its folders": "die Ordner auflisten",
    "Sign in again.": "Erneut anmelden.",
    "; {refused} requests were turned away": "; {refused} Anfragen wurden abgewiesen",
    "at {listen}": "an {listen}",
    "Look up {host}": "{host} nachschlagen",
    "Nobody answers {way}.": "{way} antwortet niemand.",
    "through the tunnel": "durch den Tunnel",
    "It is so (really).": "So ist es (wirklich).",
    "Keys, as JSON: {{\"a\": 1}}.": "Tasten, als JSON: {{\"a\": 1}}.",
  });

  it("is said with what stood in its holes", () => {
    expect(say("imap.example.org refuses connections on port 993: check the name.")).toBe("imap.example.org nimmt an Port 993 keine Verbindungen an: den Namen prüfen.");
    expect(say("It is so (really).")).toBe("So ist es (wirklich).");
    expect(say('Keys, as JSON: {"a": 1}.')).toBe('Tasten, als JSON: {"a": 1}.');
    expect(say("a.*(b)$1 refuses it all.")).toBe("a.*(b)$1 weist alles ab.");
    expect(say("שרת refuses it all.")).toBe("שרת weist alles ab.");
  });

  it("is found inside another one, with or without capital and full stop", () => {
    expect(say("The folder s3 was not found.")).toBe("Der Ordner s3 wurde nicht gefunden.");
    expect(say("/a/b cannot be read: the disk is full.")).toBe("/a/b ist nicht lesbar: die Festplatte ist voll.");
    expect(say("The disk is full.")).toBe("Die Festplatte ist voll.");
    expect(say("The server refuses to list its folders.")).toBe("Der Server verweigert: die Ordner auflisten.");
  });

  it("begins with a capital, unless a name does not", () => {
    expect(say("Look up example.org")).toBe("example.org nachschlagen");
    expect(say("Nobody answers through the tunnel.")).toBe("Durch den Tunnel antwortet niemand.");
  });

  it("is left alone between quotation marks", () => {
    expect(say('"Sign in again." is too large (10 MB).')).toBe("„Sign in again.“ ist zu groß (10 MB).");
  });

  it("is found beside others, and what is not known stays", () => {
    expect(say("The disk is full. Sign in again.")).toBe("Die Festplatte ist voll. Erneut anmelden.");
    expect(say("The weather is fine. Sign in again. So what?")).toBe("The weather is fine. Erneut anmelden. So what?");
    expect(say("Graph said: the disk is full")).toBe("Graph said: die Festplatte ist voll");
    expect(say("at 127.0.0.1:1; 3 requests were turned away")).toBe("an 127.0.0.1:1; 3 Anfragen wurden abgewiesen");
    expect(say("What somebody else says")).toBe("What somebody else says");
    expect(say("")).toBe("");
    expect(say(`<b>${"x".repeat(10_000)}</b>`)).toHaveLength(10_007);
  });
});
