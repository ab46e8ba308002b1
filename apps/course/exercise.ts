/** What one student is given to mend, drawn from a seed: the format of a log, the rule of a node, and two defects in each. Equal seeds give equal exercises. */
import { createHash } from 'node:crypto';

/** A promise that the log breaks, and a way in which it comes back wrong. */
export const promiseDefects = ['flush does nothing', 'flush waits for more', 'the directory is not synced'] as const;
export const recoveryDefects = [
  'nothing is checked',
  'a part is checked',
  'it goes on after a torn end',
  'the old file goes too early',
  'the newest file counts',
] as const;
/** A number that is said twice, and a state that does not come back. */
export const wordDefects = ['it speaks first', 'it asks again', 'a number is cut short'] as const;
export const stateDefects = [
  'the drawn number is not logged',
  'what others say is not logged',
  'blocks are refused',
  'nothing is said again',
] as const;

export interface LogShape {
  /** The first two bytes of each frame: no two students of a course have the same. */
  readonly magic: number;
  readonly isLengthFirst: boolean;
  readonly isLittleEndian: boolean;
  readonly multiplier: number;
  readonly folder: string;
}

export interface NodeShape {
  /** What a height decides: `factor` times the sum of all numbers, modulo `modulus`. No two students of a course have the same modulus. */
  readonly factor: number;
  readonly modulus: number;
}

export interface Exercise {
  readonly seed: string;
  readonly log: LogShape;
  readonly promise: (typeof promiseDefects)[number];
  readonly recovery: (typeof recoveryDefects)[number];
  /** Entries that `flush` waits for, bytes that are checked. */
  readonly few: number;
  readonly checkedBytes: number;
  readonly node: NodeShape;
  readonly word: (typeof wordDefects)[number];
  readonly state: (typeof stateDefects)[number];
  /** Which heights, members and bits the defects of the node are about. */
  readonly parity: 0 | 1;
  readonly member: 'A' | 'B' | 'C';
  readonly bits: number;
}

export function exerciseOf(seed: string): Exercise {
  const number = (what: string, below: number): number => numberOf(`${seed} ${what}`, below);
  const one = <Item>(what: string, list: readonly Item[]): Item => list[number(what, list.length)] as Item;
  const word = one('word', wordDefects);
  // A node that asks again says its number again as well: of that pair only one defect would be seen.
  const visible = stateDefects.filter((defect) => word !== 'it asks again' || defect !== 'nothing is said again');
  return {
    seed,
    log: {
      magic: 0x1000 + number('magic', 0xe000),
      isLengthFirst: number('order', 2) === 0,
      isLittleEndian: number('endian', 2) === 0,
      multiplier: one('multiplier', [0x01000193, 0x85ebca6b, 0xc2b2ae35, 0x9e3779b1, 0x27d4eb2f]),
      folder: one('folder', ['log', 'wal', 'journal', 'diary']),
    },
    promise: one('promise', promiseDefects),
    recovery: one('recovery', recoveryDefects),
    few: 2 + number('few', 2),
    checkedBytes: 40 + number('checked', 60),
    node: { factor: 2 + number('factor', 8), modulus: 1009 + number('modulus', 90_000) },
    word,
    state: one('state', visible),
    parity: number('parity', 2) as 0 | 1,
    member: one('member', ['A', 'B', 'C'] as const),
    bits: 5 + number('bits', 6),
  };
}

/** Equal keys: one student could hand in what the other did. */
export function sharedParts({ log, node }: Exercise): readonly string[] {
  return [`magic ${log.magic}`, `modulus ${node.modulus}`];
}

/** A whole number from 0, drawn by the text. */
export function numberOf(text: string, below: number): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) % below;
}

/** A name of 12 signs for what is drawn by the text. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
