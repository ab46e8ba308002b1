/**
 * Whole runs: what a node asked of its simulated disk, asked again of real files. Actors know the disk only by its answers. So if each answer is the same, each state of the node is the same too: the same bytes in the log and the same decisions.
 */
import { randomKills } from '../../campaigns/index.ts';
import type { RunEvent } from '../../core/events.ts';
import { runScenario, scenario } from '../../scenarios/index.ts';
import { SimulatedDisk } from '../../wal/index.ts';
import { type Comparison, compareStorages, folderText } from './compare.ts';
import { realFolder, simulated } from './folders.ts';
import type { ParityOperation } from './operations.ts';

export interface RunComparison extends Comparison {
  readonly node: string;
  readonly operations: number;
  readonly decisions: number;
}

/** The run of a seed, with drawn kills (the page cache stays), node by node. `parent`: where the real folders are made. */
export function compareRun(seed: number, parent: string): readonly RunComparison[] {
  const drawn = randomKills(scenario('four validators', { A: 1, B: 1, C: 1, D: 1 }).data, seed);
  const scripts = Object.fromEntries(
    Object.entries(drawn.scripts).map(([node, steps]) => [
      node,
      steps.map((step) => (step.type === 'death' ? { ...step, kind: 'kill' as const, image: 'none' as const } : step)),
    ]),
  );
  const asked = new Map<string, ParityOperation[]>();
  let decisions = 0;
  const listener = (event: RunEvent): void => {
    const { node } = event;
    if (event.type === 'death') listOf(asked, node).push({ type: 'reopen' });
    if (event.type !== 'effect') return;
    if (event.effect.type === 'disk') listOf(asked, node).push(event.effect.operation);
    if (event.effect.type === 'host.decide') decisions += 1;
  };
  const run = runScenario({ ...drawn, scripts, until: { timeMs: 800 } }, { listener });
  const start = run.at(0);
  return run.world.nodes.map((node) => {
    const operations = [...prepared(start.disk(node)), ...(asked.get(node) ?? [])];
    const disk = new SimulatedDisk();
    const compared = compareStorages(operations, simulated(disk), realFolder(parent));
    // What was compared is what the node had: else the comparison would be of something else.
    const [inRun, again] = [folderText(run.world.disk(node)), folderText(disk)];
    const isRun = compared.first !== undefined || inRun === again;
    const first = isRun
      ? compared.first
      : { step: operations.length, operation: 'the disk of the run', simulated: inRun, real: again };
    return { node, operations: operations.length, decisions, first, known: compared.known };
  });
}

/** What makes these files out of nothing. */
function prepared(disk: SimulatedDisk): readonly ParityOperation[] {
  return [...disk.names()].sort().flatMap((file): readonly ParityOperation[] => [
    { type: 'create', file },
    { type: 'append', file, bytes: disk.read(file) },
    { type: 'sync', file },
  ]);
}

function listOf<Item>(lists: Map<string, Item[]>, node: string): Item[] {
  const list = lists.get(node) ?? [];
  lists.set(node, list);
  return list;
}
