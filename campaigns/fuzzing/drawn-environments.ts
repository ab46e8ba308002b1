/**
 * Draws the environment of a run from a seed: validators and their powers, changing validator sets, full nodes, links, topologies, and the measures of
 * nodes against lost messages. Powers often sum up to exactly a threshold, because `> 2/3` and `>= 2/3` differ only there.
 *
 * A quarter of the environments keeps the validators of the scenario. Faults and liars are drawn elsewhere (fault-plan-generator.ts).
 */
import type { PlannedFault } from '../../scenarios/faults.ts';
import { castOf, type ScenarioData } from '../../scenarios/model.ts';
import { setsOf } from '../../scenarios/protocols.ts';
import { usualStatusMs } from '../../scenarios/timing.ts';
import { Dice } from './dice.ts';
import { drawNodes } from './drawn-nodes.ts';

type Powers = Readonly<Record<string, number>>;

export interface DrawnEnvironment {
  /** The scenario with the drawn nodes and links in place of its own. */
  readonly data: ScenarioData;
  /** Faults that stop nodes for good, so that exactly a quorum is left. */
  readonly down: readonly PlannedFault[];
  /** The end of the run (ms). Set if value sync or re-broadcast is off, because then no progress is promised. */
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
  // A validator with a quorum of its own decides faster than others can follow over a slow link, so links stay fast then.
  const link = [validators, ...validatorSets.map(({ powers }) => powers)].some(hasQuorumOfOne) ? {} : drawnLink;
  const data: ScenarioData = {
    ...base,
    validators,
    fullNodes,
    ...(isSparse || 'sync' in help ? {} : drawSyncOnly(fullNodes, new Dice(seed, 'sync only'))),
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
 * Draws a plot that random faults seldom produce; undefined for most seeds. A liar lets one node see a polka (a quorum of prevotes) for one value after
 * another, and then proposes the first value again. So locks move, and an older polka is shown after a newer one.
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

/** Draws the power of each validator. The numbers are small, so that sums are often exactly a threshold. */
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

/** Draws later validator sets: other powers for the same nodes, where a node may have none for a while. */
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

/** Draws the delays of links. A round needs three messages within a timeout (100 ms for votes), so a third of it is the threshold. */
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

/** Draws whether value sync or re-broadcast is off: each in one of ten environments. */
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

/** Switches off the consensus of each full node in one of three environments. In a sparse topology such a node would cut others from each other. */
function drawSyncOnly(fullNodes: readonly string[], dice: Dice): Pick<ScenarioData, 'syncOnly'> {
  const syncOnly = fullNodes.filter(() => dice.below(3) === 0);
  return syncOnly.length === 0 ? {} : { syncOnly };
}

/**
 * In a quarter of the environments nodes send no status at the first height, and send it as usual from the second height on. So a node that lags receives a
 * status only after the interval has changed.
 */
function drawStatus(dice: Dice): Pick<ScenarioData, 'timings'> {
  if (dice.below(4) > 0) return {};
  return { timings: [{ statusMs: neverMs }, { from: 2, statusMs: dice.pick([100, usualStatusMs]) }] };
}

/** Longer than any run. */
const neverMs = 600_000;

/** Kills nodes for good, one after another, as long as the others have more than two thirds of the power in every set. */
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
