/**
 * Draws properties of nodes from a seed. For some heights an application may be slow, propose nothing, or reject values. It may have a store of its own.
 * A signer may keep a file of its last signature, and value sync may have limits. Each is drawn independently, so a run has several, one or none.
 *
 * Every correct node makes progress with any of these, because applications propose nothing or reject values only in round 0.
 */
import type { ApplicationRule } from '../../scenarios/application.ts';
import type { ScenarioData } from '../../scenarios/model.ts';
import { Dice } from './dice.ts';

export type DrawnNodes = Pick<
  ScenarioData,
  'application' | 'ownStore' | 'replayDelayMs' | 'signers' | 'sync' | 'voteExtensions' | 'finalizationMs' | 'blockTime'
>;

/** Draws all of these. `validators` are the nodes with a key. */
export function drawNodes(validators: readonly string[], seed: number): DrawnNodes {
  return {
    ...withRestarts(drawApplication(validators, new Dice(seed, 'application')), validators, new Dice(seed, 'restarts')),
    ...drawStore(new Dice(seed, 'own store')),
    ...drawSigners(validators, new Dice(seed, 'signers')),
    ...drawSync(new Dice(seed, 'sync')),
    ...drawReplayDelay(new Dice(seed, 'replay delay')),
    ...drawExtensions(new Dice(seed, 'vote extensions')),
    ...drawPeriod(new Dice(seed, 'finalization')),
    ...drawBlockTime(validators, new Dice(seed, 'block time')),
  };
}

function drawApplication(validators: readonly string[], dice: Dice): Pick<ScenarioData, 'application'> {
  if (dice.below(5) > 0) return {};
  const first = dice.between(1, 6);
  const where = { nodes: someOf(validators, dice), heights: [first, first + dice.below(6)] } as const;
  const rules: readonly ApplicationRule[] = [
    { does: 'slow', ...where, byMs: dice.pick([1, 20, 60, 120]), of: [dice.pick(['propose', 'judge', 'commit'] as const)] },
    { does: 'proposes-nothing', ...where, rounds: 0 },
    { does: 'calls-invalid', ...where, rounds: 0 },
  ];
  return { application: [dice.pick(rules)] };
}

/** In one of eight environments some nodes begin some heights anew, because their application cannot commit at once. */
function withRestarts(
  drawn: Pick<ScenarioData, 'application'>,
  validators: readonly string[],
  dice: Dice,
): Pick<ScenarioData, 'application'> {
  if (dice.below(8) > 0) return drawn;
  const first = dice.between(1, 6);
  const rule = { does: 'restarts-height', nodes: someOf(validators, dice), heights: [first, first + dice.below(4)] } as const;
  return { application: [...(drawn.application ?? []), rule] };
}

/** It is never made durable more seldom than nodes keep blocks. */
function drawStore(dice: Dice): Pick<ScenarioData, 'ownStore'> {
  return dice.below(5) > 0 ? {} : { ownStore: { flushEvery: dice.pick([1, 1, 2, 3, 5]) } };
}

function drawSigners(validators: readonly string[], dice: Dice): Pick<ScenarioData, 'signers'> {
  if (dice.below(6) > 0) return {};
  return { signers: Object.fromEntries(someOf(validators, dice).map((name) => [name, { file: true }])) };
}

function drawSync(dice: Dice): Pick<ScenarioData, 'sync'> {
  if (dice.below(6) > 0) return {};
  return { sync: { batch: dice.pick([1, 2, 8, 16]), parallel: dice.between(1, 3), maxBytes: dice.pick([200, 1000, 10_000]) } };
}

/** Some delays are shorter than the interval of statuses, so that the replay usually comes first. */
function drawReplayDelay(dice: Dice): Pick<ScenarioData, 'replayDelayMs'> {
  return dice.below(6) > 0 ? {} : { replayDelayMs: dice.pick([1, 20, 100, 450, 1000]) };
}

/** In half of these the extensions begin at a later height than the first. */
function drawExtensions(dice: Dice): Pick<ScenarioData, 'voteExtensions'> {
  return dice.below(6) > 0 ? {} : { voteExtensions: { from: dice.pick([1, 1, 2, 4]) } };
}

function drawPeriod(dice: Dice): Pick<ScenarioData, 'finalizationMs'> {
  return dice.below(8) > 0 ? {} : { finalizationMs: dice.pick([5, 30, 120]) };
}

/** Half of these have a clock that is wrong, by seconds or by an hour, from the first start or from the first restart on. */
function drawBlockTime(validators: readonly string[], dice: Dice): Pick<ScenarioData, 'blockTime'> {
  if (dice.below(6) > 0) return {};
  const wrong = dice.below(2) === 0 ? someOf(validators, dice) : [];
  const clock = () => ({ life: dice.below(2), byMs: dice.pick([-3_600_000, -2000, -50, 50, 2000, 3_600_000]) });
  return { blockTime: { clocks: Object.fromEntries(wrong.map((name) => [name, clock()])) } };
}

/** A random part of the names, with at least one of them. */
function someOf(names: readonly string[], dice: Dice): readonly string[] {
  const sure = dice.pick(names);
  return names.filter((name) => name === sure || dice.below(2) === 0);
}
