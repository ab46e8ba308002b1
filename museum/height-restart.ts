/** A node that begins a height anew within its life, as if it had said nothing at that height. */
import type { RestartHeightMessage, WriteAheadState } from '../actors/node/index.ts';
import type { Message } from '../core/effects.ts';
import type { Exhibit } from './exhibit.ts';
import { wrapActor } from './wrap.ts';

export const heightRestartResetsLog: Exhibit = {
  name: 'height-restart-resets-log',
  bug: 'The application cannot commit a decision, and the node begins the height anew with an empty log: it votes again in round 0, and its first votes have left.',
  source:
    'Malachite, engine/src/consensus.rs (4e8bb7d): `RestartHeight` resets the log, and ADR 007 calls it an unsafe command; the README of core-consensus warns that the node may equivocate',
  rule: 'a height that is begun anew keeps its log',
  expected: ['no-equivocation'],
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      const { writer, mode } = state as WriteAheadState;
      if (message.type !== 'restart.height' || writer === undefined || mode !== 'running') return receive(state, message, from);
      const { height } = message as RestartHeightMessage;
      // The old frames stay on the disk, and a second first frame says that they do not count.
      const anew: Message & { readonly height: number; readonly writer: unknown } = { type: 'segment', height, writer };
      const step = receive(state, anew, from);
      return { ...step, effects: [{ type: 'observe', event: 'height.restart', detail: { height } }, ...step.effects] };
    }),
};
