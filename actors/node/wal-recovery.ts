/** The end of a boot: the wal actor reports what it recovered to host, supervisor and consensus, and reads the frames for replay one by one. */

import type { DiskAnswer, Effect, Step } from '../../core/effects.ts';
import type { BootPlan, FollowPlan, StartPlan } from '../../wal/index.ts';
import type { RecoveredMessage, ReplayDueMessage, ReplayEndMessage, ReplayFrameMessage, RestoredMessage } from './messages.ts';
import { disk, revised, type Told, toSupervisor, type WalSetup, type WalState } from './wal-state.ts';

/** The plan of the boot is carried out: the host learns what there is. An application with a store of its own comes first to where that is. */
export function planned(setup: WalSetup, state: WalState, plan: Told<StartPlan>): Step<WalState> {
  const effects = beforeHandshake(plan);
  if (plan.application !== undefined) return { state: revised(state, { handshake: plan }), effects };
  const { state: next, effects: more } = begun(setup, state, plan);
  return { state: next, effects: [...effects, ...more] };
}

function beforeHandshake(plan: Told<StartPlan>): readonly Effect[] {
  const { store, blocks, application } = plan;
  const restored: RestoredMessage = { type: 'restored', store, blocks, ...(application === undefined ? {} : { application }) };
  return [
    ...plan.marks.map((name): Effect => ({ type: 'observe', event: 'mark', detail: { name } })),
    ...found(plan),
    { type: 'tell', to: 'host', message: restored },
  ];
}

function found(plan: Told<StartPlan>): readonly Effect[] {
  if (plan.type === 'log') {
    const { row, replay } = plan;
    const detail = { row, height: replay.height, frames: replay.frames.length };
    return [{ type: 'observe', event: 'recovered', detail }];
  }
  return plan.anew === undefined ? [] : [{ type: 'observe', event: 'store.anew', detail: { reason: plan.anew } }];
}

/** Supervisor and consensus learn what there is, and the frames follow one by one. */
export function begun(setup: WalSetup, state: WalState, plan: Told<StartPlan>): Step<WalState> {
  return plan.type === 'log' ? booted(setup, state, plan) : follows(state, plan);
}

function booted({ replayDelayMs = 0, resumes }: WalSetup, state: WalState, plan: Told<BootPlan>): Step<WalState> {
  const block = resumes === true ? plan.blocks.at(-1) : undefined;
  const { replay, writer, storedHeight, signer } = plan;
  const isDelayed = replayDelayMs > 0 && replay.frames.length > 0;
  const recovered: RecoveredMessage = {
    type: 'recovered',
    height: replay.height,
    writer,
    frames: replay.frames.length,
    ...(signer === undefined ? {} : { signed: signer.signed }),
    ...(isDelayed ? { isDelayed } : {}),
    ...(block === undefined ? {} : { block }),
  };
  const told: Effect = { type: 'tell', to: 'consensus', message: recovered };
  const next: WalState = {
    ...state,
    fileLife: writer.life,
    durable: writer.sequence,
    height: writer.height,
    attest: plan.attestFile === undefined ? undefined : { file: plan.attestFile, slot: 0 },
    signer,
    replay: { file: replay.file, frames: replay.frames, next: 0 },
  };
  if (isDelayed) return { state: next, effects: [...waiting(plan, replayDelayMs), told] };
  const { state: after, effects } = readFrame(next);
  return { state: after, effects: [recoveredTo(storedHeight, replay.frames.length), told, ...effects] };
}

/** Value sync goes first: the network opens, and the frames wait. */
function waiting({ storedHeight, replay }: Told<BootPlan>, delay: number): readonly Effect[] {
  const detail = { height: replay.height, frames: replay.frames.length };
  return [
    { type: 'observe', event: 'replay.delayed', detail },
    { type: 'timer.set', timer: replayTimer, delay },
    toSupervisor({ type: 'delayed', storedHeight }),
  ];
}

const replayTimer = 'replay';

/** The delay is over. The consensus actor answers with the same message, unless value sync has brought the height over. */
export function delayElapsed(state: WalState): Step<WalState> {
  const message: ReplayDueMessage = { type: 'replay.due' };
  return { state, effects: [{ type: 'tell', to: 'consensus', message }] };
}

/** The height was decided while its log waited. The log is not replayed: nothing that it says is of use at a later height. */
export function skipped(state: WalState): Step<WalState> {
  const { replay, height } = state;
  if (replay === undefined) return { state, effects: [] };
  return {
    state: revised(state, { replay: undefined }),
    effects: [
      { type: 'timer.cancel', timer: replayTimer },
      { type: 'observe', event: 'replay.skipped', detail: { height, frames: replay.frames.length } },
      toSupervisor({ type: 'skipped' }),
    ],
  };
}

/** Begins a replay that was delayed. */
export function replayNow(state: WalState): Step<WalState> {
  const { state: next, effects } = readFrame(state);
  return { state: next, effects: [recoveredTo(state.height - 1, state.replay?.frames.length ?? 0), ...effects] };
}

function recoveredTo(storedHeight: number, frames: number): Effect {
  return toSupervisor({ type: 'recovered', storedHeight, frames });
}

function readFrame(state: WalState): Step<WalState> {
  const { replay } = state;
  const frame = replay?.frames[replay.next];
  if (replay === undefined) return { state, effects: [] };
  if (frame === undefined) {
    const effects: Effect[] = [];
    if (replay.frames.length > 0)
      effects.push({ type: 'tell', to: 'consensus', message: { type: 'replay.end' } satisfies ReplayEndMessage });
    effects.push(toSupervisor({ type: 'replayed' }));
    return { state: revised(state, { replay: undefined }), effects };
  }
  const { offset, length } = frame;
  return { state, effects: [disk('replay.frame', { type: 'read', file: replay.file, offset, length })] };
}

export function replayed(state: WalState, { bytes }: DiskAnswer): Step<WalState> {
  const { replay } = state;
  const frame = replay?.frames[replay.next];
  if (replay === undefined || frame === undefined) return { state, effects: [] };
  const { kind, sequence } = frame;
  const message: ReplayFrameMessage = { type: 'replay.frame', kind, sequence, payload: bytes ?? new Uint8Array() };
  const { state: next, effects } = readFrame(revised(state, { replay: { ...replay, next: replay.next + 1 } }));
  return { state: next, effects: [{ type: 'tell', to: 'consensus', message }, ...effects] };
}

/** The same for a node without a key, or one that has lost its log: it has only the store, and replays nothing. */
function follows(state: WalState, plan: Told<FollowPlan>): Step<WalState> {
  const { storedHeight, abstention, signer } = plan;
  const recovered: RecoveredMessage = {
    type: 'recovered',
    height: storedHeight + 1,
    writer: undefined,
    frames: 0,
    ...(signer === undefined ? {} : { signed: signer.signed }),
  };
  const told: readonly Effect[] =
    abstention === undefined
      ? [toSupervisor({ type: 'recovered', storedHeight, frames: 0 }), toSupervisor({ type: 'replayed' })]
      : [
          { type: 'observe', event: 'abstain.begin', detail: { ...abstention } },
          toSupervisor({ type: 'abstain', storedHeight, mustAsk: abstention.until === undefined }),
        ];
  const effects: readonly Effect[] = [...told, { type: 'tell', to: 'consensus', message: recovered }];
  return { state: revised(state, { follow: plan, signer, height: storedHeight + 1 }), effects };
}
