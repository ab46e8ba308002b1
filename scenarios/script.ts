/**
 * The script of one node: what it waits for and what happens to it, in order. Orders that make no sense do not compile: a node that is down
 * cannot wait, one that is up cannot restart.
 */
import type { CrashImage } from '../core/events.ts';
import { type Duration, milliseconds } from './duration.ts';
import { ScenarioError } from './error.ts';
import type { KillWhen, ScriptStep, Strike, When } from './model.ts';
import type { Moment } from './moments.ts';
import { refuse, remembered } from './noted-mistakes.ts';
import { onlyKnown } from './options.ts';
import type { EventName, SiteName, WhereOf } from './vocabulary.ts';

/** A moment of a run, such as `event('vote.cast', { type: 'prevote' })`. */
export function event<Name extends EventName>(name: Name, where: WhereOf<Name> = {} as WhereOf<Name>): Moment {
  return { event: name, where };
}

/** A moment that a protocol of your own reports: its names and fields are known to no type. */
export function ownEvent(name: string, where: Readonly<Record<string, unknown>> = {}): Moment {
  return { event: name, where };
}

/** The beginning of a height. */
export function height(at: number): Moment {
  return event('height.start', { height: at });
}

/** The beginning of a round. */
export function round(at: number): Moment {
  return event('round.start', { round: at });
}

const steps: unique symbol = Symbol('steps');

/** `node`: whose event it is, where it is not that of the script's own node. */
interface WaitOptions {
  readonly node?: string;
  readonly within?: Duration;
  readonly as?: string;
}

/** `sameAs`, `differsFrom`: compared by value and height with the moment of that name. */
interface ExpectOptions extends WaitOptions {
  readonly sameAs?: string;
  readonly differsFrom?: string;
}

/** A node that is up. */
export interface Up {
  readonly [steps]: readonly ScriptStep[];
  /** Goes on when the moment has come; a height or round means "at or past" (`exactly(5)`: this one only). */
  waitUntil(moment: Moment, options?: WaitOptions): Up;
  /**
   * Something that must come; a height or round means this one (`from(5)`: this one or any later). `as` names this moment, and the step itself for
   * a variant that expects it to fail.
   */
  expect(moment: Moment, options?: ExpectOptions): Up;
  /** The event must not come for this time; after it the script goes on. A height or round matches exactly; `from(5)` also matches later ones. */
  never(moment: Moment, options: { readonly for: Duration; readonly node?: string; readonly as?: string }): Up;
  /** Power loss: of what was not synced nothing survives, unless `image` says otherwise. */
  crash(when?: When): Down;
  /** Process death: the page cache stays. */
  kill(when?: KillWhen): Down;
  /** Cuts it off from all others. */
  isolate(options?: { readonly for?: Duration }): Up;
  /** The next sync of its log fails; what it should have made durable never will be. */
  failFsync(): Up;
  /** Waits until it has stopped by itself, as it must when its disk fails. */
  untilStopped(options?: { readonly within?: Duration; readonly as?: string }): Down;
}

/** The beginning of a script: a node that is started at the beginning, unless the first step says otherwise. */
export interface AtFirst extends Up {
  /**
   * The node is not up at the beginning of the run. It is started after a time, or when the moment comes at `node` (default: at any node). With `diskOf` it
   * gets a copy of what is durable on the disk of that node at its start. With `signerOf`
   * it gets a copy of the file of that node's signer, and a new log.
   */
  startsLate(
    when: ({ readonly after: Duration } | { readonly at: Moment; readonly node?: string }) & {
      readonly diskOf?: string;
      readonly signerOf?: string;
    },
  ): Up;
  /** It is never started. */
  neverStarts(): Done;
}

/** A node that is down. */
export interface Down {
  readonly [steps]: readonly ScriptStep[];
  /** Stays down until the moment has come at another node. */
  waitUntil(moment: Moment, options: WaitOptions & { readonly node: string }): Down;
  restart(options?: { readonly after?: Duration }): Up;
  stayDown(): Done;
  /** Flips a bit of a frame of the newest segment: one in the middle of the log, or the last one. */
  flipBit(frame: 'middle' | 'last'): Down;
  /** Replaces the disk by an empty one. */
  wipe(): Down;
}

export interface Done {
  readonly [steps]: readonly ScriptStep[];
}

