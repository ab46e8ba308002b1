/**
 * The disks that a loss of power may leave, as fates of the pending operations, plainest first.
 *
 * A disk is a prefix of the operations with a few deviations before the newest survivor: one lost, one torn, or, where names survive in order, all names
 * after a certain one lost. Where few operations are pending every combination is listed.
 */
import { type Fate, type Pending, sectorsOf } from './pending.ts';
import type { Personality } from './personalities.ts';
import { isMetadata, lengthAlone } from './sync-coverage.ts';

export interface LossBound {
  /** The most disks for one list; the number of deviations is chosen by it. */
  readonly limit: number;
  /** Deviations beyond this are not tried, unless every combination is. */
  readonly deviations: number;
  /** Only this many of the newest operations before the newest survivor deviate. */
  readonly window: number;
  /** Disks that end at or before this operation have been listed before: they are listed again without deviations. */
  readonly knownUpTo: number;
}

export interface LossList {
  readonly states: Iterable<LossState>;
  /** `every`: all combinations of whole, lost and torn operations. `some`: not even each prefix. Otherwise the number of deviations in each prefix. */
  readonly bound: 'every' | number | 'some';
}

export interface LossState {
  /** One for each pending operation. */
  readonly fates: readonly Fate[];
  readonly deviations: number;
}

/** Pending operations that share one fate, such as both names of a rename. */
interface Unit {
  readonly members: readonly number[];
  /** Fates of the members, the whole unit first. */
  readonly outcomes: readonly (readonly Fate[])[];
  /** Survives in order with others of its kind. */
  readonly isOrdered: boolean;
}

export function powerLossStates(pending: readonly Pending[], personality: Personality, bound: LossBound): LossList {
  const units = unitsOf(pending, personality);
  const isLegal = legality(pending, personality);
  const firstNew = units.findIndex(({ members }) => (pending[members[0] as number] as Pending).id > bound.knownUpTo);
  const newFrom = firstNew === -1 ? units.length : firstNew;
  const every = units.reduce((product, { outcomes }) => Math.min(product * outcomes.length, Number.MAX_SAFE_INTEGER), 1);
  if (every <= bound.limit) return { bound: 'every', states: distinct(everyState(units, pending.length), isLegal) };
  let deviations = bound.deviations;
  while (deviations > 0 && estimate(units, newFrom, bound.window, deviations) > bound.limit) deviations -= 1;
  if (deviations === 0 && units.length + 1 > bound.limit)
    return { bound: 'some', states: distinct(somePrefixes(units, pending.length, bound.limit), isLegal) };
  return {
    bound: deviations,
    states: distinct(boundedStates(units, pending.length, newFrom, bound.window, deviations), isLegal),
  };
}

/** The place of the outcome `lost` in those of each unit. */
const lost = 1;

/** Drops what cannot be on this file system, and what has been listed. */
function* distinct(states: Iterable<LossState>, isLegal: (fates: Fate[]) => boolean): Iterable<LossState> {
  const seen = new Set<string>();
  for (const { fates, deviations } of states) {
    const own = [...fates];
    if (!isLegal(own)) continue;
    const key = own.map(formatFate).join('.');
    if (seen.has(key)) continue;
    seen.add(key);
    yield { fates: own, deviations };
  }
}

function* everyState(units: readonly Unit[], count: number): Iterable<LossState> {
  const chosen = units.map(() => 0);
  for (;;) {
    // What is lost after the newest survivor had not happened yet.
    const end = chosen.findLastIndex((outcome) => outcome !== lost) + 1;
    const deviations = chosen.slice(0, end).filter((outcome) => outcome !== 0).length;
    yield { fates: fatesOf(units, count, units.length, chosen), deviations };
    let place = 0;
    while (place < units.length && chosen[place] === (units[place] as Unit).outcomes.length - 1) {
      chosen[place] = 0;
      place += 1;
    }
    if (place === units.length) return;
    chosen[place] = (chosen[place] as number) + 1;
  }
}

