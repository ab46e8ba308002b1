/** Broken nodes whose replay does not restore something: a lock, a question, a timer, a message, or the application's state. */
import type { WriteAheadState } from '../actors/node/index.ts';
import type { Exhibit } from './exhibit.ts';
import { hasStopped, wrapActor } from './wrap.ts';

interface Shell extends Omit<WriteAheadState, 'inner'> {
  readonly inner: { readonly core?: Readonly<Record<string, unknown>> };
}

function withoutLock(state: unknown): unknown {
  const shell = state as Shell;
  const { core } = shell.inner;
  if (core?.['locked'] === undefined) return state;
  return { ...shell, inner: { ...shell.inner, core: { ...core, locked: undefined, valid: undefined } } };
}

export const lockForgotten: Exhibit = {
  name: 'lock-forgotten',
  bug: 'Votes come back from the log and the lock does not: it is a field that replay does not set.',
  source: 'tendermint issue 44: a validator restarted behind its precommit has forgotten its lock',
  rule: 'replay feeds the same step function',
  expected: ['lock-discipline'],
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      return message.type === 'replay.end' ? { ...step, state: withoutLock(step.state) } : step;
    }),
};

export const lockIgnored: Exhibit = {
  name: 'lock-ignored',
  bug: 'The lock is dropped with each step: the node votes for whatever it hears next.',
  source: 'tendermint issue 6849: a polka for nil cleared the lock, which arXiv 1807.04938 only ever replaces (line 38)',
  rule: 'the lock is kept until a newer polka',
  expected: ['crash-is-pause'],
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      return { ...step, state: withoutLock(step.state) };
    }),
};

export const replayReasksValue: Exhibit = {
  name: 'replay-reasks-value',
  bug: 'After a restart the proposer asks its application again, gets another value, and proposes that.',
  source:
    'ava-labs/Simplex pull request 328: a round begun before a crash was begun again after it, perhaps with another block; cf. Malachite pull request 898',
  rule: 'unanswered questions only are asked again',
  expected: ['no-equivocation'],
  parts: (parts) => {
    const { definition } = parts;
    // What replay reads of an answer is dropped: the question stays open.
    const isAnswer = (bytes: Uint8Array): boolean => definition.answers(definition.decode(bytes)) !== undefined;
    answerFrames.set(parts.name, isAnswer);
    return parts;
  },
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      if (message.type !== 'replay.frame') return receive(state, message, from);
      const { kind, payload } = message as unknown as { readonly kind: string; readonly payload: Uint8Array };
      if (kind === 'input' && answerFrames.get(spec.name)?.(payload) === true) return { state, effects: [] };
      const step = receive(state, message, from);
      return hasStopped(step.effects, 'REPLAY_DIVERGENCE') ? { state, effects: [] } : step;
    }),
};

const answerFrames = new Map<string, (bytes: Uint8Array) => boolean>();

export const timersNotSetAgain: Exhibit = {
  name: 'timers-not-set-again',
  bug: 'After a replay no timer is running: if nobody else moves, the node waits for ever.',
  source:
    'ava-labs/Simplex pull request 328: a vote came back from the log and its timeout did not, so that if lost it was never sent again',
  rule: 'after replay every armed timer is set again',
  expected: ['termination'],
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      if (message.type !== 'replay.end') return step;
      return { ...step, effects: step.effects.filter(({ type }) => type !== 'timer.set') };
    }),
};

export const questionsNotAskedAgain: Exhibit = {
  name: 'questions-not-asked-again',
  bug: 'After a replay the question to the application is not asked again: its answer died with the process, and the proposer never proposes.',
  source:
    'MystenLabs/sui issue 4510: a stored request counts as handed over; what was in flight at a restart is never handed over again',
  rule: 'unanswered questions are asked again',
  expected: ['crash-is-pause'],
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      if (message.type !== 'replay.end') return step;
      const shell = step.state as Shell;
      const silent = { ...shell, ledger: { ...shell.ledger, requests: [] } };
      return { state: silent, effects: step.effects.filter(({ type }) => type !== 'host.ask') };
    }),
};

export const messagesNotSentAgain: Exhibit = {
  name: 'messages-not-sent-again',
  bug: 'After a replay the node believes that everything it framed was also sent.',
  source: 'diem pull request 1217: the last vote was in memory only, and a node that restarted could not send it again',
  rule: 'after replay own messages are sent again',
  expected: ['crash-is-pause'],
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      if (message.type !== 'replay.end') return step;
      return { ...step, effects: step.effects.filter((effect) => effect.type !== 'tell' || effect.to !== 'network') };
    }),
};

export const appStateForgotten: Exhibit = {
  name: 'app-state-forgotten',
  bug: 'After a restart the application begins from its first state, and executes the next decision on top of that.',
  source: 'tendermint issue 4803: after a restart the application says height 0, with 2.7 million blocks in the store',
  rule: 'the durable application state is the fold of the stored blocks',
  expected: ['integrity'],
  spec: (spec) =>
    wrapActor(spec, 'host', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      if (message.type !== 'restored') return step;
      const fresh = (state as { readonly app: unknown }).app;
      return { ...step, state: { ...(step.state as object), app: fresh } };
    }),
};
