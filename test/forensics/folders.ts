/** Folders of nodes for tests: four simulated validators, stopped in the middle of a height, each disk as bytes. */
import type { NodeFiles } from '../../forensics/index.ts';
import { cluster } from '../../index.ts';

export interface Folder {
  readonly name: string;
  readonly files: Map<string, Uint8Array>;
}

/** `ms`: virtual time. `exhibit`-free: all of them are honest, and nothing is lost. */
export function stoppedAt(ms: number): ReadonlyMap<string, Folder> {
  const four = cluster({ A: 1, B: 1, C: 1, D: 1 }, { seed: 5 });
  four.run(ms);
  return new Map(
    ['A', 'B', 'C', 'D'].map((name) => {
      const { disk } = four.node(name);
      return [name, { name, files: new Map([...disk.names()].map((file) => [file, disk.read(file).slice()])) }];
    }),
  );
}

export function asGiven(folders: ReadonlyMap<string, Folder>): readonly NodeFiles[] {
  return [...folders.values()].map(({ name, files }) => ({ folder: `at-${name}`, files }));
}

export function segmentOf({ files }: Folder): string {
  const found = [...files.keys()].find((file) => /^wal\/\d+\.\d+\.wal$/.test(file));
  if (found === undefined) throw new Error('the folder has no segment');
  return found;
}
