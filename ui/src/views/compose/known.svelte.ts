// Whom I have written to: asked of the engine once for each address while a message is written.

import { SvelteMap } from "svelte/reactivity";

import { call, type KnownPerson, type Party } from "../../host";

import { isAddress } from "./addresses";

const people = new SvelteMap<string, KnownPerson>();

/** What was learnt is old: something was sent, or another message is begun. */
export function forget(): void {
  people.clear();
}

/** Asks about those that are not known yet; one that cannot be asked about counts as known. */
export async function learn(parties: readonly Party[]): Promise<void> {
  const handles = parties.map((party) => party.handle).filter((handle) => isAddress(handle) && !people.has(handle));
  if (handles.length === 0) return;
  const found = await call("people.known", { handles }).catch(() => []);
  for (const person of found) people.set(person.handle, person);
}

/** I have never written to this address. */
export function isStranger(party: Party): boolean {
  return people.get(party.handle)?.written === false;
}

/** Nor has anybody of its domain written to me. */
export function isFarStranger(party: Party): boolean {
  return isStranger(party) && people.get(party.handle)?.domain === false;
}
