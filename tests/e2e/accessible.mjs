// What axe-core finds in a view.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Serious and critical findings, as lines one can act on. Frames of mail are somebody else's document. */
async function findings(page) {
  // By the debugger, as the page's own policy allows no foreign script.
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run({ exclude: [["iframe"]] }, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] }),
  );
  return violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.target.join(" ")}: ${node.failureSummary}`));
}

/** Looks at every view before it complains, so that one run names everything. */
export class Report {
  #lines = [];

  async look(page, view) {
    this.#lines.push(...(await findings(page)).map((line) => `${view}: ${line}`));
  }

  end() {
    assert.deepEqual(this.#lines, []);
  }
}
