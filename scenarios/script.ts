/**
 * The script of one node: what it waits for and what happens to it, in order. Orders that make no sense do not compile: a node that is down
 * cannot wait, one that is up cannot restart.
 */
import type { CrashImage } from '../core/events.ts';
import { type Duration, milliseconds } from './duration.ts';
import { ScenarioError } from './error.ts';
import type { ScriptStep, Strike, When } from './model.ts';
import type { Moment } from './moments.ts';
import { onlyKnown } from './options.ts';
import type { EventName, SiteName } from './vocabulary.ts';

/** A moment of a run, such as `event('vote.cast', { type: 'prevote' })`. */
export function event(name: EventName, where: Readonly<Record<string, unknown>> = {}): Moment {
  return { event: name, where };
}

/** The beginning of a height, or of any later one. */
export function height(at: number): Moment {
  return event('height.start', { height: at });
}

/** The beginning of a round, or of any later one. */
export function round(at: number): Moment {
  return event('round.start', { round: at });
}

const steps: unique symbol = Symbol('steps');

/** A node that is up. */
export interface Up {
  readonly [steps]: readonly ScriptStep[];
  waitUntil(moment: Moment, options?: { readonly within?: Duration; readonly as?: string }): Up;
  /**
   * Something that must come. `sameAs`, `differsFrom`: compared by value with the moment of that name. `as` names this moment, and the step itself
   * for a variant that expects it to fail.
   */
  expect(
    moment: Moment,
    options?: { readonly within?: Duration; readonly sameAs?: string; readonly differsFrom?: string; readonly as?: string },
  ): Up;
  /** Power loss: of what was not synced nothing survives, unless `image` says otherwise. */
  crash(when?: When): Down;
  /** Process death: the page cache stays. */
  kill(when?: When): Down;
  /** Cuts it off from all others. */
  isolate(options?: { readonly for?: Duration }): Up;
  /** The next sync of its log fails; what it should have made durable never will be. */
  failFsync(): Up;
  /** Waits until it has stopped by itself, as it must when its disk fails. */
  untilStopped(options?: { readonly within?: Duration; readonly as?: string }): Down;
}

/** A node that is down. */
export interface Down {
  readonly [steps]: readonly ScriptStep[];
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

class Script implements Up, Down {
  readonly [steps]: readonly ScriptStep[];
  constructor(list: readonly ScriptStep[] = []) {
    this[steps] = list;
  }
  #with(step: ScriptStep): Script {
    return new Script([...this[steps], step]);
  }
  waitUntil(moment: Moment, options: { within?: Duration; as?: string } = {}): Up {
    const { as, within } = onlyKnown('waitUntil()', options, ['within', 'as']);
    return this.#with({ type: 'waitUntil', moment: checked(moment), ...withinOf(within), ...(as === undefined ? {} : { as }) });
  }
  expect(moment: Moment, options: { within?: Duration; sameAs?: string; differsFrom?: string; as?: string } = {}): Up {
    const { within, sameAs, differsFrom, as } = onlyKnown('expect()', options, ['within', 'sameAs', 'differsFrom', 'as']);
    const names = {
      ...(sameAs === undefined ? {} : { sameAs }),
      ...(differsFrom === undefined ? {} : { differsFrom }),
      ...(as === undefined ? {} : { as }),
    };
    return this.#with({ type: 'expect', moment: checked(moment), ...withinOf(within), ...names });
  }
  crash(when?: When): Down {
    return this.#with({ type: 'death', kind: 'power', ...strikeOf('crash()', when), image: when?.image ?? 'none' });
  }
  kill(when?: When): Down {
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
    return this.waitUntil(event('stopped'), onlyKnown('untilStopped()', options, ['within', 'as'])) as Script;
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
  throw new ScenarioError(`a script waits for what \`event(...)\` gives, and found ${JSON.stringify(moment)}`);
}

function withinOf(duration: Duration | undefined): { withinMs?: number } {
  return duration === undefined ? {} : { withinMs: milliseconds(duration) };
}

function strikeOf(of: string, when: When | undefined): { strike?: Strike } {
  if (when === undefined) return {};
  const options: { before?: SiteName; after?: SiteName; torn?: SiteName; nth?: number; image?: CrashImage } = when;
  const { before, after, torn, nth = 1 } = onlyKnown(of, options, ['before', 'after', 'torn', 'nth', 'image']);
  if (before !== undefined) return { strike: { site: before, phase: 'before', nth } };
  if (after !== undefined) return { strike: { site: after, phase: 'after', nth } };
  if (torn !== undefined) return { strike: { site: torn, phase: 'torn', nth } };
  throw new ScenarioError(`${of} says when by before, after or torn, each with a site; left out altogether: at once`);
}

/** The beginning of a script: a node that is up. */
export function newScript(): Up {
  return new Script();
}

export function stepsOf(script: Done): readonly ScriptStep[] {
  return script[steps];
}
