/** Says what a loss of power took, in words: the operation, its place in the source, and what was not synced after it. */
import type { Fate, Pending } from '../../wal/storage/pending.ts';
import type { RecordedCall } from '../recording/calls.ts';
import type { FileTree } from './file-tree.ts';

/** One line for each recorded call of which something is lost. */
export function lossWords(
  tree: FileTree,
  fates: readonly Fate[],
  callOf: ReadonlyMap<number, RecordedCall>,
  calls: readonly RecordedCall[],
): readonly string[] {
  const lines: string[] = [];
  const told = new Set<RecordedCall>();
  for (const [place, pending] of tree.pending.entries()) {
    const fate = fates[place] ?? 'lost';
    const recorded = callOf.get(pending.id);
    if (fate === 'kept' || pending.type === 'barrier' || recorded === undefined || told.has(recorded)) continue;
    told.add(recorded);
    const at = recorded.place === '' ? '' : ` at ${recorded.place}`;
    lines.push(`${actWords(tree, pending, recorded, fate)}${at}: ${missing(tree, pending, recorded, calls)}`);
  }
  return lines;
}

function actWords(tree: FileTree, pending: Pending, { call }: RecordedCall, fate: Fate): string {
  const file = tree.pathOf(pending.inode) ?? 'a file that has no name any more';
  const part = typeof fate === 'object' ? ('cut' in fate ? `only the first ${fate.cut} bytes of ` : 'only some sectors of ') : '';
  switch (call.op) {
    case 'rename':
      return `the rename of ${nameOf(call.from)} to ${nameOf(call.to)} is lost`;
    case 'link':
      return `the link ${nameOf(call.to)} is lost`;
    case 'unlink':
    case 'rmdir':
    case 'remove-tree':
      return `the removal of ${nameOf(call.path)} is lost`;
    case 'mkdir':
    case 'symlink':
      return `the new entry ${nameOf(call.path)} is lost`;
    case 'open':
      return pending.type === 'resize'
        ? `the truncation of ${nameOf(call.path)} is lost`
        : `the directory entry of the new file ${nameOf(call.path)} is lost`;
    case 'truncate':
      return `the truncation of ${file} is lost`;
    case 'write': {
      const size = `${call.bytes.length} ${call.bytes.length === 1 ? 'byte' : 'bytes'}`;
      return part === '' ? `a write of ${size} to ${file} is lost` : `${part}a write of ${size} to ${file} are left`;
    }
    default:
      return `${call.op} is lost`;
  }
}

function missing(tree: FileTree, pending: Pending, recorded: RecordedCall, calls: readonly RecordedCall[]): string {
  const isName = pending.type === 'link' || pending.type === 'unlink';
  const folder = isName ? (tree.pathOf(Number(pending.directory)) ?? '') : '';
  const what = !isName ? 'the file' : folder === '' ? 'the directory' : `the directory ${folder}`;
  const overlapping = calls.some(({ call, begin, end }) => call.op === 'sync' && begin < recorded.end && end > recorded.begin);
  if (overlapping) return `a sync was under way, but had begun before this call ended; ${what} was never synced after it`;
  return `${what} was never synced after it`;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
