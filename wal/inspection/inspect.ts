/** One log file of any engine that is known here. */
import { fileNamed } from '../folder.ts';
import { beginsWithRecord, inspectCometbft } from './cometbft.ts';
import type { Engine, Inspection } from './inspected.ts';
import { inspectLazurite } from './lazurite.ts';
import { inspectMalachite } from './malachite.ts';

/** What our own files begin with, whatever their version. */
const magic = new TextEncoder().encode('LAZUWAL');

/** Whose log it is, as far as the bytes show. Ours has a magic, Malachite's a version, CometBFT's only records that hold. */
export function engineOf(bytes: Uint8Array): Engine | undefined {
  if (magic.every((byte, index) => bytes[index] === byte)) return 'lazurite';
  const { entries, version, verdict } = inspectMalachite(bytes);
  if (entries.length > 0) return 'malachite';
  if (beginsWithRecord(bytes)) return 'cometbft';
  // Four bytes or more of a header name the version.
  if (version !== null || (verdict.status === 'torn' && bytes.length >= 4)) return 'malachite';
  const records = inspectCometbft(bytes);
  return records.verdict.status === 'corrupt' || records.header !== null ? 'cometbft' : undefined;
}

/** `name`: the file's own. `engine`: the format that it is to be read as; default: as its bytes say, else as its name. */
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
