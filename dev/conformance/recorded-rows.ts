/** What the node under test says and does, as rows of the recorded form. */
import type { HeightState, TendermintMessage } from '../../actors/tendermint/index.ts';
import type { RecordedState, Row } from './verdict.ts';

export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

export function messageRow(message: TendermintMessage): Row {
  const { round, value } = message;
  return message.type === 'vote' ? [capital(message.voteType), round, value] : ['Propose', round, value, message.polRound];
}

export function evidenceRow(detail: Readonly<Record<string, unknown>>): Row {
  const { kind, validator, round, first, second } = detail;
  return [capital(String(kind)), validator, round, first, second];
}

export function recordedState({ height, round, step, locked, valid }: HeightState): RecordedState {
  return {
    h: height,
    r: round,
    s: capital(step),
    lr: locked?.round ?? -1,
    lv: locked?.value ?? null,
    vr: valid?.round ?? -1,
    vv: valid?.value ?? null,
  };
}

/** A decision is compared by value and by the round of its commit quorum, not by the round of the node. */
export function withoutPlace(row: Row): Row {
  return row[0] === 'Decide' ? row.slice(0, 3) : row;
}
