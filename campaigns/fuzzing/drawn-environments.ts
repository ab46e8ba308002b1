/**
 * Environments, drawn from a seed: how many validators with which power, sets that change, full nodes, links, topologies, and what nodes do
 * against loss. Weights sit on thresholds: there `> 2/3` and `>= 2/3` differ.
 *
 * Every fourth keeps the cast of the scenario. Not drawn: faults and liars (fault-plan-generator.ts), which stay within the bound in any of these.
 */
import type { PlannedFault } from '../../scenarios/faults.ts';
import { castOf, type ScenarioData } from '../../scenarios/model.ts';
import { setsOf } from '../../scenarios/protocols.ts';
import { usualStatusMs } from '../../scenarios/timing.ts';
import { Dice } from './dice.ts';
import { drawNodes } from './drawn-nodes.ts';

type Powers = Readonly<Record<string, number>>;

export interface DrawnEnvironment {
  /** The scenario's data with the drawn nodes and links in place of its own. */
  readonly data: ScenarioData;
  /** Nodes that go down and stay down: exactly a quorum is left. */
  readonly down: readonly PlannedFault[];
  /** Without value sync or re-broadcast nobody owes progress, so the run ends at this time. */
  readonly untilMs: number | undefined;
}

const usual = 'ABCDEFGHIJ';
const names = [...usual];
const followers = ['X', 'Y'];

export function drawEnvironment(base: ScenarioData, seed: number): DrawnEnvironment {
  const dice = new Dice(seed, 'environment');
  const validators = dice.below(4) === 0 ? base.validators : drawPowers(dice);
  const cast = Object.keys(validators);
  const drawnLink = drawLink(cast, dice);
  const isSparse = cast.length >= 4 && dice.below(4) === 0;
  const fullNodes = dice.below(6) === 0 ? followers.slice(0, dice.between(1, 2)) : [];
  const help = drawHelp(dice);
  const timings = Object.keys(help).length === 0 ? drawStatus(new Dice(seed, 'status')) : {};
  const validatorSets = cast.length > 1 && dice.below(4) === 0 ? drawSets(cast, dice) : [];
  // A node that needs no other decides faster than others can follow over a slow link.
  const link = [validators, ...validatorSets.map(({ powers }) => powers)].some(hasQuorumOfOne) ? {} : drawnLink;
  const data: ScenarioData = {
    ...base,
    validators,
    fullNodes,
    validatorSets,
    network: link,
    ...drawNodes(Object.keys(validators), seed),
    ...help,
    ...timings,
    topology: isSparse ? dice.pick(['ring', { degree: 3 }] as const) : 'mesh',
    valueBytes: dice.pick([base.valueBytes, base.valueBytes, 400, 2000]),
  };
  const gst = dice.below(8) === 0 ? { gst: { timeMs: dice.between(100, 500), boundMs: dice.pick([10, 30, 60]) } } : {};
  const isFew = !isSparse && Object.keys(help).length === 0 && dice.below(8) === 0;
  return {
    data: { ...data, ...gst },
    down: isFew ? allButAQuorum(data, dice) : [],
    untilMs: Object.keys(help).length > 0 ? 4000 : undefined,
  };
}

/**
 * A plot that chance seldom tells: one liar lets one node alone see a polka, for one value after another, and proposes the first again. Locks move,
 * and an older polka comes after a newer one.
 */
export function lockPlot(base: ScenarioData, seed: number): ScenarioData | undefined {
  const dice = new Dice(seed, 'locks');
  if (dice.below(8) !== 0) return undefined;
  const cast = names.slice(0, dice.between(4, 7));
  const liar = dice.pick(cast);
  const heights = Array.from({ length: 8 }, (_, index) => index + 1);
  const first = dice.between(1, 2);
  const proposers = heights.flatMap((height) => [`${height}.0`, `${height}.${first + 1}`].map((place) => [place, liar] as const));
  return {
    ...base,
    validators: named(cast.map(() => 1)),
    proposers: Object.fromEntries(proposers),
    byzantine: { [liar]: 'one-peer-locked' },
  };
}

