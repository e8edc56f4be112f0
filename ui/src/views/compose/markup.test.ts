import { expect, it } from "vitest";

import { htmlOf, isPicture, pictureOf } from "./markup";
import { rich, showRich } from "./rich";

function editor(html: string) {
  const heard: { html: string; text: string }[] = [];
  const made = rich({ element: document.createElement("div"), html, placeholder: "", attributes: {}, picture: () => null, onchange: (changed, text) => heard.push({ html: changed, text }), onmove: () => {} });
  return { made, heard };
}

it("makes paragraphs of lines and nothing of signs", () => {
  expect(htmlOf("")).toBe("");
  expect(htmlOf("a < b\n\n<script>")).toBe("<div>a &lt; b</div><div><br></div><div>&lt;script&gt;</div>");
  const text = "one\n\ntwo <b>\n";
  const { made, heard } = editor(htmlOf(text));
  expect(made.getText({ blockSeparator: "\n" })).toBe(text);
  made.commands.insertContentAt(1, "x");
  expect(heard).toEqual([{ html: htmlOf(`x${text}`), text: `x${text}` }]);
  made.destroy();
});

it("reads only what a mail may hold", () => {
  const pasted =
    '<h1 style="color:red" onclick="x()">Title</h1><script>x()</script><p>See <a href="javascript:x()">this</a> and <a href="https://x.example/">that</a></p>' +
    '<img src="https://track.example/o.gif"><img src="cid:a@inlet" alt="A" onerror="x()"><iframe src="https://x.example"></iframe>';
  const { made, heard } = editor("");
  made.commands.insertContent(pasted);
  const html = made.getHTML();
  expect(html).toContain('<img src="cid:a@inlet" alt="A">');
  expect(html).toContain('href="https://x.example/"');
  for (const gone of ["style", "onclick", "script", "track.example", "onerror", "iframe"]) expect(html).not.toContain(gone);
  expect(heard.at(-1)?.text).toMatch(/Title\nSee this and that/u);
  made.destroy();
});

it("shows a signature as it is sent, and nothing a mail cannot hold", () => {
  const element = document.createElement("div");
  const end = showRich(element, '<div>Ana <strong>Ferreira</strong></div><div><a href="https://lumen.example/">Lumen</a></div><img src="https://track.example/o.gif" onerror="x()"><script>x()</script>');
  expect(element.textContent).toBe("Ana FerreiraLumen");
  expect(element.querySelector("strong")?.textContent).toBe("Ferreira");
  expect(element.querySelector("a")?.getAttribute("href")).toBe("https://lumen.example/");
  expect(element.querySelector("script, img[src^=http], [onerror]")).toBeNull();
  expect(element.querySelector("[contenteditable]")?.getAttribute("contenteditable")).toBe("false");
  end();
});

it("shows pictures of the message and nothing else", () => {
  const file = { name: "a.png", type: "image/png", base64: "AAAA", content_id: "a@inlet" };
  expect(pictureOf([file], "a@inlet")).toBe("data:image/png;base64,AAAA");
  expect(pictureOf([file], "b@inlet")).toBeNull();
  expect(pictureOf([{ ...file, type: "image/svg+xml" }], "a@inlet")).toBeNull();
  expect(isPicture({ type: "image/svg+xml" })).toBe(false);
});
