/**
 * Checks a node program. Three nodes run it under a simulated clock, wire and disk, first without a death. Then one dies at each of its
 * crash points, by a kill or a loss of power, with each disk that may be left. Its dialogues are repeated to new processes, which must
 * answer the same.
 */
import { defaultTiming, newWorld, pointText, type World } from '../../actors/scheduler/index.ts';
import { enumerateCrashpoints } from '../../campaigns/index.ts';
import { seeded } from '../../core/choice.ts';
import { defaultLink, Network } from '../../network-sim/index.ts';
import { SimulatedDisk } from '../../wal/storage/index.ts';
import { Dialogues } from './dialogues.ts';
import { type LineProgram, ProgramError } from './line-program.ts';
import { nodeProperties } from './node-properties.ts';
import { type ProgramState, programNode } from './program-node.ts';

export interface NodeCheckOptions {
  /** Starts the program, or a function in its place. */
  readonly open: () => LineProgram;
  /** Heights at which the victim dies, from 1 on (default 1). */
  readonly heights?: number;
  readonly seed?: number;
  /** A second death at each crash point of each recovery: finds programs that rely on what a killed process left in the page cache. */
  readonly nested?: boolean;
  /** Default true: where the program can save and load, forks of the world load. Otherwise they repeat all inputs of a life. */
  readonly loads?: boolean;
}

export interface NodeFinding {
  readonly property: string;
  readonly message: string;
  /** The crash point and what was left of the disk; undefined if no death is needed. */
  readonly at: string | undefined;
}

export interface NodeReport {
  readonly verdict: 'held' | 'violated' | 'undecided' | 'untested';
  readonly reasons: readonly string[];
  readonly findings: readonly NodeFinding[];
  readonly points: number;
  /** Deaths that were tried: each crash point with each disk that may be left. */
  readonly deaths: number;
  readonly roundTrips: number;
  readonly processes: number;
  /** The run without a death; equal for equal programs. */
  readonly hash: string;
}

const names = ['A', 'B', 'C'];
const victim = 'A';
/** How long (ms of virtual time) a run waits for the decisions of all nodes. */
const limitMs = 20_000;
const restartMs = 300;
/** How many dialogues are repeated to a new process. */
const verified = 6;

export function checkNode(options: NodeCheckOptions): NodeReport {
  const { open, heights = 1, seed = 1, nested = false, loads = true } = options;
  const dialogues = new Dialogues(open, loads);
  try {
    const report = checkWith(dialogues, heights, seed, nested);
    if (report.verdict !== 'violated' || !dialogues.loads) return report;
    // What is wrong may be the load alone: the program itself is judged without it.
    const own = checkNode({ ...options, loads: false });
    return own.verdict === 'violated' ? own : { ...report, findings: report.findings.map(ofTheLoad) };
  } finally {
    dialogues.end();
  }
}

function ofTheLoad({ property, message, at }: NodeFinding): NodeFinding {
  return { property, at, message: `${message} (only with "load": where all inputs are repeated instead, nothing is violated)` };
}

