// Variables of templates, in braces: filled in when a template is taken, told of when one is left.

import type { AccountView, Compose } from "../../host";

/** Those that are known, in the order they are shown in. */
export const VARIABLES = ["name", "first_name", "date", "weekday", "my_name", "my_address"] as const;

const VARIABLE = /\{(\p{L}[\p{L}\p{N}_]*)\}/gu;

/** What stands for each variable in this message; one that is not known stays as it is. */
export function valuesOf(message: Compose, accounts: readonly AccountView[], now: Date, locale: string): Record<string, string> {
  const values: Record<string, string> = {
    date: now.toLocaleDateString(locale, { dateStyle: "long" }),
    weekday: now.toLocaleDateString(locale, { weekday: "long" }),
  };
  const name = message.to[0]?.name?.trim();
  if (name) {
    values["name"] = name;
    // "Novak, Leila" is called Leila.
    values["first_name"] = (name.split(",")[1] ?? name).trim().split(/\s+/u)[0] ?? name;
  }
  const account = accounts.find((one) => one.sources.some((source) => source.id === message.source));
  const address = account?.sources.find((source) => source.id === message.source)?.identity;
  if (address) values["my_address"] = address;
  const own = account?.config.platform === "imap" ? account.config.display_name?.trim() : undefined;
  if (own) values["my_name"] = own;
  return values;
}

/** The text with what is known put in. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(VARIABLE, (whole, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? whole) : whole));
}

/** Variables a text still has, each once. */
export function unfilled(text: string): string[] {
  return [...new Set([...text.matchAll(VARIABLE)].map(([whole]) => whole))];
}
