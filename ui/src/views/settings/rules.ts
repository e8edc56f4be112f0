/** Rules of a person in words, and as rows of a form: one row is one value, so that a comma in it is a comma. */
import type { RuleCondition, RuleEffect, RuleStep, RuleThen, RuleVerdict, RuleWhen, UserRule } from "../../host";
import { t, told } from "../../strings";

/** Conditions and effects there is a row for; others stay as they are, and are changed in the text. */
export const CONDITIONS = ["person", "domain", "to", "text", "subject", "source", "kind", "attachment", "list"] as const;
export const EFFECTS = ["label", "archive", "star", "read", "mute", "snooze", "place", "notify", "forward", "reply"] as const;

export type Condition = (typeof CONDITIONS)[number];
export type Effect = (typeof EFFECTS)[number];
export type Row<K extends string> = { key: number; kind: K; value: string };

/** What the engine calls "there is one, whatever it says", and "there is none". */
const ANY = "*";
const NONE = "none";

/** Effects that are so or not so. */
const FLAGS: readonly Effect[] = ["archive", "star", "read", "mute"];
/** Effects of which there may be several. */
const SEVERAL: readonly Effect[] = ["label", "forward"];

export const isFlag = (kind: Condition | Effect): boolean => (FLAGS as readonly string[]).includes(kind);
export const isSingle = (kind: Condition | Effect): boolean => (EFFECTS as readonly string[]).includes(kind) && !(SEVERAL as readonly string[]).includes(kind);

/** What a row may say, where it is one of a few things. */
export function choicesOf(kind: Condition | Effect): { value: string; label: string }[] | null {
  const words = (values: readonly string[]) => values.map((value) => ({ value, label: valueWord(kind, value) }));
  if (kind === "kind") return words(["mail", "chat", "note"]);
  return kind === "notify" ? words(["critical", "normal", "silent", "off"]) : null;
}

let next = 0;

/** A row with a key of its own. */
export function row<K extends string>(kind: K, value = ""): Row<K> {
  next += 1;
  return { key: next, kind, value };
}

export function conditionRows(when: RuleWhen): Row<Condition>[] {
  return CONDITIONS.flatMap((kind) => (when[kind] ?? []).map((value) => row(kind, kind === "attachment" && value === ANY ? "" : value)));
}

export function effectRows(then: RuleThen): Row<Effect>[] {
  return EFFECTS.flatMap((kind) => {
    const value = then[kind];
    if (value === undefined || value === false) return [];
    return (Array.isArray(value) ? value : [value === true ? "" : value]).map((one) => row(kind, one));
  });
}

/** The rule with what the rows say; what there is no row for stays. */
export function assembled(rule: UserRule, conditions: readonly Row<Condition>[], effects: readonly Row<Effect>[]): UserRule {
  const when: Record<string, unknown> = Object.fromEntries(Object.entries(rule.when).filter(([kind]) => !(CONDITIONS as readonly string[]).includes(kind)));
  for (const { kind, value } of conditions) {
    const said = value.trim() === "" && kind === "attachment" ? ANY : value.trim();
    if (said !== "") when[kind] = [...((when[kind] as string[] | undefined) ?? []), said];
  }
  const then: Record<string, unknown> = {};
  for (const { kind, value } of effects) {
    const said = value.trim();
    if (isFlag(kind)) then[kind] = true;
    else if (said !== "") then[kind] = isSingle(kind) ? said : [...((then[kind] as string[] | undefined) ?? []), said];
  }
  return { ...rule, when: when as RuleWhen, then: then as RuleThen };
}

function valueWord(kind: string, value: string): string {
  if (kind === "kind") return t(`kind-${value as "mail" | "chat" | "note"}`);
  if (kind === "notify") return t(`tell-${value as "critical" | "normal" | "silent" | "off"}`);
  if (value === ANY) return t("if-any");
  return value === NONE ? t("if-none") : value;
}

/** Conditions in words; those without a row only where they are asked for. */
export function conditionWords(when: RuleWhen, kinds: (kind: string) => boolean = () => true): string[] {
  return Object.entries(when)
    .filter(([kind]) => kinds(kind))
    .map(([kind, values]) => {
      const said = Array.isArray(values) ? values.map((value) => valueWord(kind, value)) : Object.entries(values).map(([name, value]) => `${name}: ${value.join(", ")}`);
      return t("if-one", { what: t(`if-${kind as RuleCondition}`), value: said.join(t("if-or")) });
    });
}

/** What a form has no row for. */
export const beyond = (when: RuleWhen): string[] => conditionWords(when, (kind) => !(CONDITIONS as readonly string[]).includes(kind));

export function effectWords(then: RuleThen): string[] {
  return EFFECTS.flatMap((kind) => {
    const value = then[kind];
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
