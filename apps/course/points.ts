/** Points of 100 with reasons. A part is held or not; the last part of each file counts only if the other two hold as well. */
import type { Part, PartName } from './part.ts';

export type FileName = 'log' | 'node';

export interface Marked extends Part {
  readonly says: string;
  readonly points: number;
  readonly of: number;
}

interface Rule {
  readonly name: PartName;
  readonly file: FileName;
  readonly of: number;
  readonly says: string;
}

const rules: readonly Rule[] = [
  { name: 'promise', file: 'log', of: 20, says: 'what a flush has acknowledged is on the disk, in the format of the disks' },
  {
    name: 'recovery',
    file: 'log',
    of: 20,
    says: 'opened on any disk that a loss of power leaves, it has every durable entry and nothing else',
  },
  { name: 'log', file: 'log', of: 10, says: 'the log as a whole loses nothing' },
  { name: 'word', file: 'node', of: 20, says: 'over all lives it says one number at each height, and one that was drawn' },
  { name: 'state', file: 'node', of: 20, says: 'a crash is like a pause: its state comes back, and all heights are decided' },
  { name: 'node', file: 'node', of: 10, says: 'the node as a whole follows its rule' },
];

/** The parts of a file, none of which can be judged for this reason. */
export function unjudged(file: FileName, reason: string): readonly Part[] {
  return rules.filter((rule) => rule.file === file).map(({ name }) => ({ name, reasons: [reason] }));
}

export function markedBy(parts: readonly Part[]): readonly Marked[] {
  return rules.flatMap(({ name, file, of, says }): readonly Marked[] => {
    const part = parts.find((one) => one.name === name);
    if (part === undefined) return [];
    const isLast = name === file;
    const others = parts.filter((one) => one !== part && rules.some((rule) => rule.file === file && rule.name === one.name));
    const isWhole = !isLast || others.every(({ reasons }) => reasons.length === 0);
    const reasons = part.reasons.length === 0 && !isWhole ? ['one of the two parts above does not hold'] : part.reasons;
    return [{ name, says, points: reasons.length === 0 ? of : 0, of, reasons }];
  });
}