class Script implements AtFirst, Down {
  readonly [steps]: readonly ScriptStep[];
  constructor(list: readonly ScriptStep[] = []) {
    this[steps] = list;
  }
  #with(step: ScriptStep): Script {
    return new Script([...this[steps], remembered(step)]);
  }
  startsLate(when: { after?: Duration; at?: Moment; node?: string; diskOf?: string; signerOf?: string }): Up {
    const { after, at, ...copied } = onlyKnown('startsLate()', when, ['after', 'at', 'node', 'diskOf', 'signerOf']);
    if ((after === undefined) === (at === undefined))
      throw new ScenarioError('startsLate() says when: `{ after: duration }` or `{ at: event(...) }`');
    if (at === undefined && copied.node !== undefined)
      refuse('startsLate(): `node` says whose event `at` waits for; with `after` it means nothing, so remove it');
    if (at === undefined) return this.#with({ type: 'start', afterMs: milliseconds(after as Duration), ...given(copied) });
    return this.#with({ type: 'start', moment: checked(at), ...given(copied) });
  }
  neverStarts(): Done {
    return this.#with({ type: 'start' });
  }
  waitUntil(moment: Moment, options: WaitOptions = {}): Script {
    const { within, ...names } = onlyKnown('waitUntil()', options, ['within', 'as', 'node']);
    return this.#with({ type: 'waitUntil', moment: checked(moment), ...withinOf(within), ...given(names) });
  }
  expect(moment: Moment, options: ExpectOptions = {}): Up {
    const { within, ...names } = onlyKnown('expect()', options, ['within', 'sameAs', 'differsFrom', 'as', 'node']);
    return this.#with({ type: 'expect', moment: checked(moment), ...withinOf(within), ...given(names) });
  }
  never(moment: Moment, options: { for: Duration; node?: string; as?: string }): Up {
    const { for: length, ...names } = onlyKnown('never()', options, ['for', 'node', 'as']);
    if (length === undefined) throw new ScenarioError('never() in a script says for how long: `{ for: duration }`');
    return this.#with({ type: 'never', moment: checked(moment), forMs: milliseconds(length), ...given(names) });
  }
  crash(when?: When): Down {
    return this.#with({ type: 'death', kind: 'power', ...strikeOf('crash()', when, ['image']), image: when?.image ?? 'none' });
  }
  kill(when?: KillWhen): Down {
    return this.#with({ type: 'death', kind: 'kill', ...strikeOf('kill()', when), image: 'none' });
  }
  isolate(options: { for?: Duration } = {}): Up {
    const { for: length } = onlyKnown('isolate()', options, ['for']);
    return this.#with({ type: 'isolate', ...(length === undefined ? {} : { forMs: milliseconds(length) }) });
  }
  restart(options: { after?: Duration } = {}): Up {
    const { after = '1s' } = onlyKnown('restart()', options, ['after']);
    return this.#with({ type: 'restart', afterMs: milliseconds(after) });
  }
  flipBit(frame: 'middle' | 'last'): Down {
    return this.#with({ type: 'disk', fault: { type: 'flip', frame } });
  }
  wipe(): Down {
    return this.#with({ type: 'disk', fault: { type: 'wipe' } });
  }
  untilStopped(options: { within?: Duration; as?: string } = {}): Down {
    return this.waitUntil(event('stopped'), onlyKnown('untilStopped()', options, ['within', 'as']));
  }
  failFsync(): Up {
    return this.#with({ type: 'disk', fault: { type: 'fail-fsync' } });
  }
  stayDown(): Done {
    return this.#with({ type: 'stayDown' });
  }
}

/** JavaScript may bring anything. Throws `ScenarioError`. */
function checked(moment: Moment): Moment {
  if (typeof moment === 'object' && moment !== null && typeof moment.event === 'string') return moment;
  refuse(`a script waits for what \`event(...)\` gives, and found ${JSON.stringify(moment)}`);
  return height(1);
}

/** Without what is undefined. */
function given<Names extends object>(names: Names): Names {
  return Object.fromEntries(Object.entries(names).filter(([, value]) => value !== undefined)) as Names;
}

function withinOf(duration: Duration | undefined): { withinMs?: number } {
  return duration === undefined ? {} : { withinMs: milliseconds(duration) };
}

function strikeOf(of: string, when: When | undefined, more: readonly 'image'[] = []): { strike?: Strike } {
  if (when === undefined) return {};
  const options: { before?: SiteName; after?: SiteName; torn?: SiteName; nth?: number; image?: CrashImage } = when;
  const { before, after, torn, nth = 1 } = onlyKnown(of, options, ['before', 'after', 'torn', 'nth', ...more]);
  if (before !== undefined) return { strike: { site: before, phase: 'before', nth } };
  if (after !== undefined) return { strike: { site: after, phase: 'after', nth } };
  if (torn !== undefined) return { strike: { site: torn, phase: 'torn', nth } };
  refuse(`${of} says when by before, after or torn, each with a site; left out altogether: at once`);
  return {};
}

/** The beginning of a script: a node that is up. */
export function newScript(): AtFirst {
  return new Script();
}

export function stepsOf(script: Done): readonly ScriptStep[] {
  return script[steps];
}