function* boundedStates(
  units: readonly Unit[],
  count: number,
  newFrom: number,
  window: number,
  most: number,
): Iterable<LossState> {
  for (let deviations = 0; deviations <= most; deviations += 1)
    for (let end = units.length; end >= (deviations === 0 ? 0 : newFrom); end -= 1)
      for (const chosen of choices(units, Math.max(0, end - window), end, deviations))
        yield { fates: fatesOf(units, count, end, chosen), deviations };
}

/** Prefixes at equal distances, up to a limit: the empty one, the longest, and others between them. */
function* somePrefixes(units: readonly Unit[], count: number, limit: number): Iterable<LossState> {
  for (let index = 0; index < limit; index += 1) {
    const end = limit === 1 ? 0 : Math.round((units.length * index) / (limit - 1));
    yield { fates: fatesOf(units, count, end, []), deviations: 0 };
  }
}

/** Every way in which exactly `left` units of [from, end) deviate. An ordered unit that is lost takes those after it along. */
function* choices(units: readonly Unit[], from: number, end: number, left: number): Iterable<readonly number[]> {
  if (left === 0) {
    yield [];
    return;
  }
  for (let place = from; place < end; place += 1) {
    const { outcomes, isOrdered } = units[place] as Unit;
    for (let outcome = 1; outcome < outcomes.length; outcome += 1)
      for (const rest of choices(units, place + 1, end, left - 1)) {
        const chosen = [...rest];
        chosen[place] = outcome;
        if (isOrdered) for (let later = place + 1; later < end; later += 1) if (units[later]?.isOrdered) chosen[later] = outcome;
        yield chosen;
      }
  }
}

function fatesOf(units: readonly Unit[], count: number, end: number, chosen: readonly number[]): Fate[] {
  const fates: Fate[] = new Array<Fate>(count).fill('lost');
  for (let place = 0; place < end; place += 1) {
    const { members, outcomes } = units[place] as Unit;
    const outcome = outcomes[chosen[place] ?? 0] ?? outcomes[0];
    for (const [index, member] of members.entries()) fates[member] = outcome?.[index] ?? 'lost';
  }
  return fates;
}

function estimate(units: readonly Unit[], newFrom: number, window: number, deviations: number): number {
  let sum = units.length + 1;
  for (let end = newFrom; end <= units.length; end += 1) {
    const ways = units.slice(Math.max(0, end - window), end).reduce((total, { outcomes }) => total + outcomes.length - 1, 0);
    sum += deviations === 1 ? ways : ways + (ways * ways) / 2;
  }
  return sum;
}

function unitsOf(pending: readonly Pending[], personality: Personality): readonly Unit[] {
  const units: Unit[] = [];
  const isOrdered = personality.names === 'in order';
  for (let place = 0; place < pending.length; place += 1) {
    const one = pending[place] as Pending;
    const next = pending[place + 1];
    if (one.type === 'barrier') {
      if (isMetadata(one, personality)) units.push({ members: [place], outcomes: [['kept'], ['lost']], isOrdered });
      continue;
    }
    if (one.type === 'link' && next?.type === 'unlink' && next.renamedBy === one.id) {
      const both = personality.tears ? [['kept', 'lost'] as const] : [];
      units.push({ members: [place, place + 1], outcomes: [['kept', 'kept'], ['lost', 'lost'], ...both], isOrdered });
      place += 1;
    } else if (one.type === 'resize' && one.isOfWrite && next?.type === 'write') {
      const torn = tornFates(next, personality);
      if (personality.length === 'apart') {
        const shorter = torn.map((fate): readonly Fate[] => ['lost', fate]);
        const longer = torn.map((fate): readonly Fate[] => ['kept', fate]);
        const outcomes: (readonly Fate[])[] = [['kept', 'kept'], ['lost', 'lost'], ['kept', 'lost'], ...shorter, ...longer];
        units.push({ members: [place, place + 1], outcomes, isOrdered: false });
      } else {
        if (isMetadata(one, personality)) {
          const alone: Fate = { cut: lengthAlone(one) };
          units.push({ members: [place], outcomes: [[alone], ['lost']], isOrdered: true });
        }
        units.push({ members: [place + 1], outcomes: [['kept'], ['lost'], ...torn.map((fate) => [fate])], isOrdered: false });
      }
      place += 1;
    } else if (one.type === 'write')
      units.push({
        members: [place],
        outcomes: [['kept'], ['lost'], ...tornFates(one, personality).map((fate) => [fate])],
        isOrdered: false,
      });
    else units.push({ members: [place], outcomes: [['kept'], ['lost']], isOrdered });
  }
  return units;
}

