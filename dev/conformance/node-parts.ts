/** The parts of one node of a trace: its round state machine by the inputs that it really applied, its vote keeper by the votes it got. */
import type { ValidatorPower } from '../../actors/tendermint/index.ts';
import { judgeKeeper, type KeeperCase, type KeeperStep } from './keeper-cases.ts';
import { MachineRun } from './machine-traces.ts';
import { isContradictory } from './nodes-differences.ts';
import { beginsHeight, type NodesStep } from './nodes-inputs.ts';
import type { TestedNode } from './tested-node.ts';
import type { Comparison, RecordedState } from './verdict.ts';

const unborn: RecordedState = { h: 0, r: -1, s: 'No', lr: -1, lv: null, vr: -1, vv: null };

export function judgeNodeMachine(name: string, steps: readonly NodesStep[], tested: TestedNode, comparison: Comparison): void {
  for (const height of heightsOf(steps)) {
    let before: RecordedState = { ...unborn, h: height[0]?.post.h ?? 0 };
    let run = new MachineRun(name, before, tested, comparison);
    for (const { i, exec = [], out, post } of height) {
      // What follows a decision is judged with the whole node.
      if (before.s === 'Commit') break;
      if (exec.length === 0) {
        if (JSON.stringify(post) !== JSON.stringify(before)) run = new MachineRun(name, post, tested, comparison);
      } else if (!run.play(i, exec, { out, post })) break;
      before = post;
    }
    if (comparison.failure !== undefined) return;
  }
}

/** A keeper is left at its first certificate, which the specification counts vote by vote. */
export function judgeNodeKeeper(
  validators: readonly ValidatorPower[],
  steps: readonly NodesStep[],
  tested: TestedNode,
  comparison: Comparison,
): void {
  for (const height of heightsOf(steps)) {
    const preload = height[0]?.preload;
    const early = preload?.votes ?? [];
    if ((preload?.certs.length ?? 0) > 0 || isContradictory(early)) continue;
    const cur = early.reduce((round, vote) => Math.max(round, vote.r), 0);
    const counted: KeeperStep[] = early.map((vote) => ({ vote, cur }));
    let round = -1;
    for (const {
      in: [tag, first],
      vk: out,
      tally: votedRound,
      evidence,
      post,
    } of height) {
      if (tag === 'CertificateDInput') break;
      if (tag === 'VoteDInput') {
        const step = { vote: first as KeeperStep['vote'], cur: round };
        const isWhole = out !== undefined && votedRound !== undefined && evidence !== undefined;
        counted.push(isWhole ? { ...step, out, votedRound, evidence } : step);
      }
      round = post.r;
    }
    const keeper: KeeperCase = { family: 'votekeeper', validators, steps: counted };
    judgeKeeper(keeper, tested, comparison);
    if (comparison.failure !== undefined) return;
  }
}

/** Each height begins with the step that has what was swallowed at its start. */
function heightsOf(steps: readonly NodesStep[]): readonly (readonly NodesStep[])[] {
  const heights: NodesStep[][] = [];
  for (const step of steps) {
    if (beginsHeight(step) || heights.length === 0) heights.push([]);
    heights.at(-1)?.push(step);
  }
  return heights;
}
