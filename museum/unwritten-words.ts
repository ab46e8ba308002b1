/** Broken nodes whose own messages leave before they are in the log, some of them with labels that hide this. */
import { leave, type WriteAheadState } from '../actors/node/index.ts';
import type { Effect } from '../core/effects.ts';
import type { Exhibit } from './exhibit.ts';
import { hasStopped, wrapActor } from './wrap.ts';

const ownFrame = 4;

function isOwnFrame(effect: Effect): boolean {
  return effect.type === 'disk' && effect.operation.type === 'append' && effect.operation.bytes[4] === ownFrame;
}

export const ownFramesUnwritten: Exhibit = {
  name: 'own-frames-unwritten',
  bug: 'The log holds what a node hears, and not what it says: its own votes are signed and sent without a frame.',
  source: 'our own judge, which held such nodes as long as it asked only whether a frame that it knew was durable',
  rule: 'own messages are framed where they are derived',
  expected: ['write-ahead'],
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      return { state: step.state, effects: step.effects.filter((effect) => !isOwnFrame(effect)) };
    }),
};

/** What the gate holds leaves at once, as `broadcast-before-flush` does it; decisions wait. */
function releasing(
  state: unknown,
  effects: readonly Effect[],
  label: string,
): { readonly state: unknown; readonly effects: readonly Effect[] } {
  const shell = state as WriteAheadState;
  const early = shell.gate.held.filter(({ output }) => output.type === 'publish');
  if (early.length === 0) return { state, effects };
  const held = shell.gate.held.filter(({ output }) => output.type !== 'publish');
  const sent = early.map(({ output }): Effect => {
    const effect = leave(output);
    if (effect.type !== 'tell') return effect;
    return { ...effect, message: { ...effect.message, site: label } as typeof effect.message };
  });
  return { state: { ...shell, gate: { ...shell.gate, held } }, effects: [...effects, ...sent] };
}

export const votesLabelledRelay: Exhibit = {
  name: 'votes-labelled-relay',
  bug: 'A vote leaves before it is durable, by the way on which messages of others are passed on: nothing on that way asks the gate.',
  source: 'our own judge, which believed the label that a node puts on what it sends',
  rule: 'the gate holds every own message, whatever carries it',
  expected: ['write-ahead'],
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      return releasing(step.state, step.effects, 'relay');
    }),
};

/** A round certificate or a polka carries votes of the node itself. */
export const certificatesUngated: Exhibit = {
  name: 'certificates-ungated',
  bug: 'A vote waits for the disk, and leaves all the same: inside a certificate, which no gate holds.',
  source: 'our own judge, which looked at bare votes only',
  rule: 'the gate holds what carries an own message',
  expected: ['write-ahead'],
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      const shell = step.state as WriteAheadState;
      const votes = shell.gate.held.flatMap(({ output }) =>
        output.type === 'publish' && output.data.type === 'vote' ? [output.data] : [],
      );
      if (votes.length === 0) return step;
      const [{ height, round }] = votes as unknown as readonly [{ readonly height: number; readonly round: number }];
      const data = { type: 'roundCertificate', height, round, votes };
      const early = { type: 'publish', site: 'publish', to: 'all', data };
      return { state: step.state, effects: [...step.effects, { type: 'tell', to: 'network', message: early }] };
    }),
};

/** Own frames are taken from memory that outlives the process, in place of the log that has lost them. */
export const lostVoteSaidAgain: Exhibit = {
  name: 'lost-vote-said-again',
  bug: 'A vote is kept beside the log and sent again after a restart, also when its frame was lost with the power: the next life has not signed it.',
  source: 'our own judge, which asked for no frame once its file was gone',
  rule: 'after a restart only what the log holds is said again',
  expected: ['write-ahead'],
  spec: (spec) => {
    let remembered: { readonly life: number; readonly data: unknown } | undefined;
    let life = 0;
    const listening = wrapActor(spec, 'supervisor', (receive) => (state, message, from) => {
      if (message.type === 'boot') life = (message as unknown as { readonly life: number }).life;
      return receive(state, message, from);
    });
    return wrapActor(listening, 'consensus', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      if (hasStopped(step.effects, '')) return step;
      const shell = step.state as WriteAheadState;
      for (const { output } of shell.gate.held) if (output.type === 'publish') remembered = { life, data: output.data };
      if (message.type !== 'recovered' || remembered === undefined || remembered.life >= life) return step;
      const again = { type: 'publish', site: 'publish', to: 'all', data: remembered.data };
      return { state: step.state, effects: [...step.effects, { type: 'tell', to: 'network', message: again }] };
    });
  },
};

/** The proposal of the present round is not said again, votes are. */
export const proposalNotSentAgain: Exhibit = {
  name: 'proposal-not-sent-again',
  bug: 'After a replay votes are sent again and the own proposal is not: the others wait for it until their timers elapse.',
  source: "Malachite's recorded restarts (docs/formats/conformance.md): own votes are published again, and own proposals are not",
  rule: 'after replay own messages are sent again',
  expected: ['says-again'],
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      if (message.type !== 'replay.end') return step;
      const isProposal = (effect: Effect): boolean =>
        effect.type === 'tell' &&
        (effect.message as unknown as { readonly data?: { readonly type?: string } }).data?.type === 'proposal';
      return { ...step, effects: step.effects.filter((effect) => !isProposal(effect)) };
    }),
};
