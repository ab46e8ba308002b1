/** The packages of docs/findings-npm.md: version, drive, and what each promises about a loss of power, with the place where it says so. */

export interface Subject {
  /** Names it on the command line: the package, and the variant where there is one. */
  readonly name: string;
  /** The package with its exact version, as it is installed. */
  readonly packages: readonly string[];
  /** What it does with its state, in a few words. */
  readonly does: string;
  /** A file in `drives`. */
  readonly drive: string;
  /** Given to the drive. */
  readonly variant?: string;
  /** By `strace` where native code writes the files. */
  readonly by: 'node' | 'strace';
  /** Its own words, with the place. */
  readonly promise: string;
  /** Which question the promise answers with yes; undefined if it speaks of neither. */
  readonly promises?: 'kept' | 'whole';
  /** A cache: what it held may be gone as a whole. */
  readonly isCache?: boolean;
  /** Files that nothing reads after a restart, with `*`. */
  readonly without?: readonly string[];
  /** What else was noticed. */
  readonly note?: string;
  /** Bounds where a recovery is slow. */
  readonly recovery?: { readonly states: number; readonly timeoutMs: number };
}

const byNode = { by: 'node' } as const;
const native = { by: 'strace', recovery: { states: 400, timeoutMs: 10_000 } } as const;
const nothing = 'nothing about crashes or power';
const replaces = 'writes a file beside it and renames it; no sync';
const syncsAndReplaces = 'writes a file beside it, syncs it, renames it';
const rewrites = 'rewrites the file in place; no sync';