function checkWith(dialogues: Dialogues, heights: number, seed: number, nested: boolean): NodeReport {
  const world = clusterOf(dialogues, seed, 'events');
  const hasDecided = (one: World, node: string, height: number): boolean => heightOf(one, node) > height;
  world.run({ until: (now) => names.every((node) => hasDecided(now, node, heights + 2)), time: limitMs * 1000 });
  const common = (): Pick<NodeReport, 'roundTrips' | 'processes' | 'hash'> => ({
    roundTrips: dialogues.roundTrips,
    processes: dialogues.processes,
    hash: world.hash,
  });
  const alone = world.verdicts().flatMap(({ violations }, index): readonly NodeFinding[] => {
    const [first] = violations;
    return first === undefined ? [] : [{ property: nodeProperties[index]?.name ?? '', message: first.message, at: undefined }];
  });
  const nothing = { points: 0, deaths: 0, reasons: [], findings: [] };
  if (alone.length > 0) return { ...nothing, ...common(), verdict: 'violated', findings: alone };
  const reasons = untestedReasons(world, heights);
  if (reasons.length > 0) return { ...nothing, ...common(), verdict: 'untested', reasons };
  const different = toldAgain(dialogues);
  if (different !== undefined) return { ...nothing, ...common(), verdict: 'violated', findings: [different] };
  const { cells, images, isComplete } = enumerateCrashpoints({
    start: () => clusterOf(dialogues, seed, 'nothing'),
    properties: nodeProperties.map(({ name }) => name),
    victims: [victim],
    progress: heightOf,
    heights: [1, heights],
    deaths: ['kill', 'power'],
    restartMs,
    pending: 2,
    merge: true,
    nested,
    nestedRestartMs: restartMs,
    // Once it has decided something in its new life: what it says at its start is a part of its recovery.
    hasRecovered: (now, node) => now.stoppedBecause(node) !== undefined || (stateOf(now, node)?.height ?? 1) > 1,
    hasEnded: (now, node, height) =>
      now.stoppedBecause(node) !== undefined || names.every((one) => hasDecided(now, one, height + 1) || !now.isUp(one)),
    limitMs,
  });
  const findings = new Map<string, NodeFinding>();
  for (const { point, phase, failures } of cells)
    for (const { property, death, message } of failures)
      if (!findings.has(property))
        findings.set(property, {
          property,
          message,
          at: `${pointText(point, phase)}/${death.image}${death.second === undefined ? '' : `, and again at ${death.second}`}`,
        });
  const late = toldAgain(dialogues);
  if (late !== undefined) findings.set(late.property, late);
  const open = cells.filter(({ verdict }) => verdict === 'undecided');
  const undecided = [
    ...(open.length === 0
      ? []
      : [`after a death at ${open.length} crash points not every node decided again within ${limitMs} ms`]),
    ...(isComplete ? [] : ['not every disk that may be left was tried']),
  ];
  return {
    ...common(),
    points: cells.length,
    deaths: images,
    findings: [...findings.values()],
    reasons: undecided,
    verdict: findings.size > 0 ? 'violated' : open.length > 0 ? 'undecided' : 'held',
  };
}

function clusterOf(dialogues: Dialogues, seed: number, keeps: 'events' | 'nothing'): World {
  const world = newWorld({
    specs: names.map((name) => programNode(name, names, dialogues)),
    disks: names.map(() => new SimulatedDisk()),
    network: new Network({ link: { ...defaultLink, delay: [5_000, 15_000] }, links: {} }),
    choices: seeded(seed),
    timing: defaultTiming,
    monitors: nodeProperties.map(({ monitor }) => monitor),
    keeps,
  });
  for (const name of names) world.start(name);
  return world;
}

function untestedReasons(world: World, heights: number): readonly string[] {
  const behind = names.filter((name) => heightOf(world, name) <= heights + 2);
  const published = [...world.trace.events()].filter(({ type }) => type === 'effect');
  const saysOnce = published.some(
    (event) => event.type === 'effect' && event.effect.type === 'transmit' && 'once' in event.effect.data,
  );
  return [
    ...(behind.length === 0
      ? []
      : [
          `without any death ${behind.join(', ')} did not decide heights 1 to ${heights + 2} within ${limitMs} ms of virtual time`,
        ]),
    ...(saysOnce ? [] : ['it published nothing under `once`, so no statement of it can be judged']),
  ];
}

function toldAgain(dialogues: Dialogues): NodeFinding | undefined {
  try {
    dialogues.verify(verified);
    dialogues.verifyLoads();
    return undefined;
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    return { property: 'deterministic', message: error.message, at: undefined };
  }
}

function stateOf(world: World, node: string): ProgramState | undefined {
  return world.state(node, 'network') as ProgramState | undefined;
}

function heightOf(world: World, node: string): number {
  return stateOf(world, node)?.height ?? world.position(node).height;
}
