/** The traces of the family `nodes`: the specification's runs of whole nodes. */
import type { ValidatorPower } from '../../actors/tendermint/index.ts';
import { Delivered } from './delivered.ts';
import { judgeNodeKeeper, judgeNodeMachine } from './node-parts.ts';
import { NodeRun } from './node-run.ts';
import type { NodesStep } from './nodes-inputs.ts';
import { proposersByRound } from './recorded-inputs.ts';
import type { TestedNode } from './tested-node.ts';
import type { Comparison } from './verdict.ts';

export interface NodesTrace {
  readonly nodes: readonly string[];
  readonly validators: readonly ValidatorPower[];
  readonly height: number;
  readonly steps: readonly NodesStep[];
}

/** Checks each node separately, with the inputs that the trace gives for it. At each height the proposer of round r is `names[(r + 1) % names.length]`, with sorted names. */
export function judgeNodes({ nodes, validators, steps }: NodesTrace, tested: TestedNode, comparison: Comparison): void {
  const names = validators.map(([name]) => name).sort();
  const proposerOf = (round: number): string => names[(round + 1) % names.length] ?? '';
  for (const name of nodes) {
    const own = steps.filter(({ a, n }) => a === 'step' && n === name);
    const delivered = new Delivered(validators, proposerOf);
    new NodeRun(name, validators, proposersByRound(proposerOf), delivered, tested, comparison).play(own);
    if (comparison.failure === undefined) judgeNodeMachine(name, own, tested, comparison);
    if (comparison.failure === undefined) judgeNodeKeeper(validators, own, tested, comparison);
    if (comparison.failure !== undefined) return;
  }
}
