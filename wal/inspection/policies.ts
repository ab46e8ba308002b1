/**
 * What different engines make of one and the same file or group: what each policy keeps, what it gives up without a word, and whether the
 * node goes on. A file in another engine's format is judged as one of the policy's own: the rules are the policy's, the frames the file's.
 */
import { CometbftFormat } from './cometbft-format.ts';
import { type GroupFile, inspectCometbftGroup, joinGroup } from './cometbft-group.ts';
import { likeCometbft } from './cometbft-policy.ts';
import { inspectLog } from './inspect.ts';
import type { Engine } from './inspected.ts';
import { LazuriteFormat } from './lazurite.ts';
import { countWhole, type LogFormat } from './log-format.ts';
import { MalachiteFormat } from './malachite-format.ts';
import { likeMalachite } from './malachite-policy.ts';
import type { Asked, PolicyOutcome } from './policy.ts';

export type { PolicyName, PolicyOutcome } from './policy.ts';

/** `name` and `engine` as for `inspectLog`. */
export function comparePolicies(engine: Engine | undefined, name: string, bytes: Uint8Array): readonly PolicyOutcome[] {
  const inspection = inspectLog(name, bytes, engine);
  return outcomes({
    inspection,
    format: formatOf(inspection.engine, bytes),
    bytes,
    end: inspection.verdict.offset,
    files: [{ start: 0 }],
  });
}

/** A group of CometBFT's files is one log. */
export function compareGroupPolicies(files: readonly GroupFile[]): readonly PolicyOutcome[] {
  const group = joinGroup(files);
  const inspection = inspectCometbftGroup(files);
  const { bytes, gap } = group;
  const { file, offset } = inspection.verdict;
  const start = group.files.find(({ name }) => name === file)?.start ?? 0;
  const end = offset === null ? null : start + offset;
  return outcomes({ inspection, format: new CometbftFormat(bytes), bytes, end, files: group.files, gap: gap?.words });
}

function outcomes(asked: Asked): readonly PolicyOutcome[] {
  return [likeLazurite(asked), likeMalachite(asked), likeCometbft(asked)];
}

function formatOf(engine: Engine, bytes: Uint8Array): LogFormat {
  if (engine === 'malachite') return new MalachiteFormat(bytes);
  return engine === 'cometbft' ? new CometbftFormat(bytes) : new LazuriteFormat(bytes);
}

/** Our own recovery table (recovery-table.ts). A frame that is not understood is damage, though its checksum holds. */
function likeLazurite({ inspection, format, bytes, end }: Asked): PolicyOutcome {
  const { entries, verdict } = inspection;
  const outcome = { policy: 'lazurite', keptBytes: bytes.length, keptEntries: entries.length, lostEntries: 0 } as const;
  if (verdict.status === 'foreign')
    return { ...outcome, keptEntries: 0, goesOn: false, words: 'refused: it is a log of another version, or none' };
  const isStrange = entries.some(({ decodeError, offset }) => decodeError !== undefined && format.refusal(offset) !== undefined);
  if (verdict.status === 'corrupt' || isStrange)
    return { ...outcome, goesOn: false, words: 'damage is never cut: the file is kept, and the node halts or abstains' };
  if (end === null) return { ...outcome, goesOn: true, words: 'all of it is read' };
  const lostEntries = countWhole(format, end, bytes.length);
  return { ...outcome, keptBytes: end, lostEntries, goesOn: true, words: 'a torn tail is cut, and reported' };
}
