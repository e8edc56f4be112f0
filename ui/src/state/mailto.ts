/**
 * A `mailto:` link as a message (RFC 6068). Anybody can write such a link, so only what a person sees
 * before sending is taken from it: recipients, subject and text. Nothing is attached, nobody gets a
 * blind copy, and no other header is set.
 */

export interface Mailto {
  to: string[];
  cc: string[];
  subject: string;
  body: string;
}

/** Longer than this is no link that a person made. */
const LONGEST = 100_000;
const LONGEST_SUBJECT = 1000;
const MOST_RECIPIENTS = 200;

/** What a link says; `null` when it is none. */
export function parseMailto(href: string): Mailto | null {
  const whole = /^mailto:([^?#]*)(?:\?([^#]*))?/iu.exec(href.trim().slice(0, LONGEST));
  if (!whole) return null;
  const message: Mailto = { to: addresses(whole[1] ?? ""), cc: [], subject: "", body: "" };
  const bodies: string[] = [];
  for (const field of (whole[2] ?? "").replaceAll("&amp;", "&").split("&")) {
    const [name = "", ...rest] = field.split("=");
    const value = rest.join("=");
    switch (decoded(name).toLowerCase()) {
      case "to":
        message.to.push(...addresses(value));
        break;
      case "cc":
        message.cc.push(...addresses(value));
        break;
      case "subject":
        message.subject = oneLine(decoded(value)).slice(0, LONGEST_SUBJECT);
        break;
      case "body":
        bodies.push(plain(decoded(value)));
        break;
    }
  }
  message.to = unique(message.to);
  message.cc = unique(message.cc).filter((handle) => !message.to.includes(handle));
  message.body = bodies.join("\n");
  return message;
}

/** Commas part addresses before anything is decoded: a comma of an address is written `%2C`. */
function addresses(list: string): string[] {
  return list.split(",").map((part) => decoded(part).trim()).filter((handle) => /^[^\s\p{Cc}@<>,;:"]+@[^\s\p{Cc}@<>,;:"]+$/u.test(handle));
}

function unique(handles: string[]): string[] {
  return [...new Set(handles)].slice(0, MOST_RECIPIENTS);
}

/** Percent signs as they are meant; a broken one stays as it is written. A plus is a plus. */
function decoded(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/giu, (coded) => {
    try {
      return decodeURIComponent(coded);
    } catch {
      return coded;
    }
  });
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

function plain(text: string): string {
  return text.replace(/\r\n?|\u2028|\u2029/gu, "\n").replace(/[^\P{Cc}\n\t]/gu, "");
}
