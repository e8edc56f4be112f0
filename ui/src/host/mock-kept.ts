/** What the stand-in engine keeps for its person: each kind in its order. */
import type { Kept, KeptKind } from "./gen/api";
import { Failure } from "./index";

export class MockKept {
  #all: Kept[] = [];
  #next = 1;

  list(kind: KeptKind | null): Kept[] {
    return this.#all.filter((kept) => kind === null || kept.kind === kind);
  }

  put(kept: Kept): Kept {
    const others = this.#all.filter((one) => one.kind === kept.kind && one.id !== kept.id);
    const before = this.#all.find((one) => one.id === kept.id);
    if (kept.id !== null && !before) throw new Failure({ code: "not_found", message: "What you wanted to change was not found." });
    const position = Math.min(kept.position ?? before?.position ?? others.length, others.length);
    const put = { ...kept, id: kept.id ?? String(this.#next++) };
    others.splice(position, 0, put);
    this.#all = [...this.#all.filter((one) => one.kind !== kept.kind), ...others.map((one, at) => ({ ...one, position: at }))];
    return { ...put, position };
  }

  remove(id: string): void {
    this.#all = this.#all.filter((one) => one.id !== id);
  }
}
