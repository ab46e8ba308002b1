/** The content of a real folder as a value, and a folder written from such a value. */
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Entry, Folder } from './calls.ts';

/** Sockets, pipes and devices are ignored: they hold nothing that power could take. */
export function readFolder(folder: string): Folder {
  const entries = new Map<string, Entry>();
  const walk = (relative: string): void => {
    for (const name of readdirSync(join(folder, relative)).sort()) {
      const path = relative === '' ? name : `${relative}/${name}`;
      const stat = lstatSync(join(folder, path));
      if (stat.isDirectory()) {
        entries.set(path, { type: 'folder' });
        walk(path);
      } else if (stat.isSymbolicLink()) entries.set(path, { type: 'link', target: readlinkSync(join(folder, path)) });
      else if (stat.isFile()) entries.set(path, { type: 'file', bytes: new Uint8Array(readFileSync(join(folder, path))) });
    }
  };
  walk('');
  return entries;
}

/** Makes `folder`, which must not exist, with these entries. */
export function writeFolder(folder: string, entries: Folder): void {
  mkdirSync(folder, { recursive: true });
  for (const [path, entry] of entries) {
    const at = join(folder, path);
    if (entry.type === 'folder') mkdirSync(at, { recursive: true });
    else if (entry.type === 'link') symlinkSync(entry.target, at);
    else writeFileSync(at, entry.bytes);
  }
}

/** Paths that differ between two folders, sorted. */
export function differences(one: Folder, other: Folder): readonly string[] {
  const paths = new Set([...one.keys(), ...other.keys()]);
  return [...paths].filter((path) => !isSameEntry(one.get(path), other.get(path))).sort();
}

export function isSameEntry(one: Entry | undefined, other: Entry | undefined): boolean {
  if (one === undefined || other === undefined || one.type !== other.type) return one === other;
  if (one.type === 'file' && other.type === 'file') return isSameBytes(one.bytes, other.bytes);
  return one.type !== 'link' || other.type !== 'link' || one.target === other.target;
}

export function isSameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one === other || Buffer.compare(one, other) === 0;
}
