/** Which code is mutated, and which mutants are no subject: texts, and files that only real disks or offline tools use. */

export interface Mutant {
  readonly id: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly kind: string;
  /** The code that is replaced, and its replacement. */
  readonly from: string;
  readonly to: string;
}

export const folders: readonly string[] = ['actors/node', 'actors/tendermint', 'actors/raft', 'wal'];

/** Offline readers of foreign logs, what touches real files, and the simulated disk: that is the world, and no part of a node. */
const leftOut: readonly RegExp[] = [/^wal\/inspection\//, /^wal\/storage\//, /^wal\/(log|boot-space|crc32)\.ts$/];

/** Texts are for people, and no property may depend on them. */
export const leftOutKinds: readonly string[] = ['StringLiteral', 'Regex'];

/**
 * A guard against what only a hostile or broken peer sends: shapes of messages, and limits of memory. Campaigns send well-formed lies, so unit tests and
 * hostile inputs judge these.
 */
export function isGuard({ file, from }: Mutant): boolean {
  const isShape =
    /typeof |Number\.isSafeInteger|Array\.isArray|instanceof /.test(from) && /network\.ts$|future-messages\.ts$/.test(file);
  return isShape || /[<>]=? (maxPayloadBytes|roundMax|maxServed|remembered|most[A-Z]\w*)$/.test(from);
}

export function isInScope(file: string): boolean {
  return (
    file.endsWith('.ts') && folders.some((folder) => file.startsWith(`${folder}/`)) && !leftOut.some((one) => one.test(file))
  );
}
