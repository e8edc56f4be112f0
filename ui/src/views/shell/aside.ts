/** The screens that are not looked at every day, in a file of their own: the window need not read them to start. */
export { default as Accounts } from "../accounts/Accounts.svelte";
export { default as Connect } from "../accounts/Connect.svelte";
export { default as Import } from "../accounts/Import.svelte";
export { default as Settings } from "../settings/Settings.svelte";
