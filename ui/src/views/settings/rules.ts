/** Rules of a person in words, and as rows of a form: one row is one value, so that a comma in it is a comma. */
import type { RuleCondition, RuleEffect, RuleStep, RuleThen, RuleVerdict, RuleWhen, State, Urgency, UserRule } from "../../host";
import { format } from "../../parts/format";
import { status } from "../../state/status.svelte";
import { t, told } from "../../strings";

/** Conditions and effects: there is a row for each. */
export const CONDITIONS = ["person", "domain", "to", "text", "subject", "source", "kind", "attachment", "list", "language", "mentioned", "state", "urgency", "score", "confidence", "meta"] as const satisfies readonly RuleCondition[];
export const EFFECTS = ["label", "archive", "star", "read", "mute", "snooze", "place", "notify", "forward", "channel", "digest", "reply"] as const;

export type Condition = (typeof CONDITIONS)[number];
export type Effect = (typeof EFFECTS)[number];
export type Row<K extends string> = { key: number; kind: K; value: string };

/** What the engine calls "there is one, whatever it says", and "there is none"; and as a file writes it. */
const ANY = "*";
const NONE = "none";
const TRUTHS: Partial<Record<string, string>> = { true: ANY, false: NONE };

/** What a condition may say that says one of a few things. */
const CHOICES: Partial<Record<Condition, readonly string[]>> = {
  kind: ["mail", "chat", "note"],
  language: ["en", "de", "fr", "es", "pt", "it", "nl", "other", "none"],
  mentioned: ["true", "false"],
  state: ["reply", "todo", "waiting", "fyi", "done"],
  urgency: ["overdue", "today", "soon", "later", "none"],
};

/** How a rule names a channel among those it sends on to. */
const CHANNEL = "channel:";

/** Effects that are so or not so. */
const FLAGS: readonly Effect[] = ["archive", "star", "read", "mute", "digest"];
/** Effects of which there may be several. */
const SEVERAL: readonly Effect[] = ["label", "forward", "channel"];

export const isFlag = (kind: Condition | Effect): boolean => (FLAGS as readonly string[]).includes(kind);
export const isSingle = (kind: Condition | Effect): boolean => kind === "mentioned" || (EFFECTS as readonly string[]).includes(kind) && !(SEVERAL as readonly string[]).includes(kind);

/** What a row may say, where it is one of a few things. */
export function choicesOf(kind: Condition | Effect): { value: string; label: string }[] | null {
  const words = (values: readonly string[]) => values.map((value) => ({ value, label: valueWord(kind, value) }));
  if (kind === "channel") {
    const { channels } = status;
    const shared = (name: string) => channels.filter((channel) => channel.name === name).length > 1;
    return channels.map(({ account, name }) => ({ value: shared(name) ? account : name, label: shared(name) ? `${name} (${account})` : name }));
  }
  const values = kind === "notify" ? ["critical", "normal", "silent", "off"] : CHOICES[kind as Condition];
  return values ? words(values) : null;
}

let next = 0;

/** A row with a key of its own. */
export function row<K extends string>(kind: K, value = ""): Row<K> {
  next += 1;
  return { key: next, kind, value };
}

/** What a rule asks of something, one text for each value; what has a name of its own as "name = value". */
function asked(when: RuleWhen, kind: Condition): string[] {
  if (kind === "meta") return Object.entries(when.meta ?? {}).flatMap(([name, values]) => values.map((value) => `${name} = ${value}`));
  return (when[kind] ?? []).map((value) => (kind === "attachment" && value === ANY ? "" : String(value)));
}

export const conditionRows = (when: RuleWhen): Row<Condition>[] => CONDITIONS.flatMap((kind) => asked(when, kind).map((value) => row(kind, value)));

/** Puts what a row says into a rule; an empty one says nothing, but that any file will do. */
function ask(when: Record<string, unknown[]>, meta: Record<string, string[]>, { kind, value }: Row<Condition>) {
  const said = value.trim() === "" && kind === "attachment" ? ANY : value.trim();
  if (said === "") return;
  if (kind === "meta") {
    const [name = "", ...rest] = said.split("=");
    // A name alone asks whether there is such a thing.
    const wanted = rest.length === 0 ? ANY : rest.join("=").trim();
    meta[name.trim()] = [...(meta[name.trim()] ?? []), TRUTHS[wanted] ?? wanted];
    return;
  }
  const truth = kind === "attachment" || kind === "list" ? TRUTHS[said] : undefined;
  when[kind] = [...(when[kind] ?? []), kind === "mentioned" ? said === "true" : (truth ?? said)];
}

