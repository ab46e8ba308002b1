/** Functions that make expectations of a whole run: decisions, events that must not come, and the properties that it is about. */
import { type Duration, milliseconds } from './duration.ts';
import { ScenarioError } from './error.ts';
import type { Absence, DecidesCheck } from './model.ts';
import type { Moment } from './moments.ts';
import { remembered } from './noted-mistakes.ts';
import { onlyKnown } from './options.ts';

export interface DecidesExpectation {
  readonly decides: DecidesCheck;
}

export interface AbsenceExpectation {
  readonly absence: Absence;
}

interface AbsenceOptions {
  readonly from?: Duration;
  readonly until?: Duration;
  readonly nodes?: readonly string[];
  readonly as?: string;
}

/**
 * This moment never comes, at any node or at the named ones, from `from` (default: the beginning) until `until` (default: the end of the run). A height
 * or round means this one (`from(5)`: this one or any later).
 */
export function never(moment: Moment, options: AbsenceOptions = {}): AbsenceExpectation {
  return { absence: remembered({ moment, ...absenceOf('never()', options) }) };
}

/** No node (or no node of `nodes`) may decide between `from` (default: the beginning) and `until`. Throws `ScenarioError` without `until`. */
export function decidesNothing(options: AbsenceOptions & { readonly until: Duration }): AbsenceExpectation {
  if (options?.until === undefined) throw new ScenarioError('decidesNothing() says until when: `{ until: duration }`');
  return { absence: remembered(absenceOf('decidesNothing()', options)) };
}

function absenceOf(of: string, options: AbsenceOptions): Absence {
  const { from, until, nodes, as } = onlyKnown(of, options, ['from', 'until', 'nodes', 'as']);
  return {
    ...(from === undefined ? {} : { fromMs: milliseconds(from) }),
    ...(until === undefined ? {} : { untilMs: milliseconds(until) }),
    ...(nodes === undefined ? {} : { nodes }),
    ...(as === undefined ? {} : { as }),
  };
}

/** A property by its name. All properties are judged in every run; naming one says what the scenario is about. */
export interface NamedProperty {
  readonly property: string;
}

/** Every correct node (or the named ones) decides this height in time. `as`: a name by which a variant expects it to fail. */
export function decides(
  at: number,
  options: { readonly within?: Duration; readonly nodes?: readonly string[]; readonly as?: string } = {},
): DecidesExpectation {
  const { within = '60s', nodes, as } = onlyKnown('decides()', options, ['within', 'nodes', 'as']);
  const named = { ...(nodes === undefined ? {} : { nodes }), ...(as === undefined ? {} : { as }) };
  return { decides: remembered({ height: at, withinMs: milliseconds(within), ...named }) };
}

/** No two correct nodes decide differently at one height. */
export const agreement = (): NamedProperty => ({ property: 'agreement' });
/** A decided value was proposed, and is valid. */
export const validity = (): NamedProperty => ({ property: 'validity' });
/** No correct node signs two different messages for one height, round and type. */
export const noEquivocation = (): NamedProperty => ({ property: 'no-equivocation' });
/** No prevote goes against the lock of its node without a newer polka. */
export const lockDiscipline = (): NamedProperty => ({ property: 'lock-discipline' });
/** When a message that the gate holds leaves, its own frame and all inputs that led to it are durable. */
export const writeAhead = (): NamedProperty => ({ property: 'write-ahead' });
/** Recovery yields at least what was acknowledged, and the state after replay is the one that the living node had. */
export const replayEquivalence = (): NamedProperty => ({ property: 'replay-equivalence' });

export type ExpectedCheck = DecidesExpectation | AbsenceExpectation | NamedProperty;
