/**
 * Everything the window shows or says, in one catalogue per language (`en.ftl`, `de.ftl`; see
 * https://projectfluent.org). English names the messages: `messages.ts` is made from it, so a name
 * that does not exist, or a variable left out, is a type error.
 *
 * A new message is written into every `.ftl`; `UPDATE_GOLDEN=1 npm test` then makes `messages.ts`
 * anew. A new language is a file beside them and an entry in `choice.ts` and `speak.svelte.ts`.
 *
 * What the engine says comes in English and is shown through `told()`; see `engine.ts`.
 */
export { CHOICES, LANGUAGE_NAMES, type Choice, type Language } from "./choice";
export { pieces, speak, t, told, voice, type Given, type Id, type Piece } from "./speak.svelte";
export type { Messages } from "./messages";
