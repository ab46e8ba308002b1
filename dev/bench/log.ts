/** The benchmarks `replay` and `append`: the log on real files, compared with bare operations on the same bytes. Both are measured in turns. */
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from '../../wal/crc32.ts';
import { type BootOptions, contentsOf, judgeFile, Log } from '../../wal/index.ts';
import { RealFiles } from '../../wal/storage/files.ts';
import { median } from './median.ts';

const payload = new Uint8Array(128).map((_, index) => index);
const options: BootOptions = { attest: 'next', salt: 2, heightOf: () => 1, blockAfter: () => payload, keepBlocks: 1 };

function inFolder<Result>(act: (files: RealFiles, folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'lazurite-bench-'));
  const files = new RealFiles(folder);
  try {
    return act(files, folder);
  } finally {
    files.close();
    rmSync(folder, { recursive: true });
  }
}

/** Frames per second when a log is read and judged, and when the same bytes are only read and checksummed. */
export function measureReplay(megabytes: number): {
  readonly framesPerSecond: number;
  readonly floor: number;
  readonly megabytesPerSecond: number;
} {
  return inFolder((files) => {
    Log.init(files, 1);
    const log = Log.open(files, options);
    const frames = Math.floor((megabytes * 1_000_000) / 160);
    for (let i = 0; i < frames; i += 1) log.append('input', payload);
    log.flush();
    const file = 'wal/1.1.wal';
    const source = contentsOf(files).get(file);
    if (source === undefined) throw new Error(`${file} is missing`);
    const started = performance.now();
    const judged = judgeFile(file, { height: 1, life: 1 }, source);
    const seconds = (performance.now() - started) / 1000;
    if (judged.finding !== 'clean' || judged.frames.length < frames) throw new Error(`the log is ${judged.finding}`);
    const bareStarted = performance.now();
    for (let offset = 0; offset < source.length; offset += 256 * 1024) crc32(source.read(offset, 256 * 1024));
    const bare = (performance.now() - bareStarted) / 1000;
    return { framesPerSecond: frames / seconds, floor: frames / bare, megabytesPerSecond: source.length / 1e6 / seconds };
  });
}

/** Median microseconds of a flush of `batch` frames, and of a bare write and fdatasync of the same bytes. */
export function measureAppend(batch: number, rounds: number): { readonly microseconds: number; readonly bare: number } {
  return inFolder((files, folder) => {
    Log.init(files, 1);
    const log = Log.open(files, options);
    const descriptor = openSync(join(folder, 'bare'), 'a');
    const bytes = new Uint8Array(batch * 160);
    const frames = Array.from({ length: batch }, () => ({ kind: 'input', payload }) as const);
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let i = 0; i < rounds; i += 1) {
      const started = performance.now();
      if (batch === 1) log.append('input', payload);
      else log.appendAll(frames);
      log.flush();
      const between = performance.now();
      writeSync(descriptor, bytes);
      fdatasyncSync(descriptor);
      ours.push((between - started) * 1000);
      theirs.push((performance.now() - between) * 1000);
    }
    closeSync(descriptor);
    return { microseconds: median(ours), bare: median(theirs) };
  });
}