/** Powers by name. Small numbers, so that sums often meet a threshold exactly. */
function drawPowers(dice: Dice): Powers {
  const cast = names.slice(0, dice.pick([1, 2, 3, 3, 4, 4, 5, 6, 7, dice.between(8, 10)]));
  const powers = cast.map(() => dice.between(1, 3));
  const [first = 1, ...others] = powers;
  const rest = others.reduce((sum, power) => sum + power, 0);
  switch (dice.pick(['equal', 'equal', 'by three', 'a third', 'two thirds', 'uneven'] as const)) {
    case 'equal':
      return named(cast.map(() => 1));
    case 'by three':
      return named([first + ((3 - ((first + rest) % 3)) % 3), ...others]);
    case 'a third':
      // A has half of what all others have together.
      return rest === 0 ? named([1]) : named([rest, ...others.map((power) => 2 * power)]);
    case 'two thirds':
      return rest === 0 ? named([1]) : named([2 * rest, ...others]);
    case 'uneven':
      return named(cast.map(() => dice.between(1, 12)));
  }
}

function hasQuorumOfOne(powers: Powers): boolean {
  const all = Object.values(powers);
  const total = all.reduce((sum, power) => sum + power, 0);
  return all.some((power) => 3 * power > 2 * total);
}

function named(powers: readonly number[]): Powers {
  return Object.fromEntries(powers.map((power, place) => [names[place] ?? '', power]));
}

/** Later sets: other powers for the same nodes, and some of them have none for a while. */
function drawSets(cast: readonly string[], dice: Dice): ScenarioData['validatorSets'] {
  const sets = [];
  let from = 1;
  for (let count = dice.between(1, 2); count > 0; count -= 1) {
    from += dice.between(1, 5);
    const away = dice.below(3) === 0 ? dice.pick(cast) : undefined;
    const powers = Object.fromEntries(cast.map((name) => [name, name === away ? 0 : dice.between(1, 3)]));
    sets.push({ from, powers });
  }
  return sets;
}

/** The vote timeouts are 100 ms, that of a proposal 300 ms: delays below, around and above a third of them. */
function drawLink([first = '', second]: readonly string[], dice: Dice): ScenarioData['network'] {
  switch (
    dice.pick(['usual', 'usual', 'usual', 'uneven', 'around', 'above', 'far above', 'far above', 'one slow link'] as const)
  ) {
    case 'usual':
      return {};
    case 'uneven':
      return { delay: [1, dice.between(10, 30)] };
    case 'around':
      return { delay: [dice.between(10, 30), dice.between(50, 110)], reorder: dice.below(20) / 100 };
    case 'above':
      return { delay: [dice.between(60, 100), dice.between(100, 160)] };
    case 'far above':
      return dice.below(2) === 0 ? { delay: [10, dice.between(200, 400)] } : { delay: dice.between(310, 380) };
    case 'one slow link':
      if (second === undefined) return {};
      return { links: { [`${first}->${second}`]: { delay: [dice.between(20, 60), dice.between(60, 200)] } } };
  }
}

function drawHelp(dice: Dice): Pick<ScenarioData, 'sync' | 'timings'> {
  return dice.pick([
    {},
    {},
    {},
    {},
    {},
    {},
    {},
    {},
    { sync: { isOff: true } },
    { timings: [{ rebroadcastMs: neverMs }] },
  ] as const);
}

/**
 * No statuses at the first height, and from the second on as usual: whoever is ahead of another node is at the second height at least. So a node that
 * lags hears of others only when the interval has changed.
 */
function drawStatus(dice: Dice): Pick<ScenarioData, 'timings'> {
  if (dice.below(4) > 0) return {};
  return { timings: [{ statusMs: neverMs }, { from: 2, statusMs: dice.pick([100, usualStatusMs]) }] };
}

/** Longer than any run. */
const neverMs = 600_000;

/** Takes one node after another, as long as those that stay up have more than two thirds of every set. */
function allButAQuorum(data: ScenarioData, dice: Dice): readonly PlannedFault[] {
  const sets = setsOf(data).map(({ powers }) => powers);
  let up = castOf(data);
  const gone: string[] = [];
  for (const left = [...up]; left.length > 0; ) {
    const [name = ''] = left.splice(dice.below(left.length), 1);
    const others = up.filter((one) => one !== name);
    const isQuorum = sets.every((set) => {
      const sum = (nodes: Iterable<string>): number => [...nodes].reduce((total, one) => total + (set.get(one) ?? 0), 0);
      return 3 * sum(others) > 2 * sum(set.keys());
    });
    if (!isQuorum) continue;
    up = others;
    gone.push(name);
  }
  return gone.map((name) => ({ trigger: { timeMs: dice.below(200) }, fault: { type: 'kill', nodes: [name] } }));
}
