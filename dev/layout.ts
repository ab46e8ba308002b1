/**
 * The layout of the repository as one table: what each folder holds, and from which others it may import. The test of import order and the
 * map in docs/how-it-works.md come from here.
 */

export interface Room {
  readonly folder: string;
  readonly holds: string;
  /** Folders and single files that it may import from, besides itself. `above`: every folder that comes earlier in this table. */
  readonly imports: 'above' | readonly string[];
}

/** Lowest first. When several folders contain a file, the longest name counts. */
export const rooms: readonly Room[] = [
  { folder: 'core', holds: 'effects, events, choices, digests, forking maps, invariants', imports: [] },
  { folder: 'wal/storage', holds: 'the storage interface, the simulated disk, real files', imports: ['core'] },
  { folder: 'wal', holds: 'frames, segments, recovery tables, the writer', imports: ['core', 'wal/storage'] },
  { folder: 'wal/inspection', holds: 'readers of log files: ours and those of other engines', imports: ['core', 'wal'] },
  { folder: 'network-sim', holds: 'links, partitions, topologies, corruption', imports: ['core'] },
  {
    folder: 'actors/scheduler',
    holds: 'mailboxes, virtual time, crash points, deaths, forks, the run hash',
    imports: ['core', 'wal/storage', 'network-sim'],
  },
  { folder: 'actors/node', holds: 'a durable node of any protocol', imports: ['core', 'wal', 'actors/scheduler'] },
  { folder: 'actors/tendermint', holds: 'Tendermint as a node definition', imports: ['core', 'actors/node/definition.ts'] },
  { folder: 'actors/raft', holds: 'Raft as a node definition', imports: ['core', 'actors/node/definition.ts'] },
  {
    folder: 'actors/byzantine',
    holds: 'nodes that lie',
    imports: ['core', 'actors/scheduler', 'actors/tendermint'],
  },
  { folder: 'actors', holds: 'charts and nodes as XState actor logic', imports: 'above' },
  {
    folder: 'forensics',
    holds: 'what the logs of several nodes say together, and which nodes may start again',
    imports: ['core', 'wal', 'actors/node', 'actors/tendermint'],
  },
  {
    folder: 'checker',
    holds: 'properties, judged from outside',
    // Types alone: it shares no code with what it judges.
    imports: ['core', 'actors/node/definition.ts', 'actors/raft/types.ts', 'actors/tendermint/config.ts'],
  },
  { folder: 'museum', holds: 'broken nodes, and nothing else', imports: ['core', 'wal', 'actors'] },
  { folder: 'scenarios', holds: 'the language of scenarios, and the run of one', imports: 'above' },
  { folder: 'campaigns', holds: 'many runs: crash points, exploration, fuzzing, shrinking, replay', imports: 'above' },
  {
    folder: 'programs',
    holds: 'any program that keeps state in files: its record, its crash states',
    imports: ['core', 'wal/storage'],
  },
  { folder: 'programs/stdio-node', holds: 'a node in any language, on stdin and stdout', imports: 'above' },
  { folder: 'testing', holds: 'what a test author imports', imports: 'above' },
  {
    folder: 'runtime',
    holds: 'real nodes over files and sockets, and comparisons of the simulated disk with real ones',
    imports: 'above',
  },
  { folder: 'index.ts', holds: 'the public entry of the package', imports: 'above' },
  {
    folder: 'apps/output',
    holds: 'output: text is escaped; a file is written beside its place and then renamed, so that it is always whole',
    imports: 'above',
  },
  { folder: 'apps/page', holds: 'the page, and the record that it shows', imports: 'above' },
  { folder: 'apps/course', holds: 'exercises that are drawn for students, and their points', imports: 'above' },
  { folder: 'apps/cli', holds: 'the command: parsing and printing', imports: 'above' },
  { folder: 'dev', holds: 'benchmarks, conformance, tools', imports: 'above' },
  { folder: 'test', holds: 'tests; its folders have the names of those above', imports: 'above' },
];

/** The room of a file, by the longest folder that contains it. */
export function roomOf(file: string): Room | undefined {
  const inside = rooms.filter(({ folder }) => file === folder || file.startsWith(`${folder}/`));
  return inside.sort((a, b) => b.folder.length - a.folder.length)[0];
}

/** Whether a file may import another by the table. The `index.ts` of a folder may also export what is in its own folders. */
export function mayImport(from: string, to: string): boolean {
  const [room, other] = [roomOf(from), roomOf(to)];
  if (room === undefined || other === undefined) return false;
  if (room === other) return true;
  if (from === `${room.folder}/index.ts` && other.folder.startsWith(`${room.folder}/`)) return true;
  if (room.imports === 'above') return rooms.indexOf(other) < rooms.indexOf(room);
  return room.imports.some((allowed) => to === allowed || to.startsWith(`${allowed}/`));
}

/** The table in Markdown. */
export function layoutMap(): string {
  const imports = ({ imports: allowed }: Room): string =>
    allowed === 'above' ? 'all above' : allowed.length === 0 ? 'nothing' : allowed.map((name) => `\`${name}\``).join(', ');
  const rows = rooms.map((room) => `| \`${room.folder}\` | ${room.holds} | ${imports(room)} |`);
  return ['| folder | holds | may import |', '| --- | --- | --- |', ...rows].join('\n');
}