export const subjects: readonly Subject[] = [
  {
    ...byNode,
    name: 'lowdb',
    packages: ['lowdb@7.0.1'],
    drive: 'lowdb',
    does: `${replaces} (steno 4.0.2)`,
    promise: '"Safe atomic writes" (README, Features); steno: "No partial writes (writes are atomic)"',
    promises: 'whole',
  },
  {
    ...byNode,
    name: 'server-memory',
    packages: ['@modelcontextprotocol/server-memory@2026.8.31'],
    drive: 'server-memory',
    does: `memory of an agent: ${replaces}`,
    promise:
      'replaces by a rename because "an interruption (SIGKILL, container stop, OOM, power loss) would leave the only copy of the graph truncated and unrecoverable" (comment in dist/index.js)',
    promises: 'whole',
    note: 'An empty file counts as an empty memory: the loss is silent.',
  },
  {
    ...byNode,
    name: 'fs-write-stream-atomic',
    packages: ['fs-write-stream-atomic@1.0.10'],
    drive: 'fs-write-stream-atomic',
    does: replaces,
    promise: '"Like `fs.createWriteStream(...)`, but atomic" (README)',
    promises: 'whole',
  },
  {
    ...byNode,
    name: 'datastore-fs',
    packages: ['datastore-fs@12.0.1', 'interface-datastore@10.0.1'],
    drive: 'datastore-fs',
    does: `a file for each key: ${replaces} (steno 4.0.2)`,
    promise: '"Write a file atomically" (comment in dist/src/index.js); the README says nothing',
    promises: 'whole',
  },
  {
    ...byNode,
    name: 'write-file-atomic',
    packages: ['write-file-atomic@7.0.1'],
    drive: 'write-file-atomic',
    does: syncsAndReplaces,
    promise: '"makes its operation atomic" (README); `fsync` is true by default',
    promises: 'whole',
  },
  {
    ...byNode,
    name: 'write-file-atomic, folder synced',
    packages: ['write-file-atomic@7.0.1'],
    drive: 'write-file-atomic',
    variant: 'folder synced',
    does: 'the same, and its caller syncs the folder',
    promise: 'as above',
    promises: 'whole',
  },
  {
    ...byNode,
    name: 'write-json-file',
    packages: ['write-json-file@7.0.0'],
    drive: 'write-json-file',
    does: syncsAndReplaces,
    promise: '"write JSON to a file atomically" (readme)',
    promises: 'whole',
  },
  {
    ...byNode,
    name: 'fast-write-atomic',
    packages: ['fast-write-atomic@0.4.0'],
    drive: 'fast-write-atomic',
    does: syncsAndReplaces,
    promise: '"Fast way to write a file atomically" (README)',
    promises: 'whole',
  },
  {
    ...byNode,
    name: 'conf',
    packages: ['conf@15.1.0'],
    drive: 'conf',
    does: `${syncsAndReplaces} (atomically)`,
    promise: '"if the process crashes during a write, it will not corrupt the existing config" (readme)',
    promises: 'whole',
  },
  {
    ...byNode,
    name: 'configstore',
    packages: ['configstore@8.0.0'],
    drive: 'configstore',
    does: `${syncsAndReplaces} (atomically)`,
    promise: `${nothing}; atomically: "it's impossible to get a corrupt/partially-written file" (readme)`,
    promises: 'whole',
  },
  {
    ...byNode,
    name: 'node-localstorage',
    packages: ['node-localstorage@3.0.5'],
    drive: 'node-localstorage',
    does: `a file for each key: ${syncsAndReplaces}`,
    promise: '"Atomic writes" (README, 1.2.0)',
    promises: 'whole',
  },
  {
    ...byNode,
    name: 'session-file-store',
    packages: ['session-file-store@1.5.0', 'express-session@1.19.0'],
    drive: 'session-file-store',
    does: `a file for each session: ${syncsAndReplaces}`,
    promise: nothing,
  },
  {
    ...byNode,
    name: 'node-json-db',
    packages: ['node-json-db@3.0.0'],
    drive: 'node-json-db',
    does: `${replaces} (atomically with \`fsync: false\`)`,
    promise: nothing,
  },
  {
    ...byNode,
    name: 'node-json-db, syncOnSave',
    packages: ['node-json-db@3.0.0'],
    drive: 'node-json-db',
    variant: 'syncOnSave',
    does: `${syncsAndReplaces} (atomically)`,
    promise: 'an option `syncOnSave` without a description',
  },
  {
    ...byNode,
    name: 'nedb',
    packages: ['@seald-io/nedb@4.1.2'],
    drive: 'nedb',
    does: 'appends a line; no sync',
    promise: '"append-only format" (README, Persistence); nothing about power',
    note: 'With the default `corruptAlertThreshold` it does not start when a tenth of the lines cannot be read, which a small file reaches with one.',
  },
  {
    ...byNode,
    name: 'nedb, compacted',
    packages: ['@seald-io/nedb@4.1.2'],
    drive: 'nedb',
    variant: 'compacted',
    does: 'appends, then rewrites: syncs the new file, renames it, syncs the folder',
    promise: 'as above',
    note: 'What a compaction has written is kept. It is red for the line that was appended before it.',
  },
  { ...byNode, name: 'lokijs', packages: ['lokijs@1.5.12'], drive: 'lokijs', does: replaces, promise: nothing },
  {
    ...byNode,
    name: 'tinybase',
    packages: ['tinybase@10.0.1'],
    drive: 'tinybase',
    does: `file persister: ${replaces}`,
    promise: nothing,
  },
  { ...byNode, name: 'jsonfile', packages: ['jsonfile@6.2.1'], drive: 'jsonfile', does: rewrites, promise: nothing },
  { ...byNode, name: 'keyv-file', packages: ['keyv-file@5.3.5'], drive: 'keyv-file', does: rewrites, promise: nothing },
  {
    ...byNode,
    name: 'data-store',
    packages: ['data-store@4.0.3'],
    drive: 'data-store',
    does: rewrites,
    promise: '"Easily persist and load config data" (README); nothing about power',
  },
  {
    ...byNode,
    name: 'node-persist',
    packages: ['node-persist@4.0.4'],
    drive: 'node-persist',
    does: `a file for each key: ${rewrites}`,
    promise: '"persistent data structures" (README); nothing about power',
  },
  {
    ...byNode,
    name: 'tough-cookie-file-store',
    packages: ['tough-cookie-file-store@3.3.0', 'tough-cookie@6.1.0'],
    drive: 'tough-cookie-file-store',
    does: rewrites,
    promise: nothing,
  },
  {
    ...byNode,
    name: 'unstorage',
    packages: ['unstorage@1.17.6'],
    drive: 'unstorage',
    does: `driver fs-lite: ${rewrites}`,
    promise: nothing,
  },
  { ...byNode, name: 'nconf', packages: ['nconf@0.13.0'], drive: 'nconf', does: rewrites, promise: nothing },
  { ...byNode, name: 'stormdb', packages: ['stormdb@0.6.0'], drive: 'stormdb', does: rewrites, promise: nothing },
  {
    ...byNode,
    name: 'simple-json-db',
    packages: ['simple-json-db@2.0.0'],
    drive: 'simple-json-db',
    does: rewrites,
    promise: nothing,
  },
  {
    ...byNode,
    name: 'vectra',
    packages: ['vectra@0.12.3'],
    drive: 'vectra',
    does: `vectors for agents: ${rewrites}`,
    promise: nothing,
  },
  {
    ...byNode,
    name: 'automerge-repo-storage-nodefs',
    packages: ['@automerge/automerge-repo-storage-nodefs@2.5.6'],
    drive: 'automerge',
    does: `a file for each chunk: ${rewrites}`,
    promise: nothing,
    note: 'Its repository writes a snapshot under a name of its own before it removes the old one; the drive rewrites one name, which is the plainer use.',
  },
  {
    ...byNode,
    name: 'isomorphic-git',
    packages: ['isomorphic-git@1.44.19'],
    drive: 'isomorphic-git',
    does: 'objects and branches: a file each, in place; no sync',
    promise: nothing,
    note: 'After a loss a branch may name a commit that cannot be read.',
  },
  {
    ...byNode,
    name: 'flat-cache',
    packages: ['flat-cache@6.1.23'],
    drive: 'flat-cache',
    does: rewrites,
    promise: nothing,
    isCache: true,
  },
  {
    ...byNode,
    name: 'cache-manager-fs-hash',
    packages: ['cache-manager-fs-hash@3.0.0'],
    drive: 'cache-manager-fs-hash',
    does: `a file for each key: ${rewrites}`,
    promise: nothing,
    isCache: true,
    note: 'A torn entry is no miss: `get` throws, until the file is removed.',
  },
  {
    ...byNode,
    name: 'cacache',
    packages: ['cacache@20.0.4'],
    drive: 'cacache',
    does: 'content under its hash, index lines with checksums; no sync',
    promise: '"it will never give you corrupted data, even if cache files get corrupted" (README)',
    promises: 'whole',
    isCache: true,
    note: 'Content that is damaged is reported as EINTEGRITY, which the drive counts as a miss.',
  },
  { ...byNode, name: 'pino', packages: ['pino@10.4.0'], drive: 'pino', does: 'appends a line; no sync', promise: nothing },
  {
    ...byNode,
    name: 'pino, fsync',
    packages: ['pino@10.4.0'],
    drive: 'pino',
    variant: 'fsync',
    does: 'appends a line and syncs it',
    promise: '"perform a fsyncSync every time a write is completed" (README of sonic-boom, `fsync`)',
    promises: 'kept',
  },
  {
    ...byNode,
    name: 'winston',
    packages: ['winston@3.19.0'],
    drive: 'winston',
    does: 'appends lines through a stream; no sync',
    promise: nothing,
    note: 'The event `logged` comes before anything is written.',
  },
  {
    ...byNode,
    name: 'log4js',
    packages: ['log4js@6.9.1'],
    drive: 'log4js',
    does: 'appends lines through a stream; no sync',
    promise: nothing,
  },
  {
    ...byNode,
    name: 'rotating-file-stream',
    packages: ['rotating-file-stream@3.2.10'],
    drive: 'rotating-file-stream',
    does: 'appends; renames the full log; no sync',
    promise: nothing,
  },
  {
    ...byNode,
    name: 'node-sqlite3-wasm',
    packages: ['node-sqlite3-wasm@0.8.60'],
    drive: 'node-sqlite3-wasm',
    does: 'SQLite in WebAssembly: a rollback journal; syncs files, never a folder',
    promise: '"persistent" storage (README); nothing about power',
    note: 'A process that is killed leaves `db.lock`, and the next one finds "database is locked"; the drive removes it.',
  },
  {
    ...byNode,
    name: 'pglite',
    packages: ['@electric-sql/pglite@0.5.17'],
    drive: 'pglite',
    does: 'PostgreSQL in WebAssembly; no sync in its whole life',
    promise: '"with persistence ... to the file system" (README); nothing about power',
    note: 'After the later real loss of power the database could not be opened at all, on ext4 and on XFS.',
    recovery: { states: 8, timeoutMs: 30_000 },
  },
  {
    ...native,
    name: 'better-sqlite3, WAL',
    packages: ['better-sqlite3@12.11.1'],
    drive: 'better-sqlite3',
    does: 'SQLite with a log ahead; its build makes `synchronous` NORMAL there; no sync',
    promise: 'SQLite documents that NORMAL may lose the last transactions, and keeps the rest',
    promises: 'whole',
    without: ['*-shm'],
  },
  {
    ...native,
    name: 'better-sqlite3, WAL and FULL',
    packages: ['better-sqlite3@12.11.1'],
    drive: 'better-sqlite3',
    variant: 'full',
    does: 'the same with `synchronous = FULL`: syncs the log',
    promise: 'SQLite documents that a transaction with FULL is durable',
    promises: 'kept',
    without: ['*-shm'],
  },
  {
    ...native,
    name: 'plainjob',
    packages: ['plainjob@0.0.14', 'better-sqlite3@12.11.1'],
    drive: 'plainjob',
    does: 'a queue in SQLite with a log ahead and NORMAL; no sync',
    promise: '"Reliable persistence" (README); nothing about power',
    without: ['*-shm'],
  },
  {
    ...native,
    name: 'langgraph-checkpoint-sqlite',
    packages: ['@langchain/langgraph-checkpoint-sqlite@1.0.4', '@langchain/langgraph-checkpoint@1.2.2', '@langchain/core@1.4.0'],
    drive: 'langgraph-checkpoint-sqlite',
    does: 'checkpoints of an agent in SQLite with a log ahead and NORMAL; no sync',
    promise: nothing,
    without: ['*-shm'],
  },
  {
    ...native,
    name: 'classic-level',
    packages: ['classic-level@3.0.0'],
    drive: 'classic-level',
    does: 'LevelDB: appends to its log; no sync',
    promise: '"LevelDB passes the data to the operating system for writing and returns immediately" (README, `sync`)',
    promises: 'whole',
  },
  {
    ...native,
    name: 'classic-level, sync',
    packages: ['classic-level@3.0.0'],
    drive: 'classic-level',
    variant: 'sync',
    does: 'LevelDB: appends to its log and syncs it',
    promise: '"the write will not complete until the data is actually on disk" (README, `sync`)',
    promises: 'kept',
    note: 'When it opens, it renames CURRENT and then removes the file that the old one names, without a sync of the folder between. Only posix-weakest may swap these.',
  },
  {
    ...native,
    name: 'lmdb',
    packages: ['lmdb@3.5.6'],
    drive: 'lmdb',
    does: 'LMDB: pages, a sync, then a meta page that is written with O_DSYNC',
    promise: '`flushed` "resolves when all previous writes have been committed and fully flushed/synced to disk" (README)',
    promises: 'kept',
    without: ['*lock.mdb'],
  },
];

export function subjectNamed(name: string): Subject | undefined {
  return subjects.find((subject) => subject.name === name);
}
