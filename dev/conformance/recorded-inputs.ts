/** Translates recorded inputs into inputs of the node under test. */
import type { ProposerRule, TendermintInput } from '../../actors/tendermint/index.ts';
import type { Row } from './verdict.ts';

const none = new Uint8Array(0);

/** A record contains an input of an unknown kind. */
export class UnknownForm extends Error {
  readonly code = 'UNKNOWN_INPUT';
  override readonly name = 'UnknownForm';

  constructor(tag: unknown) {
    super(`unknown kind of input: ${JSON.stringify(tag)}; docs/formats/conformance.md lists the kinds that are known`);
  }
}

type CommitCertificate = TendermintInput & { readonly type: 'commitCertificate' };

/** Reads the inputs of one case, in order. A value from sync is fed together with its commit certificate. */
export class InputReader {
  readonly #commits = new Map<string, CommitCertificate>();
  readonly #values = new Set<string>();

  /** `height` is the present height of the node. Returns undefined if the node gets nothing for this row yet. */
  read(row: Row, height: number): TendermintInput | undefined {
    const [tag, round, value] = row;
    if (tag !== 'CommitCertificate' && tag !== 'SyncValue' && tag !== 'SyncDecision') return inputOf(row, height);
    const key = `${height} ${String(round)} ${String(value)}`;
    if (tag === 'CommitCertificate') {
      const certificate = inputOf(row, height) as CommitCertificate;
      this.#commits.set(key, certificate);
      return this.#values.has(key) ? { ...certificate, data: none } : certificate;
    }
    this.#values.add(key);
    const certificate = this.#commits.get(key);
    return certificate === undefined ? undefined : { ...certificate, data: none };
  }
}

function inputOf(row: Row, height: number): TendermintInput | undefined {
  const [tag, ...args] = row;
  const at = (place: number): number => (typeof args[place] === 'number' ? args[place] : height);
  switch (tag) {
    case 'Prevote':
    case 'Precommit': {
      const [validator, round, value] = args as [string, number, string | null];
      const voteType = tag === 'Prevote' ? 'prevote' : 'precommit';
      return { type: 'vote', voteType, height: at(3), round, value, validator, signature: none };
    }
    case 'Proposal': {
      const [proposer, round, value, polRound, validity] = args as [string, number, string, number, boolean];
      return { type: 'proposal', height: at(5), round, value, data: none, polRound, proposer, signature: none, validity };
    }
    case 'ProposeValue': {
      const [round, value] = args as [number, string];
      return { type: 'value', height: at(2), round, value, data: none };
    }
    case 'Timeout': {
      const [kind, round] = args as [string, number];
      return { type: 'timeout', kind: kind.toLowerCase() as 'propose', round };
    }
    case 'PolkaCertificate':
    case 'CommitCertificate': {
      const [round, value, names] = args as [number, string, readonly string[]];
      const votes = names.map((name) => [name, none] as const);
      return { type: tag === 'PolkaCertificate' ? 'polkaCertificate' : 'commitCertificate', height: at(3), round, value, votes };
    }
    default:
      throw new UnknownForm(tag);
  }
}

/** A list gives the proposers of some rounds; all other rounds have that of round 0. Anything but a list means that the proposers rotate. */
export function proposersOf(proposers: unknown): ProposerRule {
  if (!Array.isArray(proposers)) return { rule: 'rotate', table: {} };
  const named = new Map(proposers as readonly (readonly [number, string])[]);
  return proposersByRound((round) => named.get(round) ?? named.get(0) ?? '');
}

/** The same proposers at each height. The table computes the proposer of a round when it is asked, so that it has all rounds. */
export function proposersByRound(proposer: (round: number) => string): ProposerRule {
  const table: Record<string, string> = new Proxy({}, { get: (_table, place) => proposer(Number(String(place).split('.')[1])) });
  return { rule: 'rotate', table };
}
