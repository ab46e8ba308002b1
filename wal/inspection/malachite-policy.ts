/**
 * What Malachite makes of a log of the height that it starts.
 *
 * 1. `code/crates/wal/src/log.rs` `Log::open_with`: without a whole header of its version it refuses. It walks flags and lengths, checks
 *    no checksum, and cuts the file at the first entry that does not fit, without a word.
 * 2. `code/crates/engine/src/wal/thread.rs` `fetch_entries`: it reads every entry. Where a checksum fails it cuts the file at this entry.
 *    An entry whose checksum holds and that it cannot decode stays, and it reads on.
 * 3. `code/crates/engine/src/consensus.rs` `wal_replay`, `hang_on_failure`: it replays up to the first entry of either kind, and halts.
 */
import { countWhole, type LogFormat } from './log-format.ts';
import type { Asked, PolicyOutcome } from './policy.ts';

export function likeMalachite({ inspection, format, bytes }: Asked): PolicyOutcome {
  const size = bytes.length;
  const refused = { policy: 'malachite', keptBytes: size, keptEntries: 0, lostEntries: 0, goesOn: false } as const;
  if (format.openRefusal !== undefined) return { ...refused, words: `refuses to open it: ${format.openRefusal}` };
  if (inspection.verdict.status === 'foreign') return { ...refused, words: 'refused: it is a log of another version, or none' };
  if (size === 0) return { ...refused, goesOn: true, words: 'no bytes: a new header is written' };
  const { opened, cutAt, undecodableAt, readEntries } = read(format, size);
  const keptBytes = cutAt ?? opened;
  const words = wordsOf({ opened, cutAt, undecodableAt, size });
  return {
    policy: 'malachite',
    keptBytes,
    keptEntries: readEntries,
    lostEntries: countWhole(format, keptBytes, size),
    goesOn: cutAt === undefined && undecodableAt === undefined,
    words: [words, ...notesOf(inspection, format)].join('; '),
  };
}

interface Reading {
  /** Bytes after opening: up to the first entry that does not fit. */
  readonly opened: number;
  /** The first entry whose checksum fails. */
  readonly cutAt: number | undefined;
  /** The first entry that cannot be decoded, before `cutAt`. */
  readonly undecodableAt: number | undefined;
  readonly readEntries: number;
}

function read(format: LogFormat, size: number): Reading {
  let opened = Math.min(format.first, size);
  let cutAt: number | undefined;
  let undecodableAt: number | undefined;
  let readEntries = 0;
  for (let bytes = format.frameBytes(opened); bytes !== undefined; bytes = format.frameBytes(opened)) {
    if (cutAt === undefined) {
      if (!format.holds(opened)) cutAt = opened;
      else {
        readEntries += 1;
        if (format.refusal(opened) !== undefined) undecodableAt ??= opened;
      }
    }
    opened += bytes;
  }
  return { opened, cutAt, undecodableAt, readEntries };
}

function wordsOf({ opened, cutAt, undecodableAt, size }: Omit<Reading, 'readEntries'> & { readonly size: number }): string {
  const cut = [
    ...(cutAt === undefined ? [] : [`cut at byte ${cutAt} when a checksum fails`]),
    ...(cutAt === undefined && opened < size ? [`cut at byte ${opened} when it is opened, without a word`] : []),
  ];
  const halt = [
    ...(undecodableAt === undefined ? [] : [`stops at the entry at byte ${undecodableAt}, which it cannot decode`]),
    ...(undecodableAt === undefined && cutAt !== undefined ? ['halted'] : []),
  ];
  const words = [...cut, ...halt];
  return words.length === 0 ? 'all of it is read' : words.join(', and ');
}

/** What the build of the engine and its application decide. */
function notesOf({ engine, entries }: Asked['inspection'], format: LogFormat): readonly string[] {
  if (engine !== 'malachite') return [];
  const compressed = entries.find((entry) => entry.compressed === true);
  const strange = entries.filter(({ decodeError, offset }) => decodeError !== undefined && format.refusal(offset) === undefined);
  return [
    ...(compressed === undefined ? [] : [`a build without compression cuts at byte ${compressed.offset}, and halts`]),
    ...(strange.length === 0 ? [] : [`halts if its application cannot decode the entry at byte ${strange[0]?.offset} either`]),
  ];
}