/** Ways in which part of a write survives: some of its sectors, and where sectors tear some of its first bytes. */
function tornFates({ offset, bytes }: Pending & { readonly type: 'write' }, { tears }: Personality): readonly Fate[] {
  const count = sectorsOf(offset, bytes.length).length;
  const digits = new Set<string>();
  const few = [1, Math.floor(count / 2), count - 1];
  if (count <= 4) for (let mask = 1; mask < 2 ** count - 1; mask += 1) digits.add(mask.toString(2).padStart(count, '0'));
  else
    for (const kept of few) {
      digits.add('1'.repeat(kept) + '0'.repeat(count - kept));
      digits.add('0'.repeat(count - kept) + '1'.repeat(kept));
    }
  const length = bytes.length;
  const cuts = length <= 16 ? Array.from({ length }, (_, cut) => cut) : [1, Math.floor(length / 2), length - 1];
  return [
    ...[...digits].map((sectors): Fate => ({ sectors })),
    ...(tears ? [...new Set(cuts)].filter((cut) => cut > 0 && cut < length).map((cut): Fate => ({ cut })) : []),
  ];
}

/** Whether these fates can be on this file system as they are. */
export function isLegalLoss(pending: readonly Pending[], personality: Personality, fates: readonly Fate[]): boolean {
  const own = [...fates];
  return (
    legality(pending, personality)(own) && own.every((fate, place) => formatFate(fate) === formatFate(fates[place] ?? 'lost'))
  );
}

/** Whether fates can be on this file system. Lets writes follow the truncation, and lengths the flush, that they depend on. */
function legality(pending: readonly Pending[], personality: Personality): (fates: Fate[]) => boolean {
  if (personality.names === 'any') return () => true;
  const ordered = [...pending.keys()].filter((place) => isMetadata(pending[place] as Pending, personality));
  const flushes = ordered.filter((place) => pending[place]?.type === 'barrier');
  return (fates) => {
    const firstLost = ordered.find((place) => fates[place] === 'lost') ?? pending.length;
    if (ordered.some((place) => place > firstLost && fates[place] !== 'lost')) return false;
    for (const place of ordered) if (fates[place] === 'lost') followLostResize(pending, place, fates);
    for (const flush of flushes)
      if (fates[flush] === 'kept')
        for (const [place, one] of pending.entries())
          if (one.type === 'resize' && one.inode === pending[flush]?.inode && place < flush) fates[place] = 'kept';
    return true;
  };
}

/** What was written on new blocks, or past the end that the file still has, is seen by nobody. */
function followLostResize(pending: readonly Pending[], place: number, fates: Fate[]): void {
  const resize = pending[place] as Pending;
  if (resize.type !== 'resize') return;
  for (const [later, one] of pending.entries()) {
    if (one.type !== 'write' || one.inode !== resize.inode || one.id < resize.id || fates[later] === 'lost') continue;
    const visible = resize.isOfWrite ? Math.max(0, resize.was - one.offset) : 0;
    if (visible < one.bytes.length) fates[later] = visible === 0 ? 'lost' : { cut: visible };
  }
}

/** `1` kept, `0` lost, `c137` the first 137 bytes (or the length 137), `s101` these sectors. */
export function formatFate(fate: Fate): string {
  if (fate === 'kept') return '1';
  if (fate === 'lost') return '0';
  return 'cut' in fate ? `c${fate.cut}` : `s${fate.sectors}`;
}

/** Undefined when the text names no fate. */
export function parseFate(text: string): Fate | undefined {
  if (text === '1') return 'kept';
  if (text === '0') return 'lost';
  const [, cut, sectors] = /^(?:c(\d+)|s([01]+))$/.exec(text) ?? [];
  if (cut !== undefined) return { cut: Number(cut) };
  return sectors === undefined ? undefined : { sectors };
}
