/** Inspects one log file, and recognises the formats of Lazurite, Malachite and CometBFT. */
import { fileNamed } from '../folder.ts';
import { beginsWithRecord, inspectCometbft } from './cometbft.ts';
import type { Engine, Inspection } from './inspected.ts';
import { inspectLazurite } from './lazurite.ts';
import { inspectMalachite } from './malachite.ts';

/** What our own files of every version begin with. */
const magic = new TextEncoder().encode('LAZUWAL');

/**
 * Whose log it is, as far as the bytes show. Our files begin with a magic. Malachite's begin with a version, and have entries. CometBFT's have neither, and
 * are recognised by records with a right checksum.
 */
export function engineOf(bytes: Uint8Array): Engine | undefined {
  if (magic.every((byte, index) => bytes[index] === byte)) return 'lazurite';
  const { entries, version, verdict } = inspectMalachite(bytes);
  if (entries.length > 0) return 'malachite';
  if (beginsWithRecord(bytes)) return 'cometbft';
  // The first four bytes of Malachite's header are its version. With them a torn header is recognised.
  if (version !== null || (verdict.status === 'torn' && bytes.length >= 4)) return 'malachite';
  const records = inspectCometbft(bytes);
  return records.verdict.status === 'corrupt' || records.header !== null ? 'cometbft' : undefined;
}

/**
 * Reads the file `name` in the format `wanted`. By default its bytes say which. A file whose bytes say nothing is read as ours if it is empty or has a name
 * that our files have; else its verdict is `foreign`.
 */
export function inspectLog(name: string, bytes: Uint8Array, wanted?: Engine): Inspection {
  const engine = wanted ?? engineOf(bytes);
  if (
    engine === undefined &&
    bytes.length > 0 &&
    fileNamed(`wal/${name}`) === undefined &&
    fileNamed(`blocks/${name}`) === undefined
  ) {
    const verdict = { status: 'foreign', offset: 0, reason: 'no log of an engine that is known here' } as const;
    return { engine: 'lazurite', version: null, header: null, size: bytes.length, entries: [], verdict };
  }
  if (engine === 'malachite') return inspectMalachite(bytes);
  return engine === 'cometbft' ? inspectCometbft(bytes) : inspectLazurite(name, bytes);
}
