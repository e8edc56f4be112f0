// What a person does in the first minutes, done in the page by the same keys, and how long the window
// took by its own measure (ui/src/state/felt.svelte.ts). Runs inside the page, in any browser; the
// last argument takes the answer, as WebDriver's asynchronous scripts want it. With "start" before it
// only that is told.
const answer = arguments[arguments.length - 1];
const only = arguments.length > 1 ? arguments[0] : null;

const frame = () => new Promise((next) => requestAnimationFrame(next));
const find = (id) => document.querySelector(`[data-testid="${id}"]`);

async function until(what, holds) {
  for (const end = performance.now() + 60_000; performance.now() < end; await frame()) {
    const found = holds();
    if (found) return found;
  }
  throw new Error(`the page never showed ${what}`);
}

/** A key where the focus is, and two frames for what comes of it. */
async function press(key, more = {}) {
  const on = document.activeElement ?? document.body;
  for (const kind of ["keydown", "keyup"]) {
    on.dispatchEvent(new KeyboardEvent(kind, { key, bubbles: true, cancelable: true, composed: true, ...more }));
  }
  await frame();
  await frame();
}

async function times(count, work) {
  for (let i = 0; i < count; i += 1) await work(i);
}

async function moveAndOpen() {
  const list = await until("the list", () => document.getElementById("thread-list"));
  await until("a row", () => find("row"));
  list.focus();
  await times(200, () => press("j"));
  await times(150, () => press("k"));
  await times(60, async () => {
    await press("j");
    await press("Enter");
    // Reading takes a moment, in which the neighbours are fetched.
    await times(20, frame);
  });
  await press("Escape");
}

async function archiveAndUndo() {
  document.getElementById("thread-list").focus();
  await times(60, async () => {
    await press("e");
    await times(4, frame);
  });
  await times(60, async () => {
    await press("z");
    await times(4, frame);
  });
}

async function search() {
  const box = find("search-box");
  box.focus();
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  for (const words of ["launch plan", "heron", "invoice", "kitchen", "from:ana", "pilot brest", "budget", "meeting notes", "school", "offline mode"]) {
    for (let i = 1; i <= words.length; i += 1) {
      set.call(box, words.slice(0, i));
      box.dispatchEvent(new InputEvent("input", { bubbles: true, data: words[i - 1] }));
      // A fast typist's pace.
      await times(8, frame);
    }
  }
  await press("Escape");
}

/** Scrolls through the list at a steady pace; the times between frames, in milliseconds. */
async function scroll() {
  find("nav-inbox").click();
  const list = await until("the list", () => document.getElementById("thread-list"));
  await until("a row", () => find("row"));
  await times(30, frame);
  const gaps = [];
  let last = await frame();
  await times(900, async (i) => {
    list.scrollTop += i < 600 ? 90 : 4_000;
    const now = await frame();
    gaps.push(now - last);
    last = now;
  });
  gaps.sort((a, b) => a - b);
  const usual = gaps[Math.floor(gaps.length / 2)];
  // A frame that came a whole frame late is one that was dropped.
  const dropped = gaps.reduce((sum, gap) => sum + Math.max(0, Math.round(gap / usual) - 1), 0);
  return { frames: gaps.length, usual, dropped, rows: Math.round(list.scrollHeight / (find("row")?.offsetHeight || 1)) };
}

async function figures() {
  find("nav-settings").click();
  (await until("the settings", () => find("section-diagnostics"))).click();
  await until("the figures", () => find("felt-focus"));
  const number = (cell) => Number.parseFloat(cell.textContent.replace(/[^\d.]/gu, ""));
  return Object.fromEntries(
    ["focus", "open", "search", "archive", "start"].map((action) => {
      const [p50, p95, target, count] = [...find(`felt-${action}`).querySelectorAll("td")].map(number);
      return [action, { p50, p95, target, count }];
    }),
  );
}

(async () => {
  if (only === "start") {
    await until("a row", () => find("row"));
    return (await figures()).start.p50;
  }
  await moveAndOpen();
  await archiveAndUndo();
  await search();
  const scrolled = await scroll();
  return { ...(await figures()), scroll: scrolled };
})().then(answer, (error) => answer({ error: String(error) }));
