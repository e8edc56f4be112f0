/** People from history who fit what is being typed; the newest question counts. */
import { call, type Party } from "../../host";

import { isAddress, same } from "./addresses";

const MOST = 6;

export class Completing {
  found: Party[] = $state.raw([]);
  /** The one that Enter takes; -1 for none. */
  at = $state(-1);
  open = $state(false);
  #asked = 0;

  get chosen(): Party | undefined {
    return this.open ? this.found[this.at] : undefined;
  }

  /** Looks for people beside those who are there already. */
  async ask(typed: string, parties: () => readonly Party[]): Promise<void> {
    this.#asked += 1;
    const mine = this.#asked;
    const prefix = typed.trim();
    if (prefix === "") return this.shut();
    // People of any source who have a mail address: whom I know from one account I can write to from another.
    const known = await call("people.suggest", { prefix }).catch(() => []);
    if (mine !== this.#asked) return;
    this.found = known.filter((party) => isAddress(party.handle) && !parties().some((one) => same(one, party))).slice(0, MOST);
    this.at = this.found.length > 0 ? 0 : -1;
    this.open = this.found.length > 0;
  }

  /** Goes to the next one or the one before; whether there is one. */
  step(by: 1 | -1): boolean {
    const { length } = this.found;
    if (length === 0 || (by < 0 && !this.open)) return false;
    this.open = true;
    this.at = (this.at + by + length) % length;
    return true;
  }

  shut(): void {
    this.#asked += 1;
    this.open = false;
    this.at = -1;
  }
}
