/** Broken nodes in the place of the honest one: each turns the recorded cases red. */
import { join } from 'node:path';
import { expect } from 'chai';
import type { TendermintMessage } from '../../actors/tendermint/index.ts';
import { recordedFiles, runFile } from '../../dev/conformance/run-file.ts';
import { honestNode, type TestedNode } from '../../dev/conformance/tested-node.ts';

type Effect = ReturnType<ReturnType<TestedNode['consensus']>['receive']>['effects'][number];

const data = join(import.meta.dirname, 'data');
const files = recordedFiles([join(data, 'cases'), join(data, 'traces')]);

/** Families by the first part of the names of their cases. */
function redFamilies(tested: TestedNode): readonly string[] {
  const red = files
    .flatMap((file) => [...runFile(file, () => undefined, { tested })])
    .filter(({ result }) => result.failure !== undefined);
  return [...new Set(red.map(({ name }) => name.split('/')[0] ?? ''))].sort();
}

/** The honest node whose outputs are changed on their way out, in the definition and in the driver alike. */
function saying(
  change: (message: TendermintMessage) => readonly TendermintMessage[],
  decide: (value: string) => string | undefined,
): TestedNode {
  const changed = <Output extends { readonly type: string }>(outputs: readonly Output[]): readonly Output[] =>
    outputs.flatMap((output): readonly Output[] => {
      const { message, decision } = output as unknown as { message?: TendermintMessage; decision?: { readonly value: string } };
      if (message !== undefined) return change(message).map((other) => ({ ...output, message: other }));
      if (decision === undefined) return [output];
      const value = decide(decision.value);
      return value === undefined ? [] : [{ ...output, decision: { ...decision, value } }];
    });
  return {
    ...honestNode,
    step: (state, input) => {
      const next = honestNode.step(state, input);
      return { state: next.state, outputs: changed(next.outputs) };
    },
    drive: (state, input) => {
      const next = honestNode.drive(state, input);
      return { state: next.state, outputs: changed(next.outputs) };
    },
  };
}

/** The honest shell, whose effects are changed in the step that a message leads to. */
function shell(change: (effects: readonly Effect[], message: { readonly type: string }) => readonly Effect[]): TestedNode {
  return {
    ...honestNode,
    consensus: (setup) => {
      const actor = honestNode.consensus(setup);
      return {
        ...actor,
        receive: (state, message, from) => {
          const step = actor.receive(state, message, from);
          return { state: step.state, effects: change(step.effects, message) };
        },
      };
    },
  };
}

const same = (message: TendermintMessage): readonly TendermintMessage[] => [message];
const keep = (value: string): string => value;
const isReplayEnd = ({ type }: { readonly type: string }): boolean => type === 'replay.end';

describe('a broken node turns the records red', () => {
  it('if it never decides', () => {
    expect(redFamilies(saying(same, () => undefined))).to.include.members(['basic', 'extra', 'random', 'scenarios', 'wal']);
  });

  it('if it decides another value', () => {
    expect(redFamilies(saying(same, () => 'other'))).to.include.members(['basic', 'extra', 'random', 'scenarios', 'wal']);
  });

  it('if it signs nil beside each prevote', () => {
    const twice = (message: TendermintMessage): readonly TendermintMessage[] =>
      message.type === 'vote' && message.voteType === 'prevote' ? [message, { ...message, value: null }] : [message];
    expect(redFamilies(saying(twice, keep))).to.include.members(['basic', 'extra', 'random', 'scenarios', 'wal']);
  });

  it('if it never says a precommit for nil', () => {
    const silent = (message: TendermintMessage): readonly TendermintMessage[] =>
      message.type === 'vote' && message.voteType === 'precommit' && message.value === null ? [] : [message];
    expect(redFamilies(saying(silent, keep))).to.include.members(['basic', 'extra', 'random', 'scenarios', 'wal']);
  });

  for (const kind of ['propose', 'prevote', 'precommit'])
    it(`if it never starts the ${kind} timer`, () => {
      const step: TestedNode['step'] = (state, input) => {
        const next = honestNode.step(state, input);
        const isKept = (output: (typeof next.outputs)[number]): boolean =>
          output.type !== 'setTimer' || !output.timer.startsWith(`${kind}/`);
        return { state: next.state, outputs: next.outputs.filter(isKept) };
      };
      expect(redFamilies({ ...honestNode, step })).to.include.members(['random', 'scenarios', 'wal']);
    });

  it('if its keeper never skips a round', () => {
    const countVote: TestedNode['countVote'] = (keeper, vote, present, set) => {
      const counted = honestNode.countVote(keeper, vote, present, set);
      return counted.threshold?.type === 'skipRound' ? { ...counted, threshold: undefined } : counted;
    };
    const red = ['keeper', 'keeper-random', 'scenarios', 'votekeeper-test'];
    expect(redFamilies({ ...honestNode, countVote })).to.deep.equal(red);
  });

  it('if its state machine takes no lock', () => {
    const applyEvent: TestedNode['applyEvent'] = (state, event, subject, outputs) => ({
      ...honestNode.applyEvent(state, event, subject, outputs),
      locked: state.locked,
    });
    expect(redFamilies({ ...honestNode, applyEvent })).to.include.members(['consensus-random', 'scenarios']);
  });

  it('if it publishes before the flush', () => {
    const early = (effects: readonly Effect[]): readonly Effect[] => [
      ...effects,
      ...effects.flatMap((effect): readonly Effect[] => {
        if (effect.type !== 'observe' || effect.event !== 'said') return [];
        const message = { type: 'publish', site: 'publish', to: 'all', data: effect.detail['input'] };
        return [{ type: 'tell', to: 'network', message }];
      }),
    ];
    expect(redFamilies(shell(early))).to.deep.equal(['wal']);
  });

  it('if it does not publish its votes again after a restart', () => {
    const mute = (effects: readonly Effect[], message: { readonly type: string }): readonly Effect[] =>
      isReplayEnd(message) ? effects.filter(({ type }) => type !== 'tell') : effects;
    expect(redFamilies(shell(mute))).to.deep.equal(['wal']);
  });

  it('if it does not set its timers again after a restart', () => {
    const late = (effects: readonly Effect[], message: { readonly type: string }): readonly Effect[] =>
      isReplayEnd(message) ? effects.filter(({ type }) => type !== 'timer.set') : effects;
    expect(redFamilies(shell(late))).to.deep.equal(['wal']);
  });

  it('if it logs no votes of others', () => {
    const step = (effects: readonly Effect[], message: { readonly type: string }): readonly Effect[] => {
      const { input } = message as { readonly input?: { readonly type: string } };
      return input?.type === 'vote' ? effects.filter(({ type }) => type !== 'disk') : effects;
    };
    expect(redFamilies(shell(step))).to.deep.equal(['wal']);
  });
}).timeout(60_000);
