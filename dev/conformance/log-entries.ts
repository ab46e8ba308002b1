/** Translates frames of our log into entries of the log of Malachite's engine, which writes a received proposal and its value as two entries. */
import type { FrameKind } from '../../wal/index.ts';
import { capital } from './recorded-rows.ts';
import type { definitionOf } from './tested-node.ts';
import type { RecordedState, Row } from './verdict.ts';

/** The engine's entries that are equivalent to a frame. A certificate has an entry for each vote. The start of a height and the own decision have none. */
export function entryRows(
  kind: FrameKind,
  payload: Uint8Array,
  { decode }: ReturnType<typeof definitionOf>,
  self: string,
): readonly Row[] {
  if (kind !== 'input' && kind !== 'own') return [];
  const input = decode(payload);
  switch (input.type) {
    case 'vote':
      return [[capital(input.voteType), input.validator, input.round, input.value]];
    case 'proposal': {
      const { proposer, round, value, polRound, validity } = input;
      const proposal: Row = ['Proposal', proposer, round, value, polRound];
      return kind === 'own' ? [proposal] : [proposal, ['ProposedValue', proposer, round, value, polRound, validity]];
    }
    case 'value':
      return [['ProposedValue', self, input.round, input.value, -1, true]];
    case 'timeout':
      return [['Timeout', capital(input.kind), input.round]];
    case 'roundCertificate':
      return input.votes.map(({ voteType, validator, round, value }) => [capital(voteType), validator, round, value]);
    default:
      return [];
  }
}

/** A timer that the node does not use now: of another round, or of another step of this one. */
export function isPointless([tag, kind, round]: Row, { r, s }: RecordedState): boolean {
  return tag === 'Timeout' && (round !== r || s === 'Commit' || (kind !== 'Precommit' && kind !== s));
}

/** A vote of a round that the node has not come to: it has no effect until more votes of that round have arrived. */
export function isAhead([tag, , round]: Row, { r }: RecordedState): boolean {
  return (tag === 'Prevote' || tag === 'Precommit') && Number(round) > r;
}
