/**
 * CometBFT's last-sign state (`privval/file.go`, `priv_validator_state.json`): the height, round and step that the key signed last. It is written
 * and synced before a signature leaves, and refuses everything at or below it.
 */
import type { StatementType } from './statements.ts';

export interface LastSign {
  readonly height: number;
  readonly round: number;
  /** 1 proposal, 2 prevote, 3 precommit. */
  readonly step: number;
}

export const stepOf: Readonly<Record<StatementType, number>> = { proposal: 1, prevote: 2, precommit: 3 };

/** Undefined: it is not whole. */
export function readLastSign(bytes: Uint8Array): LastSign | undefined {
  try {
    const fields = JSON.parse(new TextDecoder().decode(bytes)) as Readonly<Record<string, unknown>> | null;
    const [height, round, step] = [Number(fields?.['height']), Number(fields?.['round'] ?? 0), Number(fields?.['step'] ?? 0)];
    return [height, round, step].every((number) => Number.isSafeInteger(number) && number >= 0)
      ? { height, round, step }
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether the state would let the key sign this. */
export function allows(
  state: LastSign,
  place: { readonly height: number; readonly round: number; readonly type: StatementType },
): boolean {
  const step = stepOf[place.type];
  if (place.height !== state.height) return place.height > state.height;
  if (place.round !== state.round) return place.round > state.round;
  return step > state.step;
}
