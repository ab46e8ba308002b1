/** A broken node without a gate: messages leave at once, and the flush comes afterwards. */
import { leave, type WriteAheadState } from '../actors/node/index.ts';
import type { Exhibit } from './exhibit.ts';
import { wrapActor } from './wrap.ts';

export const broadcastBeforeFlush: Exhibit = {
  name: 'broadcast-before-flush',
  bug: 'A vote is sent as soon as it is framed; the flush comes behind it.',
  source: 'Malachite pull request 653: the log was at times flushed before the event was appended to it',
  rule: 'the gate: own frame durable before a message leaves',
  expected: ['write-ahead'],
  spec: (spec) =>
    wrapActor(spec, 'consensus', (receive) => (state, message, from) => {
      const step = receive(state, message, from);
      const shell = step.state as WriteAheadState;
      if (shell.gate.held.length === 0) return step;
      const effects = [...step.effects, ...shell.gate.held.map(({ output }) => leave(output))];
      return { state: { ...shell, gate: { ...shell.gate, held: [] } }, effects };
    }),
};
