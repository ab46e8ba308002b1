/** Charts and nodes as actor logic: each line must be refused. */
import { commandSource, raft } from 'lazurite';
import { lifecycle, nodeLogic, roundChart } from 'lazurite/xstate';
import { createActor } from 'xstate';

const round = createActor(roundChart).start();
// @ts-expect-error the round chart knows its events
round.send({ type: 'newround' });
// @ts-expect-error and its states
round.getSnapshot().matches('comit');
// @ts-expect-error a boot says which life begins
createActor(lifecycle).send({ type: 'boot' });

const config = { self: 'A', members: ['A'] };
// @ts-expect-error own messages are signed
nodeLogic(raft, config);
// @ts-expect-error the configuration is that of the protocol
nodeLogic(raft, { self: 'A' }, () => new Uint8Array());

const node = createActor(nodeLogic(raft, config, () => new Uint8Array())).start();
// @ts-expect-error an input is one of the protocol
node.send({ type: 'input', input: { type: 'vote' } });
// @ts-expect-error kept inputs are fed back by the node itself
node.on('resume', () => undefined);
node.on('say', ({ message }) => {
  // @ts-expect-error a message of Raft has a term, and no height
  commandSource.answer(0, message.height, 'nonce');
});
