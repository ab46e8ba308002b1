/** Broken signers: their file is not durable, is not read, has too little in it, or is the node's only protection. */
import type { NodeParts } from '../actors/node/index.ts';
import type { Message } from '../core/effects.ts';
import {
  type BootStep,
  type ByteSource,
  RecoveryError,
  readSigner,
  replaceSigner,
  signerBirth,
  signerFiles,
  sourceOf,
} from '../wal/index.ts';
import type { Exhibit } from './exhibit.ts';
import { withPlanner } from './planner.ts';
import { withoutDisk, wrapActor } from './wrap.ts';

export const signerUnsynced: Exhibit = {
  name: 'signer-unsynced',
  bug: "The signer's file is written, and neither it nor its name is synced before the signature leaves: power takes it back to an older message.",
  source:
    'CometBFT issue 6031: the rename of priv_validator_state.json is not synced; gnolang/gno issue 5915: tmkms syncs neither the file nor its name',
  rule: "a signature leaves when the signer's file names it durably",
  expected: ['no-equivocation'],
  spec: (spec) => withoutDisk(spec, 'wal', ({ site, operation }) => site === 'signer.write' && operation.type.startsWith('sync')),
};

export const signerNotRead: Exhibit = {
  name: 'signer-not-read',
  bug: 'After a restart the signer begins as if it had never signed: its file is there, and nobody reads it.',
  source:
    'ArkEcosystem/mainsail pull request 1449: what a validator had signed was known to the process alone until then; bnb-chain/bsc issue 2598 is of that kind',
  rule: 'what was signed last is read before anything is signed',
  expected: ['no-equivocation'],
  parts: (parts) => withPlanner(parts, (plan) => (contents, salt) => plan(withoutMemory(contents), salt)),
};

export const signerKnowsHeights: Exhibit = {
  name: 'signer-knows-heights',
  bug: 'The signer remembers the height of what it signed last, and neither round nor step: at that height it signs anything again.',
  source:
    'tmkms issue 60: a first plan that knew the height alone; tmkms pull request 348: one number for every step, so that a second step was not told from the first',
  rule: 'what was signed last has a height, a round and a step',
  expected: ['no-equivocation'],
  spec: (spec) => wrapActor(spec, 'wal', (receive) => (state, message, from) => receive(state, heightAlone(message), from)),
};

export const signerInsteadOfLog: Exhibit = {
  name: 'signer-instead-of-log',
  bug: 'The log has lost its end, and the node goes on, since its signer refuses what conflicts. It has forgotten its lock, and in the next round it votes against it.',
  source:
    'tendermint issue 3089 and pull request 3246: a node whose log is damaged goes on without it, and its signer refuses the votes of that round as conflicting; so ArkEcosystem/mainsail pull request 1449',
  rule: 'a signer does not make up for a lost log',
  expected: ['lock-discipline', 'replay-equivalence'],
  parts: (parts) => goingOn(parts),
};

interface FlushLike extends Message {
  readonly signed?: object;
}

function heightAlone(message: Message): Message {
  const { signed } = message as FlushLike;
  if (message.type !== 'flush' || signed === undefined) return message;
  return { ...message, signed: { ...signed, round: 0, kind: 0, bytes: new Uint8Array() } } as Message;
}

/** The same folder, with the signer's files as `init` has made the first one. */
function withoutMemory(contents: ReadonlyMap<string, ByteSource>): ReadonlyMap<string, ByteSource> {
  const blank = new Map(contents);
  for (const name of signerFiles(contents.keys())) blank.set(name, sourceOf(blankBytes));
  return blank;
}

const blankBytes: Uint8Array = writtenIn(signerBirth())[0] ?? new Uint8Array();

function writtenIn(steps: readonly BootStep[]): readonly Uint8Array[] {
  return steps.flatMap((step) => ('operation' in step && step.operation.type === 'append' ? [step.operation.bytes] : []));
}

/** Where the signer's file is ahead, the log is taken as it is, and the file is kept. */
function goingOn<Config, State, Input, Said, AppState>(
  parts: NodeParts<Config, State, Input, Said, AppState>,
): NodeParts<Config, State, Input, Said, AppState> {
  return withPlanner(parts, (plan) => (contents, salt) => {
    try {
      return plan(contents, salt);
    } catch (error) {
      if (!(error instanceof RecoveryError) || !error.place.file.startsWith('signer/')) throw error;
      const { signed } = readSigner(contents);
      const blank = plan(withoutMemory(contents), salt);
      if (blank.type !== 'log' || blank.signer === undefined) throw error;
      const { steps } = replaceSigner(readSigner(contents), signed);
      const others = blank.steps.filter(({ site }) => site !== 'signer.write');
      return { ...blank, steps: [...others, ...steps], signer: { ...blank.signer, signed } };
    }
  });
}
