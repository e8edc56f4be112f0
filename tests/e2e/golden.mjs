// Pictures of the window that are kept, and compared with a tolerance: what no other test sees is
// clipped, misaligned or gone.
//
// A picture is the same on every computer as far as we can make it so: the world and the clock stand
// still, the font comes along, and what the engine's own clock says is replaced. Anti-aliasing and
// the signs of emoji fonts differ still; the tolerance is for them.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import pixelmatch from "pixelmatch";
import { PNG } from "pngjs";

import { eventually } from "./harness.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const kept = join(here, "golden");
const results = join(here, "results");
const docs = join(here, "../../docs/images");

/** When the pictures are taken. */
export const NOW = "2026-03-03T09:24:00Z";

/** How different the colours of a pixel may be, from 0 to 1. */
const COLOUR = 0.2;
/** Share of the pixels that may differ. */
const PIXELS = 0.01;

const font = createRequire(import.meta.url).resolve("@fontsource-variable/noto-sans/files/noto-sans-latin-standard-normal.woff2");

/** Has the window stand still: its clock, and what the engine dates by its own. */
export async function still(context) {
  await context.clock.setFixedTime(new Date(NOW));
  // From the page's own address, as its policy allows no other.
  await context.route("**/golden.woff2", (route) => route.fulfill({ path: font, contentType: "font/woff2" }));
  await context.route("**/rpc/status", async (route) => {
    try {
      const response = await route.fetch();
      const status = await response.json();
      for (const source of status.accounts.flatMap((account) => account.sources)) {
        source.last_heard &&= new Date(Date.parse(NOW) - 60_000).toISOString();
        if (source.state === "syncing") source.state = "live";
      }
      await route.fulfill({ response, json: status });
    } catch {
      // The page went away while the engine answered.
    }
  });
}

/** What comes by itself once the window is open: what the engine says of everything, and what can be found. */
async function come(page, empty) {
  if (!empty) {
    await page.getByTestId("banner-demo").waitFor();
    await page.getByTestId("last-heard").waitFor();
    await page.getByTestId("search-coverage").filter({ hasText: /./u }).waitFor();
  }
  const over = () => document.querySelector("[aria-busy=true], [data-testid=skeleton], [data-testid=work]") === null && [...document.images].every((image) => image.complete);
  await eventually("nothing that is still to come", () => page.evaluate(over));
}

/**
 * Compares the page with its picture; with UPDATE_GOLDEN=1 takes the picture anew, and another one
 * for the documentation where `shown` says so; `empty` where there is nothing yet that could come.
 */
export async function golden(page, name, { shown = false, empty = false } = {}) {
  await page.evaluate(async () => {
    const face = new FontFace("Golden", `url(${new URL("golden.woff2", location.href)})`, { weight: "100 900" });
    document.fonts.add(await face.load());
    document.documentElement.style.setProperty("--font", "Golden, 'Noto Sans', 'Noto Color Emoji', sans-serif");
  });
  await page.mouse.move(0, 0);
  await come(page, empty);
  const taken = await page.screenshot({ animations: "disabled", caret: "hide", scale: "css" });
  const path = join(kept, `${name}.png`);
  if (process.env.UPDATE_GOLDEN === "1") {
    await mkdir(kept, { recursive: true });
    await writeFile(path, taken);
    if (shown) await writeFile(join(docs, `${name}.png`), taken);
    return;
  }
  const [now, before] = [taken, await readFile(path)].map((bytes) => PNG.sync.read(bytes));
  const size = ({ width, height }) => `${width} × ${height}`;
  assert.equal(size(now), size(before), `${name}: the window has another size`);
  const marked = new PNG({ width: now.width, height: now.height });
  const different = pixelmatch(before.data, now.data, marked.data, now.width, now.height, { threshold: COLOUR });
  const share = different / (now.width * now.height);
  if (share <= PIXELS) return;
  await mkdir(results, { recursive: true });
  await writeFile(join(results, `golden-${name}.png`), taken);
  await writeFile(join(results, `golden-${name}-difference.png`), PNG.sync.write(marked));
  assert.fail(`${name}: ${(share * 100).toFixed(2)} % of the pixels differ; see tests/e2e/results. If it is meant so, take the pictures anew with UPDATE_GOLDEN=1.`);
}
