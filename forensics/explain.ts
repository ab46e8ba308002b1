/** Reads and compares the folders of an incident: which node signed two things, what each log lacks, and which node may start. */
import { engineOf, fileNamed } from '../wal/index.ts';
import type { Evidence, NodeFiles } from './evidence.ts';
import { readCometbft } from './read-cometbft.ts';
import { readLazurite } from './read-lazurite.ts';
import { readMalachite } from './read-malachite.ts';
import { type SafeStart, safeStart } from './safe-start.ts';
import { type Conflict, conflictsOf } from './statements.ts';

export interface ExplainedNode {
  readonly evidence: Evidence;
  readonly start: SafeStart;
}

export interface Explanation {
  readonly nodes: readonly ExplainedNode[];
  readonly conflicts: readonly Conflict[];
}

export function explain(folders: readonly NodeFiles[]): Explanation {
  const nodes = folders.map(readNode);
  const conflicts = conflictsOf(nodes.flatMap(({ statements }) => statements));
  return { nodes: nodes.map((evidence) => ({ evidence, start: safeStart(evidence, { nodes, conflicts }) })), conflicts };
}

/** Reads a folder with the reader of its engine: Lazurite by the names of its files, a CometBFT group by rolled names, others by their bytes. */
function readNode(node: NodeFiles): Evidence {
  const { files } = node;
  const paths = [...files.keys()];
  const root = rootOf(paths);
  if (root !== undefined) {
    const inside = paths.filter((path) => path.startsWith(root));
    return readLazurite({
      ...node,
      files: new Map(inside.map((path) => [path.slice(root.length), files.get(path) as Uint8Array])),
    });
  }
  const group = groupIn(paths);
  if (group.length > 0) return readCometbft(node, group);
  const logs = paths.filter((path) => !path.endsWith('.json'));
  const engines = logs.map((path) => engineOf(files.get(path) as Uint8Array));
  if (engines.includes('cometbft')) return readCometbft(node, logs.filter((_, index) => engines[index] === 'cometbft').slice(-1));
  const ours = logs.filter((_, index) => engines[index] === 'lazurite');
  if (ours.length > 0)
    return readLazurite({ ...node, files: new Map(ours.map((path) => [wherePlaced(path), files.get(path) as Uint8Array])) });
  return logs.length === 0 ? nothingIn(node) : readMalachite(node, logs);
}

/** The part of the path before `wal/` and `blocks/`; undefined if the folder has no such files. */
function rootOf(paths: readonly string[]): string | undefined {
  for (const path of paths)
    for (const folder of ['wal/', 'blocks/']) {
      const at = path.lastIndexOf(folder);
      if (at !== -1 && (at === 0 || path[at - 1] === '/') && fileNamed(path.slice(at)) !== undefined) return path.slice(0, at);
    }
  return undefined;
}

/** A single file of ours, taken as if it were in its folder. */
function wherePlaced(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.startsWith('blocks.') ? `blocks/${name}` : `wal/${name}`;
}

/** Rolled files and their head, in one folder. */
function groupIn(paths: readonly string[]): readonly string[] {
  const rolled = paths.find((path) => /(^|\/)[^/]+\.\d{3,}$/.test(path));
  const head = rolled?.replace(/\.\d{3,}$/, '') ?? paths.find((path) => path === 'wal' || path.endsWith('/wal'));
  if (head === undefined) return [];
  return paths.filter((path) => path === head || (path.startsWith(`${head}.`) && /^\d{3,}$/.test(path.slice(head.length + 1))));
}

function nothingIn({ folder, name }: NodeFiles): Evidence {
  return {
    folder,
    engine: 'lazurite',
    owner: name,
    logs: [],
    statements: [],
    storedHeight: null,
    start: { type: 'unknown', reason: 'the folder holds no log: either the node never ran, or its log is lost' },
    powers: undefined,
    restored: [],
    lastSign: undefined,
    notes: [],
  };
}
