import { afterEach, beforeEach, expect, it } from "vitest";

import { handOver, neighbour } from "./neighbour";

beforeEach(() => {
  document.body.innerHTML = `
    <button id="far">far</button>
    <section>
      <ul>${[1, 2, 3].map((n) => `<li id="r${n}"><button id="up${n}">up</button><button id="out${n}">out</button></li>`).join("")}</ul>
      <button id="add">add</button>
    </section>`;
});

afterEach(() => document.body.replaceChildren());

const get = (id: string) => document.getElementById(id) as HTMLElement;
const focused = () => document.activeElement?.id;

/** Takes a row away while a control of it has the keyboard. */
async function remove(row: string, control: string): Promise<void> {
  get(control).focus();
  const back = neighbour(get(row));
  get(row).remove();
  await back();
}

it("gives the keyboard to the same control of the row that takes the place", async () => {
  await remove("r2", "out2");
  expect(focused()).toBe("out3");
});

it("goes to the row before when the last one goes", async () => {
  await remove("r3", "up3");
  expect(focused()).toBe("up2");
});

it("passes over a control that is switched off, and counts it", async () => {
  (get("up3") as HTMLButtonElement).disabled = true;
  await remove("r2", "out2");
  expect(focused()).toBe("out3");
  get("r3").insertAdjacentHTML("afterend", get("r1").outerHTML.replaceAll("1", "4"));
  (get("up4") as HTMLButtonElement).disabled = true;
  (get("up3") as HTMLButtonElement).disabled = false;
  await remove("r3", "up3");
  expect(focused()).toBe("out4");
});

it("stays near when no row is left", async () => {
  await remove("r1", "out1");
  await remove("r2", "out2");
  await remove("r3", "out3");
  expect(focused()).toBe("add");
});

it("stays near when the list goes with its rows", async () => {
  get("out1").focus();
  const back = neighbour(get("r1"));
  document.querySelector("ul")?.remove();
  await back();
  expect(focused()).toBe("add");
});

it("has a row read as a whole where it asks for that", async () => {
  get("r2").innerHTML = `<article id="whole" tabindex="-1" data-row><button>yes</button></article>`;
  await remove("r1", "up1");
  expect(focused()).toBe("whole");
});

it("keeps the keyboard in a row that stays and whose control goes", async () => {
  get("out2").focus();
  const back = neighbour(get("r2"));
  get("out2").remove();
  await back();
  expect(focused()).toBe("up2");
});

it("takes the keyboard from nobody who has it elsewhere, nor from a row that stayed", async () => {
  get("far").focus();
  const back = neighbour(get("r1"));
  get("r1").remove();
  await back();
  expect(focused()).toBe("far");
  get("up2").focus();
  const stayed = neighbour(get("r2"));
  get("out2").focus();
  await stayed();
  expect(focused()).toBe("out2");
});

it("hands over to another control of the row before the one that was pressed goes", () => {
  get("out2").addEventListener("click", handOver);
  get("out2").focus();
  get("out2").click();
  expect(focused()).toBe("up2");
});
