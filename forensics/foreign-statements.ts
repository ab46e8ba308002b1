/** Finds the votes and proposals in the decoded entries of Malachite's and CometBFT's logs. */
import type { InspectedEntry } from '../wal/index.ts';
import type { Statement } from './statements.ts';

interface Found {
  readonly statement: Omit<Statement, 'seen'>;
  /** The node wrote it of itself, as the log says. Malachite's log does not say. */
  readonly isOwn: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** The statement of one entry; undefined: it holds none, or nobody is named as its signer. */
function foundIn({ kind, decoded }: InspectedEntry, proposer: string | undefined): Found | undefined {
  if (decoded === null || typeof decoded !== 'object') return undefined;
  const fields = decoded as Fields;
  const place = { height: Number(fields['height']), round: Number(fields['round']) };
  const isOwn = fields['peer'] === '';
  if (kind === 'vote') {
    const value = fields['valueId'] ?? fields['blockHash'] ?? null;
    const type = fields['type'] === 'prevote' ? 'prevote' : 'precommit';
    const signer = String(fields['validator']);
    return { statement: { signer, ...place, type, value: value as string | null, polRound: null }, isOwn };
  }
  if (kind !== 'proposal') return undefined;
  const signer = fields['validator'] ?? (isOwn ? proposer : undefined);
  // CometBFT's proposals do not name the proposer: only those of the node itself have a known signer.
  if (signer === undefined) return undefined;
  const value = String(fields['valueHead'] ?? fields['blockHash']);
  const polRound = typeof fields['polRound'] === 'number' ? fields['polRound'] : -1;
  return { statement: { signer: String(signer), ...place, type: 'proposal', value, polRound }, isOwn };
}

/** The owner of a log: the signer of the votes in it that came from no peer. */
export function writerOf(entries: readonly InspectedEntry[]): string | undefined {
  for (const entry of entries) {
    const found = foundIn(entry, undefined);
    if (found?.isOwn === true) return found.statement.signer;
  }
  return undefined;
}

/** `owner`: signs the proposals that came from no peer. */
export function statementsOf(
  entries: readonly InspectedEntry[],
  { node, file, owner }: { readonly node: string; readonly file: string; readonly owner: string | undefined },
): readonly Statement[] {
  return entries.flatMap((entry) => {
    const found = foundIn(entry, owner);
    if (found === undefined) return [];
    return [{ ...found.statement, seen: { node, file: entry.file ?? file, frame: entry.index } }];
  });
}
