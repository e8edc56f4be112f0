/** What is shown of waiting comes late, for an answer that is there in a blink needs none. */

/** Milliseconds of waiting that nobody misses anything in. */
const BLINK = 150;

/** Whether the component that asks has stood for longer than a blink. */
export function late(): { readonly passed: boolean } {
  let passed = $state(false);
  $effect(() => {
    const timer = setTimeout(() => (passed = true), BLINK);
    return () => clearTimeout(timer);
  });
  return {
    get passed() {
      return passed;
    },
  };
}
