/**
 * An application with a store of its own: its commits, and the handshake at a start.
 *
 * The block becomes durable first. Then the application commits its new state, and only then the height ends. So an application may lack the last blocks,
 * and is never ahead of them. At a start it executes these blocks again, one by one, and commits after each, before the node takes part in anything. The
 * boot has checked before that these blocks are in the block store, and that the application is not ahead of it.
 */
import type { DiskAnswer, Effect, Step } from '../../core/effects.ts';
import { commitApplication, type FoundApplication } from '../../wal/index.ts';
import { type Block, decodeState, encodeState } from './block.ts';
import { type HostSetup, type HostState, type OwnStore, tellStored } from './host-state.ts';
import type { ApplicationReadyMessage, ReplayBlockMessage } from './messages.ts';
import { blocksFrom } from './newest-blocks.ts';
import type { ApplicationState } from './protocol-types.ts';
import { expanded, issued } from './wal-state.ts';

/** To be called when the stored blocks have been read. Compares the application's height and digest with them, and begins to execute the blocks that it lacks. */
export function compareWithBlocks(setup: HostSetup, state: HostState, found: FoundApplication): Step<HostState> {
  const { application, ownStore } = setup;
  const { lost, ...file } = found;
  const app = file.height === 0 ? application.start() : (decodeState(file.state) as ApplicationState);
  const [at] = blocksFrom(state.blocks, file.height, 1);
  const difference = at === undefined ? undefined : ownStore?.handshake.difference(at.height, application.digest(app), at.digest);
  if (difference !== undefined) return diverged(state, difference);
  const behind = Math.max(0, state.storedHeight - file.height);
  const missing = ownStore?.handshake.repeated(blocksFrom(state.blocks, file.height + 1, behind)) ?? [];
  const { state: next, effects } = replayNextOrReady(setup, { ...state, app, own: { file, todo: [], missing } });
  const anew: readonly Effect[] =
    lost === undefined ? [] : [{ type: 'observe', event: 'app.anew', detail: { reason: lost } }, mark('app.anew')];
  const restored: Effect = { type: 'observe', event: 'app.restored', detail: { height: file.height, behind } };
  return { state: next, effects: [...anew, restored, ...(behind === 0 ? [] : [mark('app.behind')]), ...effects] };
}

/** Executes a stored block again and commits it. */
export function replayBlock(
  setup: HostSetup,
  state: HostState,
  { height, decision, digest }: ReplayBlockMessage,
): Step<HostState> {
  const { application, ownStore } = setup;
  const refusal = application.refusal?.(state.app, decision);
  if (refusal !== undefined) return diverged(state, refusal);
  const app = application.execute(state.app, decision);
  const difference = ownStore?.handshake.difference(height, application.digest(app), digest);
  if (difference !== undefined) return diverged(state, difference);
  const { state: next, effects } = commit(setup, { ...state, app }, height);
  return { state: next, effects: [{ type: 'observe', event: 'app.replayed', detail: { height } }, ...effects] };
}

/** Writes the state of the application, as it is after the block of `height`. */
export function commit(setup: HostSetup, state: HostState, height: number): Step<HostState> {
  const { own } = state;
  if (own === undefined) return { state, effects: [] };
  const isDurable = height % (setup.ownStore?.flushEvery ?? 1) === 0;
  const { file, steps } = commitApplication(own.file, { height, state: encodeState(state.app) }, isDurable);
  return runNext(setup, state, { ...own, file, todo: expanded(steps) });
}

/** An operation on the application's store is done. */
export function applicationAnswered(setup: HostSetup, state: HostState, { site, error }: DiskAnswer): Step<HostState> {
  if (error !== undefined) {
    const reason = `${site} failed, and a failed operation on the application's store is not tried again: ${error.message}`;
    return { state, effects: [{ type: 'stop', reason, code: 'APPLICATION_STORE_FAILED' }] };
  }
  return state.own === undefined ? { state, effects: [] } : runNext(setup, state, state.own);
}

function runNext(setup: HostSetup, state: HostState, own: OwnStore): Step<HostState> {
  const { effects, rest } = issued(own.todo);
  if (rest !== undefined) return { state: { ...state, own: { ...own, todo: rest } }, effects };
  const rested = { ...state, own: { ...own, todo: [], missing: own.missing.slice(1) } };
  if (own.missing.length === 0) return { state: rested, effects: [...effects, ...tellStored(state.storedHeight)] };
  const { state: next, effects: more } = replayNextOrReady(setup, rested);
  return { state: next, effects: [...effects, ...more] };
}

/** Has the host execute the next missing block. If none is missing, it sends the wal `application.ready`. */
function replayNextOrReady({ definition }: HostSetup, state: HostState): Step<HostState> {
  const [block] = state.own?.missing ?? [];
  const message = block === undefined ? ({ type: 'application.ready' } satisfies ApplicationReadyMessage) : asMessage(block);
  return { state, effects: [{ type: 'tell', to: block === undefined ? 'wal' : 'host', message }] };

  function asMessage({ height, decision, digest }: Block): ReplayBlockMessage {
    return { type: 'replay.block', height, decision: definition.decodeDecision(decision), digest };
  }
}

function diverged(state: HostState, reason: string): Step<HostState> {
  return { state, effects: [{ type: 'stop', reason, code: 'APPLICATION_DIVERGED' }] };
}

function mark(name: string): Effect {
  return { type: 'observe', event: 'mark', detail: { name } };
}
