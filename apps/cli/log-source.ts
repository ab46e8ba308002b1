/** A path that `wal` commands are given: one log file, or a folder that holds a group of CometBFT's rolled files. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ScenarioError } from '../../scenarios/index.ts';
import {
  compareGroupPolicies,
  comparePolicies,
  type Engine,
  type GroupFile,
  type InspectedEntry,
  type Inspection,
  inspectCometbftGroup,
  inspectLog,
  joinGroup,
  type PolicyOutcome,
} from '../../wal/index.ts';

export type LogSource =
  | { readonly type: 'file'; readonly name: string; readonly bytes: Uint8Array; readonly engine: Engine | undefined }
  | { readonly type: 'group'; readonly files: readonly GroupFile[] };

const limitBytes = 2 ** 31 - 1;

/** `engine`: what the file is to be read as; undefined: as its bytes say. Throws `ScenarioError` if nothing can be read. */
export function readSource(path: string, engine: Engine | undefined): LogSource {
  if (!existsSync(path)) throw new ScenarioError(`${path}: there is no such file; give a log file, or a folder of CometBFT's`);
  if (!statSync(path).isDirectory()) {
    const [bytes] = read([path], path);
    return { type: 'file', name: basename(path), bytes: bytes as Uint8Array, engine };
  }
  if (engine !== undefined && engine !== 'cometbft')
    throw new ScenarioError(`${path}: a folder is read as a group of CometBFT's files; give single files of ${engine}`);
  const names = groupNames(path);
  const paths = names.map((name) => join(path, name));
  const bytes = read(paths, path);
  return { type: 'group', files: names.map((name, index) => ({ name, bytes: bytes[index] as Uint8Array })) };
}

function read(paths: readonly string[], what: string): readonly Uint8Array[] {
  const size = paths.reduce((sum, path) => sum + statSync(path).size, 0);
  if (size > limitBytes)
    throw new ScenarioError(`${what}: ${size} bytes are more than can be read at once; give at most ${limitBytes}`);
  return paths.map((path) => readFileSync(path));
}

/** A head and its rolled files; what else is in the folder does not belong to the group. */
function groupNames(path: string): readonly string[] {
  const files = readdirSync(path).filter((name) => statSync(join(path, name), { throwIfNoEntry: false })?.isFile() === true);
  const heads = [...new Set(files.flatMap((name) => /^(.+)\.\d{3,}$/.exec(name)?.[1] ?? []))];
  const head = heads.includes('wal') || heads.length === 0 ? 'wal' : (heads[0] as string);
  if (heads.length > 1 && !heads.includes('wal'))
    throw new ScenarioError(`${path}: rolled files of several logs (${heads.join(', ')}); give a folder with one of them`);
  const isRolled = (name: string): boolean => name.startsWith(`${head}.`) && /^\d{3,}$/.test(name.slice(head.length + 1));
  const names = files.filter((name) => name === head || isRolled(name));
  if (names.length === 0)
    throw new ScenarioError(`${path}: no rolled files of CometBFT (wal, wal.000, ...) in this folder; give single files`);
  return names;
}

export function inspectSource(source: LogSource): Inspection {
  return source.type === 'group' ? inspectCometbftGroup(source.files) : inspectLog(source.name, source.bytes, source.engine);
}

export function compareSource(source: LogSource): readonly PolicyOutcome[] {
  return source.type === 'group' ? compareGroupPolicies(source.files) : comparePolicies(source.engine, source.name, source.bytes);
}

/** Returns the payload of an entry as it is on disk. */
export function payloadReader(source: LogSource): (entry: InspectedEntry) => Uint8Array {
  const { bytes, files } = source.type === 'group' ? joinGroup(source.files) : { bytes: source.bytes, files: [] };
  const starts = new Map(files.map(({ name, start }) => [name, start]));
  return (entry) => {
    const end = (starts.get(entry.file ?? '') ?? 0) + entry.offset + entry.bytes;
    return bytes.subarray(end - entry.payloadBytes, end);
  };
}
