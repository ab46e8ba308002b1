/**
 * Collects the statements of validators from the logs of several nodes, and finds validators that signed two different things.
 *
 * Uses the logs: a node logs a message after it has checked the signature. Signatures are not checked again, as the keys are not in the
 * logs.
 */

export type StatementType = 'proposal' | 'prevote' | 'precommit';

/** Where a statement was found. */
export interface Sighting {
  /** The folder of the node, as it was given. */
  readonly node: string;
  readonly file: string;
  /** The frame: its sequence, or for other engines its index. Null: the file is no list of frames. */
  readonly frame: number | null;
}

/** A vote or proposal with its signer. */
export interface Statement {
  readonly signer: string;
  readonly height: number;
  readonly round: number;
  readonly type: StatementType;
  /** The id of a value, or nil. */
  readonly value: string | null;
  /** The valid round of a proposal. The signature covers it, so another one makes another statement. */
  readonly polRound: number | null;
  readonly seen: Sighting;
}

/** Different versions of what may be said once. */
export interface Conflict {
  readonly signer: string;
  readonly height: number;
  readonly round: number;
  readonly type: StatementType;
  readonly versions: readonly Version[];
}

export interface Version {
  readonly value: string | null;
  readonly polRound: number | null;
  readonly seen: readonly Sighting[];
}

const types: readonly StatementType[] = ['proposal', 'prevote', 'precommit'];

/** In the order of height, round, kind and signer; each version with all the places in which it was found. */
export function conflictsOf(statements: readonly Statement[]): readonly Conflict[] {
  const places = new Map<string, Statement[]>();
  for (const statement of statements) {
    const { signer, height, round, type } = statement;
    const key = JSON.stringify([signer, height, round, type]);
    const known = places.get(key);
    if (known === undefined) places.set(key, [statement]);
    else known.push(statement);
  }
  return [...places.values()]
    .map(conflictOf)
    .filter(({ versions }) => versions.length > 1)
    .sort(
      (a, b) =>
        a.height - b.height ||
        a.round - b.round ||
        types.indexOf(a.type) - types.indexOf(b.type) ||
        (a.signer < b.signer ? -1 : a.signer > b.signer ? 1 : 0),
    );
}

/** All statements are for the same place. */
function conflictOf(statements: readonly Statement[]): Conflict {
  const { signer, height, round, type } = statements[0] as Statement;
  const versions: { value: string | null; polRound: number | null; seen: Sighting[] }[] = [];
  for (const { value, polRound, seen } of statements) {
    const known = versions.find((version) => version.value === value && version.polRound === polRound);
    if (known === undefined) versions.push({ value, polRound, seen: [seen] });
    else known.seen.push(seen);
  }
  return { signer, height, round, type, versions };
}

/** Whether the two are one and the same statement, wherever they were found. */
export function isSame(a: Statement, b: Statement): boolean {
  return (
    a.signer === b.signer &&
    a.height === b.height &&
    a.round === b.round &&
    a.type === b.type &&
    a.value === b.value &&
    a.polRound === b.polRound
  );
}
