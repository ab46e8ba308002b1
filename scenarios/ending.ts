/** Decides when a run is over: after all scripts and expected decisions, and a few heights more. */
import { parsePoint, type World } from '../actors/scheduler/index.ts';
import { lastAbsenceMs } from './absences.ts';
import type { DecisionCounter } from './counters.ts';
import type { ScriptDirector } from './director.ts';
import { membersNow } from './members-now.ts';
import { type ScenarioData, type ScriptStep, signerOf } from './model.ts';
import { numberIn } from './moments.ts';
import { setsOf } from './protocols.ts';

/** Heights that every owing node decides after the last one that the scenario speaks of, and that a node decides after it has come back. */
const heightsBehind = 3;

/** Asked after each step. With a safety phase the run ends when it is over, every owing node has gone on and has
 * decided what `decides` names, and no node abstains that enough others can answer. */
export function endOf(data: ScenarioData, decisions: DecisionCounter): (world: World) => boolean {
  const { until, safetyMs } = data;
  const isMember = membersNow(data);
  const named = Math.max(0, ...data.decides.map(({ height }) => height));
  if (until !== undefined) return 'timeMs' in until ? () => false : (world) => haveReached(world, until, isMember);
  if (safetyMs !== undefined) {
    let goal: number | undefined;
    return (world) => {
      if (world.now < safetyMs * 1000) return false;
      goal ??= Math.max(named, Math.max(...world.nodes.map((name) => decisions.height(name))) + heightsBehind);
      const { observer } = world;
      if (world.nodes.some((name) => observer.isExpected(name) || world.isPaused(name))) return false;
      const wanted = goal;
      const owing = world.nodes.filter((name) => world.isUp(name) && !observer.isFaulty(name) && isMember(world, name));
      if (owing.some((name) => decisions.height(name) < wanted && !observer.isAbstaining(name))) return false;
      const able = owing.filter((name) => !observer.isAbstaining(name));
      return able.length === owing.length || !canAnswer(data, able);
    };
  }
  const wanted = lastHeightNamed(data) + heightsBehind;
  const absentMs = lastAbsenceMs(data.absences);
  const isStall =
    data.decides.length === 0 && data.absences?.some(({ moment, nodes }) => moment === undefined && nodes === undefined) === true;
  const returns = new Returns(decisions, isMember);
  return (world) => {
    // Without this a quick cluster would be done before a victim is back, and nothing would be said of its return.
    if (!returns.areOver(world)) return false;
    if (world.now < absentMs * 1000 || !(world.director as ScriptDirector).isDone) return false;
    // If no node has to decide, the run waits for none.
    return isStall || isSettled(world, wanted, data, decisions, isMember);
  };
}

type IsMember = ReturnType<typeof membersNow>;

/** Follows the nodes that come back: each must decide some heights more than it had decided before. */
class Returns {
  readonly #decisions: DecisionCounter;
  readonly #isMember: IsMember;
  /** By node: its present life, and the height that it has to decide. */
  readonly #goals = new Map<string, { readonly life: number; readonly height: number }>();

  constructor(decisions: DecisionCounter, isMember: IsMember) {
    this.#decisions = decisions;
    this.#isMember = isMember;
  }

  /** To be asked after each step. */
  areOver(world: World): boolean {
    let isOver = true;
    for (const name of world.nodes) {
      if (world.isComingBack(name)) isOver = false;
      const life = world.life(name);
      if (life === 0 || !world.isUp(name)) continue;
      let goal = this.#goals.get(name);
      if (goal?.life !== life) {
        goal = { life, height: this.#decisions.height(name) + heightsBehind };
        this.#goals.set(name, goal);
      }
      if (this.#decisions.height(name) < goal.height && this.#isMember(world, name)) isOver = false;
    }
    return isOver;
  }
}

/** Whether a node that has lost its log can learn from these nodes how long it must not vote: they are enough, and each of them can be reached. */
function canAnswer(data: ScenarioData, able: readonly string[]): boolean {
  const keys = new Set(able.map((name) => signerOf(data, name)));
  const sum = (powers: ReadonlyMap<string, number>, names: Iterable<string>): number =>
    [...names].reduce((total, name) => total + (powers.get(name) ?? 0), 0);
  return data.topology === 'mesh' && setsOf(data).every(({ powers }) => 3 * sum(powers, keys) > 2 * sum(powers, powers.keys()));
}

function haveReached(
  world: World,
  { height, round }: { readonly height: number; readonly round: number },
  isMember: IsMember,
): boolean {
  const up = world.nodes.filter((name) => world.isUp(name) && isMember(world, name));
  return up.every((name) => {
    const at = world.position(name);
    return at.height > height || (at.height === height && at.round >= round);
  });
}

function isSettled(
  world: World,
  wanted: number,
  { decides: checks }: ScenarioData,
  decisions: DecisionCounter,
  isMember: IsMember,
): boolean {
  if (world.nodes.some((name) => world.isUp(name) && isMember(world, name) && decisions.height(name) < wanted)) return false;
  if (!world.nodes.some((name) => world.isUp(name))) return false;
  return checks.every(({ height, nodes }) =>
    (nodes ?? world.nodes).every((node) => !world.isUp(node) || !isMember(world, node) || decisions.height(node) >= height),
  );
}

/** The last height that the scenario speaks of; at least such that a run goes to height 10. */
function lastHeightNamed({ scripts, decides, absences = [], proposers, faults, validatorSets }: ScenarioData): number {
  const ofMoment = (where: Readonly<Record<string, unknown>> = {}): number => numberIn(where['height']) ?? 0;
  const ofStep = (step: ScriptStep): number => ('moment' in step ? ofMoment(step.moment?.where) : 0);
  const heights = [
    7,
    ...Object.values(scripts).flatMap((steps) => steps.map(ofStep)),
    ...decides.map(({ height }) => height),
    ...absences.map(({ moment }) => ofMoment(moment?.where)),
    ...Object.keys(proposers).map((place) => Number.parseInt(place, 10)),
    ...faults.map(({ trigger }) =>
      'where' in trigger ? ofMoment(trigger.where) : 'point' in trigger ? (parsePoint(trigger.point)?.point.height ?? 0) : 0,
    ),
    ...validatorSets.map(({ from }) => from),
  ];
  return Math.max(...heights);
}
