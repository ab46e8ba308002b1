/** The end of a boot: the wal actor reports what it recovered to host, supervisor and consensus, and reads the frames for replay one by one. */

import type { DiskAnswer, Effect, Step } from '../../core/effects.ts';
import type { BootPlan, FollowPlan } from '../../wal/index.ts';
import type { RecoveredMessage, ReplayEndMessage, ReplayFrameMessage, RestoredMessage } from './messages.ts';
import { disk, revised, type Told, toSupervisor, type WalState } from './wal-state.ts';

/** Called when the plan of the boot is executed. Reports to host, supervisor and consensus, and starts to read the frames. */
export function booted(state: WalState, plan: Told<BootPlan>): Step<WalState> {
  const { replay, writer, store, storedHeight, blocks, signer } = plan;
  const restored: RestoredMessage = { type: 'restored', store, blocks };
  const recovered: RecoveredMessage = {
    type: 'recovered',
    height: replay.height,
    writer,
    frames: replay.frames.length,
    ...(signer === undefined ? {} : { signed: signer.signed }),
  };
  const effects: Effect[] = [
    ...plan.marks.map((name): Effect => ({ type: 'observe', event: 'mark', detail: { name } })),
    {
      type: 'observe',
      event: 'recovered',
      detail: { row: plan.row, height: replay.height, frames: replay.frames.length },
    },
    { type: 'tell', to: 'host', message: restored },
    toSupervisor({ type: 'recovered', storedHeight, frames: replay.frames.length }),
    { type: 'tell', to: 'consensus', message: recovered },
  ];
  const next: WalState = {
    ...state,
    fileLife: writer.life,
    durable: writer.sequence,
    height: writer.height,
    attest: plan.attestFile === undefined ? undefined : { file: plan.attestFile, slot: 0 },
    signer,
    replay: { file: replay.file, frames: replay.frames, next: 0 },
  };
  const { state: after, effects: more } = readFrame(next);
  return { state: after, effects: [...effects, ...more] };
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
export function follows(state: WalState, plan: Told<FollowPlan>): Step<WalState> {
  const { store, storedHeight, blocks, abstention, anew, marks, signer } = plan;
  const restored: RestoredMessage = { type: 'restored', store, blocks };
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
  const effects: readonly Effect[] = [
    ...marks.map((name): Effect => ({ type: 'observe', event: 'mark', detail: { name } })),
    ...(anew === undefined ? [] : [{ type: 'observe', event: 'store.anew', detail: { reason: anew } } as const]),
    { type: 'tell', to: 'host', message: restored },
    ...told,
    { type: 'tell', to: 'consensus', message: recovered },
  ];
  return { state: revised(state, { follow: plan, signer, height: storedHeight + 1 }), effects };
}