/** What a rule says of an effect; channels stand among the addresses there. */
function valueOf(then: RuleThen, kind: Effect): boolean | string | string[] | undefined {
  const isChannel = (one: string) => one.startsWith(CHANNEL);
  if (kind === "channel") return then.forward?.filter(isChannel).map((one) => one.slice(CHANNEL.length));
  return kind === "forward" ? then.forward?.filter((one) => !isChannel(one)) : then[kind];
}

export function effectRows(then: RuleThen): Row<Effect>[] {
  return EFFECTS.flatMap((kind) => {
    const value = valueOf(then, kind);
    if (value === undefined || value === false) return [];
    return (Array.isArray(value) ? value : [value === true ? "" : value]).map((one) => row(kind, one));
  });
}

/** The rule with what the rows say. */
export function assembled(rule: UserRule, conditions: readonly Row<Condition>[], effects: readonly Row<Effect>[]): UserRule {
  const when: Record<string, unknown[]> = {};
  const meta: Record<string, string[]> = {};
  for (const one of conditions) ask(when, meta, one);
  const then: Record<string, unknown> = {};
  for (const { kind, value } of effects) {
    const said = value.trim();
    if (isFlag(kind)) then[kind] = true;
    else if (kind === "channel" && said !== "") then.forward = [...((then.forward as string[] | undefined) ?? []), `${CHANNEL}${said}`];
    else if (said !== "") then[kind] = isSingle(kind) ? said : [...((then[kind] as string[] | undefined) ?? []), said];
  }
  return { ...rule, when: { ...when, ...(Object.keys(meta).length > 0 ? { meta } : {}) } as RuleWhen, then: then as RuleThen };
}

function valueWord(kind: string, value: string): string {
  if (kind === "kind") return t(`kind-${value as "mail" | "chat" | "note"}`);
  if (kind === "language" && value !== "other" && value !== NONE) return format.language(value);
  if (kind === "language") return t(`written-${value as "other" | "none"}`);
  if (kind === "mentioned") return t(`mentioned-${value as "true" | "false"}`);
  if (kind === "state") return t(`rests-${value as State}`);
  if (kind === "urgency") return t(`urgent-${value as Urgency}`);
  if (kind === "notify") return t(`tell-${value as "critical" | "normal" | "silent" | "off"}`);
  if (value === ANY) return t("if-any");
  return value === NONE ? t("if-none") : value;
}

/** Conditions in words, in the order the engine has them. */
export function conditionWords(when: RuleWhen): string[] {
  return (Object.keys(when) as Condition[]).flatMap((kind) => {
    if (kind === "meta") return Object.entries(when.meta ?? {}).map(([name, values]) => t("if-one", { what: name, value: values.map((value) => valueWord(kind, value)).join(t("if-or")) }));
    const said = when[kind]?.map((value) => valueWord(kind, String(value))) ?? [];
    return said.length === 0 ? [] : [t("if-one", { what: t(`if-${kind}`), value: said.join(t("if-or")) })];
  });
}

export function effectWords(then: RuleThen): string[] {
  return EFFECTS.flatMap((kind) => {
    const value = valueOf(then, kind);
    if (value === undefined || value === false || (Array.isArray(value) && value.length === 0)) return [];
    if (value === true) return [t(`does-${kind}`)];
    return [t("if-one", { what: t(`does-${kind}`), value: (Array.isArray(value) ? value : [value]).map((one) => valueWord(kind, one)).join(", ") })];
  });
}

function effectWord(step: RuleEffect): string {
  const value = "name" in step ? step.name : "until" in step ? step.until : "how" in step ? valueWord("notify", step.how) : "to" in step ? step.to.join(", ") : "template" in step ? step.template : "";
  return value === "" ? t(`does-${step.effect}`) : t("if-one", { what: t(`does-${step.effect}`), value });
}

/** One thing a rule did or would do, and what became of it. */
export function stepWord(step: RuleStep): string {
  if (step.waits_until && step.outcome !== "refused") return t("step-waits", { what: effectWord(step), outcome: t(`became-${step.outcome}`), until: format.medium(step.waits_until) });
  const why = step.detail ? told(step.detail) : step.refusal ? t(`refused-${step.refusal}`) : "";
  const outcome = t(`became-${step.outcome}`);
  return t("step-line", { what: effectWord(step), outcome: why === "" ? outcome : t("if-one", { what: outcome, value: why }) });
}

/** Whether a rule held, and why. */
export function verdictWord(verdict: RuleVerdict, nameOf: (id: string) => string): string {
  if (verdict.held) {
    const by = (verdict.conditions ?? []).map((one) => t(`if-${one}`));
    return by.length === 0 ? t("held-always") : t("held-by", { what: by.join(", ") });
  }
  if (verdict.kept_by) return t("held-kept", { rule: nameOf(verdict.kept_by) });
  return verdict.missed ? t("held-missed", { what: t(`if-${verdict.missed}`) }) : t("held-not");
}
