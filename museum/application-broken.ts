/** Applications with a store of their own whose node commits too early, or leaves the handshake at a start out. */
import type { HostState, NodeParts } from '../actors/node/index.ts';
import type { NodeSpec } from '../actors/scheduler/index.ts';
import type { DiskAnswer, Effect, Step } from '../core/effects.ts';
import { type ByteSource, commitApplication, RecoveryError, readApplication, type StartPlan } from '../wal/index.ts';
import type { Exhibit } from './exhibit.ts';
import { withPlanner } from './planner.ts';
import { wrapActor } from './wrap.ts';

export const appAheadOfBlocks: Exhibit = {
  name: 'app-ahead-of-blocks',
  bug: 'The application commits a height before the block is durable. After a loss of power it is ahead of the blocks, and the node goes on: the height is executed a second time.',
  source:
    'cosmos/cosmos-sdk issue 7082: after a loss of power, and not after a kill, the application is ahead of the block store; valory-xyz/open-autonomy pull request 774: an application at height 382 and an empty block store pass the handshake as synced',
  rule: 'the block is durable before the application commits it; an application that is ahead stops the node',
  expected: ['integrity'],
  parts: (parts) => withPlanner(parts, (plan) => (contents, salt) => aheadOf(contents, (known) => plan(known, salt))),
  spec: committingFirst,
};

export const handshakeSkipped: Exhibit = {
  name: 'handshake-skipped',
  bug: 'At a start nobody asks the application where it is. If it is behind, the blocks in between are never executed, and the next one is executed on an old state.',
  source:
    'informalsystems/emerald issue 126: an execution client that does not persist every block is behind after a crash, and the heights in between are not replayed',
  rule: 'the application executes again what it has not committed, before the node takes part',
  expected: ['integrity'],
  parts: (parts) => withHandshake(parts, { repeated: () => [] }),
};

type Handshake = NonNullable<NodeParts<unknown, unknown, unknown, unknown, unknown>['ownStore']>['handshake'];

/** A node whose handshake has other rules; the same node where the application has no store of its own. */
export function withHandshake<Config, State, Input, Said, AppState>(
  parts: NodeParts<Config, State, Input, Said, AppState>,
  rules: Partial<Handshake>,
): NodeParts<Config, State, Input, Said, AppState> {
  const { ownStore } = parts;
  if (ownStore === undefined) return parts;
  return { ...parts, ownStore: { ...ownStore, handshake: { ...ownStore.handshake, ...rules } } };
}

/** Where the application is ahead, the blocks are taken as they are, and so is its state. */
function aheadOf(
  contents: ReadonlyMap<string, ByteSource>,
  plan: (contents: ReadonlyMap<string, ByteSource>) => StartPlan,
): StartPlan {
  try {
    return plan(contents);
  } catch (error) {
    if (!(error instanceof RecoveryError) || error.code !== 'APPLICATION_AHEAD') throw error;
    const found = readApplication(contents);
    const blank = plan(new Map([...contents].filter(([name]) => !name.startsWith('app/'))));
    const { file, steps } = commitApplication(found, found, true);
    const others = blank.steps.filter(({ site }) => !site.startsWith('app.'));
    return { ...blank, steps: [...others, ...steps], application: file };
  }
}

/** What is put off: the block's own effects until the commit is done, and then the news that it is stored. */
interface PutOff extends HostState {
  readonly writes?: readonly Effect[] | undefined;
  readonly news?: readonly Effect[] | undefined;
}

export function committingFirst(spec: NodeSpec): NodeSpec {
  return wrapActor(spec, 'host', (receive) => (state, message, from): Step<unknown> => {
    const { own, writes, news } = state as PutOff;
    const { site, error } = message as DiskAnswer;
    if (own === undefined) return receive(state, message, from);
    if (site === 'store.flush' && error === undefined && news !== undefined)
      return { state: { ...(state as PutOff), news: undefined }, effects: news };
    const step = receive(state, message, from);
    const flush = step.effects.find((effect) => effect.type === 'disk' && effect.site === 'store.flush');
    if (flush?.type === 'disk') {
      const { tag, operation } = flush;
      const answer: DiskAnswer = { type: 'disk.answer', site: 'store.flush', tag, operation };
      const early = receive(step.state, answer, 'disk');
      return { state: { ...(early.state as PutOff), writes: step.effects }, effects: early.effects };
    }
    if (writes === undefined || !step.effects.some(isNews)) return step;
    const after: PutOff = { ...(step.state as PutOff), writes: undefined, news: step.effects.filter(isNews) };
    return { state: after, effects: [...step.effects.filter((effect) => !isNews(effect)), ...writes] };
  });
}

function isNews(effect: Effect): boolean {
  return effect.type === 'tell' && effect.message.type === 'stored';
}
