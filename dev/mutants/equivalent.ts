/**
 * What is known of mutants that the campaign does not catch, named by file and code, so that lines may move. `equivalent`: no run could show the change.
 * `open`: a run could, and why none does.
 */
import type { Mutant } from './scope.ts';

export interface Known {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

export const equivalent: readonly Known[] = [
  {
    file: 'wal/plan-recovery.ts',
    from: 'tornBytes > 0',
    to: 'false',
    reason: 'it decides about a mark only, which people count; nothing that the node does depends on it',
  },
  {
    file: 'actors/node/wal.ts',
    from: "operation.type === 'list'",
    to: 'true',
    reason: 'the answer to a listing always belongs to a listing; the condition is there for the types',
  },
  {
    file: 'wal/folder.ts',
    from: "header === 'wrong'",
    to: 'false',
    reason: 'it chooses the words of an error; the code of the error is the same',
  },
  {
    file: 'wal/attest.ts',
    from: 'slot !== undefined && slot.life === life',
    to: 'true',
    reason:
      'the name of the file carries the life, each life writes a file of its own, and a slot that is not whole counts as sequence 0',
  },
  {
    file: 'actors/node/consensus.ts',
    from: 'writer !== undefined',
    to: 'true',
    reason: 'where there are frames to replay there is a writer: a node that gave its log up replays nothing',
  },
  {
    file: 'actors/tendermint/chain.ts',
    from: '!carriesState',
    to: 'false',
    reason: 'a value that says nothing of a state was made on no other state, so nothing more is refused',
  },
  {
    file: 'actors/raft/definition.ts',
    from: '() => false',
    to: '() => undefined',
    reason: 'its caller takes both for no',
  },
  {
    file: 'wal/plan-recovery.ts',
    from: "row === 'behind'",
    to: 'true',
    reason: 'it decides about a mark only, which people count; nothing that the node does depends on it',
  },
  {
    file: 'wal/abstention.ts',
    from: 'bytes[index] !== byte',
    to: 'false',
    reason: 'the checksum of a slot covers the letters that it begins with',
  },
  {
    file: 'wal/recovery-table.ts',
    from: 'last > stored + 2',
    to: 'false',
    reason:
      'a log has segments of two heights at most, as the removal of one is synced before the next is begun; where the store lacks more blocks there is a hole, which the next lines find',
  },
  {
    file: 'wal/attest.ts',
    from: 'a?.sequence',
    to: 'a.sequence',
    reason: 'what is no slot was filtered out before; the question mark is there for the types',
  },
  {
    file: 'wal/errors.ts',
    from: 'place.sequence === undefined',
    to: 'place.sequence !== undefined',
    reason: 'it chooses the words of an error; the place, which programs read, is the same',
  },
  {
    file: 'wal/plan-recovery.ts',
    from: 'tornBytes > 0',
    to: 'tornBytes >= 0',
    reason: 'it decides about a mark only, which people count; nothing that the node does depends on it',
  },
  {
    file: 'actors/node/consensus.ts',
    from: 'position?.height',
    to: 'position.height',
    reason: 'a node that runs has a position; the question mark is there for the types',
  },
  {
    file: 'wal/judge.ts',
    from: '{ return false; }',
    to: '{}',
    reason: 'its caller takes both for no',
  },
  {
    file: 'wal/plan-signer.ts',
    from: 'comparePlaces(before.signed, logged) < 0',
    to: 'comparePlaces(before.signed, logged) <= 0',
    reason: 'where both name one place they name the same message: whichever is taken, the file is the same',
  },
  {
    file: 'actors/node/host.ts',
    from: "{ state, effects: [{ type: 'stop', reason, code: 'OUT_OF_ORDER' }] }",
    to: '{}',
    reason: 'it stands behind a condition that no run meets: the node asks for the heights one by one',
  },
  {
    file: 'actors/tendermint/definition.ts',
    from: 'round === undefined',
    to: 'false',
    reason: 'no signature covers a vote without a round, so what follows refuses it too',
  },
];

export const open: readonly Known[] = [
  {
    file: 'actors/node/consensus.ts',
    from: "(mode === 'running' || mode === 'delayed') && position?.height === height",
    to: "(mode === 'running' || mode === 'delayed') || position?.height === height",
    reason: 'the block store would have to say twice that one height is durable; the simulated disk answers once',
  },
  {
    file: 'wal/init.ts',
    from: 'true',
    to: 'false',
    reason: 'a default that the node never uses, as it always says whether there is a log',
  },
  {
    file: 'actors/node/ledger.ts',
    from: 'entry.timer !== timer',
    to: 'true',
    reason: 'a timer is in the ledger twice and is set twice after a restart, which has the effect of once',
  },
  {
    file: 'actors/node/supervisor.ts',
    from: "message.type === 'boot'",
    to: 'false',
    reason:
      'it only chooses the salt of new files: two lives then share a salt, and no fault brings a frame of one life into a file of another',
  },
  {
    file: 'actors/tendermint/definition.ts',
    from: 'other.round === valid.round && other.value === valid.value',
    to: 'false',
    reason: 'who lacks the proposal gets it with the next one, or the decision by value sync: it only comes later',
  },
  {
    file: 'actors/tendermint/definition.ts',
    from: 'proposal.proposer !== self',
    to: 'proposal.proposer === self',
    reason: 'who lacks the proposal gets it with the next one, or the decision by value sync: it only comes later',
  },
  {
    file: 'actors/tendermint/definition.ts',
    from: 'heightOf(early) === height',
    to: 'false',
    reason: 'what came too early is said again by its sender: it only comes later',
  },
  {
    file: 'actors/tendermint/round-actions.ts',
    from: 'entered !== undefined',
    to: 'entered === undefined',
    reason: 'the certificate that led to a round is said again with the votes of that round: it only comes later',
  },
  {
    file: 'actors/tendermint/admission.ts',
    from: '(vote) => core.set.indexes.has(vote.validator) && !hasVote(core.keeper, vote)',
    to: '() => undefined',
    reason: 'a node that a certificate would lead to a later round comes there by the votes themselves: it only comes later',
  },
  {
    file: 'wal/plan-start.ts',
    from: "error?.place.file ?? ''",
    to: "error?.place.file && ''",
    reason: 'a node that does not know how far it may have voted asks its peers: it only votes again later',
  },
  {
    file: 'wal/frames.ts',
    from: '{ offset = nextMarker(window, offset + 1); continue; }',
    to: '{}',
    reason: 'it only limits the work; the limit would need nine markers in the frame that a death has torn',
  },
];

/** Why no run could show the change; undefined: one could. */
export function reasonFor(mutant: Mutant): string | undefined {
  return reasonIn(equivalent, mutant);
}

/** Why no run shows it, although one could; undefined: nobody has written it down. */
export function openReasonFor(mutant: Mutant): string | undefined {
  return reasonIn(open, mutant);
}

function reasonIn(known: readonly Known[], { file, from, to }: Mutant): string | undefined {
  const [code, other] = [oneLine(from), oneLine(to)];
  return known.find((one) => one.file === file && one.from === code && one.to === other)?.reason;
}

function oneLine(code: string): string {
  return code.replace(/\s+/g, ' ');
}
