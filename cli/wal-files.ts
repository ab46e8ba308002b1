/** `wal dump` and `wal verify`: one file at a time, by its own name, judged by the table. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { decodeBlock } from '../actors/node/index.ts';
import { decodeDecision, decodeInput } from '../actors/tendermint/codec.ts';
import { type FrameRef, fileNamed, type JudgedFile, judgeFile, sourceOf } from '../wal/index.ts';
import { dataWords } from './print-trace.ts';

export function dumpText(file: string, bytes: Uint8Array): string {
  const judged = judge(file, bytes);
  const lines = judged.frames.map(({ kind, sequence, synced, offset, length }) => {
    const words = payloadWords(kind, bytes.subarray(offset, offset + length));
    return `  ${String(sequence).padStart(6)}  ${String(kind).padEnd(8)} ${String(length).padStart(7)} bytes at ${offset}, synced ${synced}   ${words}`;
  });
  return [summary(file, judged), ...lines].join('\n');
}

/** What a Tendermint node wrote, in a few words; another protocol's payloads as the CBOR they are. */
function payloadWords(kind: FrameRef['kind'], payload: Uint8Array): string {
  try {
    if (kind === 'block') {
      const { height, decision } = decodeBlock(payload);
      return `height ${height}, ${dataWords(decodeDecision(decision))}`;
    }
    if (kind === 'decided') return dataWords(decodeDecision(payload));
    if (kind === 'opened' || kind === undefined) return '';
    return dataWords(decodeInput(payload));
  } catch {
    return 'not an input of tendermint';
  }
}

const exitCodes = { clean: 0, torn: 0, unborn: 0, corrupt: 1, foreign: 2 } as const;

/** The worst exit code of all files: 0 clean or torn, 1 corrupt, 2 foreign or not a log. */
export function verifyFiles(files: readonly string[], print: (text: string) => void): number {
  let worst = 0;
  for (const file of files) {
    const judged = judge(file, readFileSync(file));
    print(summary(file, judged));
    worst = Math.max(worst, exitCodes[judged.finding]);
  }
  return worst;
}

function judge(file: string, bytes: Uint8Array): JudgedFile {
  const name = basename(file);
  const named = fileNamed(`wal/${name}`) ?? fileNamed(`blocks/${name}`);
  return judgeFile(file, named ?? { height: 0, life: 0 }, sourceOf(bytes));
}

function summary(file: string, { finding, frames, tailBytes, endOffset }: JudgedFile): string {
  const tail = tailBytes > 0 ? `, ${tailBytes} bytes behind byte ${endOffset} are no whole frame` : '';
  return `${file}: ${finding}, ${frames.length} frames${tail}`;
}
