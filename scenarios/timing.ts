/** Timeouts, repetitions and statuses of a scenario: rules, of which a later one wins over an earlier one, field by field. */
import type { TendermintConfig, Timeouts } from '../actors/tendermint/index.ts';
import { type Duration, durationText, milliseconds, writtenDuration } from './duration.ts';
import { onlyKnown } from './options.ts';

/** Fields without a value stay as the rules before have them. */
export interface TimingRule {
  /** Default: all. */
  readonly nodes?: readonly string[];
  /** From this height on; default: from the first. */
  readonly from?: number;
  readonly proposeMs?: number;
  readonly prevoteMs?: number;
  readonly precommitMs?: number;
  /** How much longer they are with each round: all the same, or each its own. */
  readonly growthMs?: number | { readonly propose?: number; readonly prevote?: number; readonly precommit?: number };
  /** Between two repetitions of what a node has said in its present round. */
  readonly rebroadcastMs?: number;
  /** Between two statuses, by which peers learn how far a node is. */
  readonly statusMs?: number;
  /** A status also whenever a height is stored. */
  readonly statusOnDecision?: boolean;
}

/** A rule as people write it. */
export interface WrittenTiming {
  readonly propose?: Duration;
  readonly prevote?: Duration;
  readonly precommit?: Duration;
  readonly growth?: Duration | { readonly propose?: Duration; readonly prevote?: Duration; readonly precommit?: Duration };
  readonly rebroadcast?: Duration;
  readonly status?: Duration;
  readonly statusOnDecision?: boolean;
}

/** Whose it is, and from which height on. */
export interface TimingScope {
  readonly nodes?: readonly string[];
  readonly from?: number;
}

const kinds = ['propose', 'prevote', 'precommit'] as const;
const fields = [...kinds, 'growth', 'rebroadcast', 'status', 'statusOnDecision'] as const;

/** Throws `ScenarioError` for a field that is not known. */
export function timingRule(written: WrittenTiming, { nodes, from }: TimingScope): TimingRule {
  const { growth, statusOnDecision, ...times } = onlyKnown('timeouts()', written, fields);
  const ms = (value: Duration | undefined): number | undefined => (value === undefined ? undefined : milliseconds(value));
  const growthMs =
    typeof growth !== 'object' ? ms(growth) : present(Object.fromEntries(kinds.map((kind) => [kind, ms(growth[kind])])));
  const { propose, prevote, precommit, rebroadcast, status } = times;
  const change = present({
    proposeMs: ms(propose),
    prevoteMs: ms(prevote),
    precommitMs: ms(precommit),
    growthMs,
    rebroadcastMs: ms(rebroadcast),
    statusMs: ms(status),
    statusOnDecision,
  });
  return present({ nodes, from, ...change });
}

/** What is wrong with a rule, in words, with the field that it is about; undefined: nothing. */
export function wrongTiming(rule: TimingRule): { readonly field: string | undefined; readonly message: string } | undefined {
  const { nodes: _nodes, from: _from, ...times } = writtenTiming(rule);
  if (Object.keys(times).length === 0)
    return { field: undefined, message: `this rule changes nothing: it sets ${fields.join(', ')}` };
  // With 0 a timer would elapse again and again at one instant.
  const field = Object.entries(times).find(([name, time]) => name !== 'growth' && time === durationText(0))?.[0];
  return field === undefined ? undefined : { field, message: `'${field}' must be longer than 0` };
}

export function writtenTiming(rule: TimingRule): WrittenTiming & TimingScope {
  const { nodes, from, proposeMs, prevoteMs, precommitMs, growthMs, rebroadcastMs, statusMs, statusOnDecision } = rule;
  return present({
    nodes,
    from,
    propose: writtenDuration(proposeMs),
    prevote: writtenDuration(prevoteMs),
    precommit: writtenDuration(precommitMs),
    growth: typeof growthMs === 'object' ? written(growthMs) : writtenDuration(growthMs),
    rebroadcast: writtenDuration(rebroadcastMs),
    status: writtenDuration(statusMs),
    statusOnDecision,
  });
}

function written(growth: Readonly<Record<string, number | undefined>>): object {
  return Object.fromEntries(Object.entries(growth).map(([step, ms]) => [step, writtenDuration(ms)]));
}

function present<Fields extends Readonly<Record<string, unknown>>>(
  all: Fields,
): { [Key in keyof Fields]: Exclude<Fields[Key], undefined> } {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as never;
}

/** What a node of Tendermint waits for, from a height on. */
export type Timing = NonNullable<TendermintConfig['later']>[number];

export const usualTimeouts: Timeouts = { propose: 300, prevote: 100, precommit: 100, perRound: 50 };
export const usualRebroadcastMs = 500;
export const usualStatusMs = 400;

/** One entry for each height from which on something changes, the first from height 1. */
export function timingsOf(rules: readonly TimingRule[] = [], node: string): readonly Timing[] {
  const own = rules.filter(({ nodes }) => nodes?.includes(node) !== false);
  return changesIn(own).map((height) =>
    own
      .filter(({ from = 1 }) => from <= height)
      .reduce(withRule, { from: height, timeouts: usualTimeouts, rebroadcastMs: usualRebroadcastMs }),
  );
}

function withRule({ from, timeouts, rebroadcastMs }: Timing, rule: TimingRule): Timing {
  const { proposeMs = timeouts.propose, prevoteMs = timeouts.prevote, precommitMs = timeouts.precommit, growthMs } = rule;
  const growth =
    growthMs === undefined
      ? { perRound: timeouts.perRound, ...(timeouts.growth === undefined ? {} : { growth: timeouts.growth }) }
      : typeof growthMs === 'number'
        ? { perRound: growthMs }
        : { perRound: timeouts.perRound, growth: { ...timeouts.growth, ...growthMs } };
  return {
    from,
    timeouts: { propose: proposeMs, prevote: prevoteMs, precommit: precommitMs, ...growth },
    rebroadcastMs: rule.rebroadcastMs ?? rebroadcastMs,
  };
}

/** When a node sends its peers a status. */
export interface StatusPlan {
  /** From a height on, ms; the first from height 1. */
  readonly intervals: readonly { readonly from: number; readonly ms: number }[];
  readonly onDecision: boolean;
}

export function statusOf(rules: readonly TimingRule[] = [], node: string): StatusPlan {
  const own = rules.filter(({ nodes }) => nodes?.includes(node) !== false);
  const intervals = changesIn(own).map((from) => ({
    from,
    ms: own.filter((rule) => (rule.from ?? 1) <= from).reduce((ms, { statusMs = ms }) => statusMs, usualStatusMs),
  }));
  return { intervals, onDecision: own.reduce((before, { statusOnDecision = before }) => statusOnDecision, false) };
}

function changesIn(rules: readonly TimingRule[]): readonly number[] {
  return [...new Set([1, ...rules.map(({ from = 1 }) => from)])].sort((a, b) => a - b);
}
