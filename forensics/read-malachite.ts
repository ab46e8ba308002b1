/**
 * A folder of Malachite: one log, of the height in its header, which is emptied when the next height starts.
 *
 * Source: circlefin/malachite `code/crates/wal/src/log.rs`, `code/crates/engine/src/wal`. The engine logs no certificates, so a node that acted on
 * one comes back without it; nothing in the log says so.
 */
import { type Inspection, inspectLog } from '../wal/index.ts';
import { countWhole } from '../wal/inspection/log-format.ts';
import { MalachiteFormat } from '../wal/inspection/malachite-format.ts';
import type { Evidence, LogFinding, LogStart, NodeFiles } from './evidence.ts';
import { statementsOf } from './foreign-statements.ts';

/** `logs`: the paths of its log files. A node has one; of several, the newest height counts. */
export function readMalachite({ folder, name: owner, files }: NodeFiles, logs: readonly string[]): Evidence {
  const read = logs.map((file) => {
    const bytes = files.get(file) as Uint8Array;
    return { file, bytes, inspection: inspectLog(file, bytes, 'malachite') };
  });
  const statements = read.flatMap(({ file, inspection }) => statementsOf(inspection.entries, { node: folder, file, owner }));
  const newest = read.reduce((best, next) => (heightOf(next.inspection) > heightOf(best.inspection) ? next : best));
  const height = heightOf(newest.inspection);
  const strange = newest.inspection.entries.filter(({ decodeError }) => decodeError !== undefined);
  return {
    folder,
    engine: 'malachite',
    owner,
    logs: read.map(({ file, bytes, inspection }) => findingOf(file, bytes, inspection)),
    statements,
    storedHeight: height === 0 ? null : height - 1,
    start: startOf(newest.inspection, height),
    powers: undefined,
    restored: statements.filter((statement) => statement.height === height && statement.signer === owner),
    lastSign: undefined,
    notes: [
      ...(owner === undefined
        ? ['the log does not say whose it is: give its address as ADDRESS=FOLDER, to compare it with what others hold']
        : []),
      ...(strange.length === 0 ? [] : [`${strange.length} entries hold payloads that are not read here: they are not compared`]),
    ],
  };
}

function heightOf({ header }: Inspection): number {
  return Number(header?.['sequence'] ?? 0);
}

function findingOf(file: string, bytes: Uint8Array, { entries, verdict }: Inspection): LogFinding {
  const { status, offset, reason } = verdict;
  const isProblem = offset !== null && status !== 'foreign';
  const framesAfter = isProblem ? countWhole(new MalachiteFormat(bytes), offset + 1, bytes.length) : 0;
  return { file, status, frames: entries.length, offset, frame: isProblem ? entries.length : null, framesAfter, reason };
}

function startOf({ verdict, size }: Inspection, height: number): LogStart {
  const { status, reason } = verdict;
  if (status === 'foreign') return { type: 'never', reason, remedy: 'start it with the engine and version that wrote it' };
  if (size === 0 || height === 0) return { type: 'unknown', reason: `the log has no header: ${reason}` };
  if (status === 'corrupt')
    // The log is emptied for the next height without a sync: this may be what is left of a height that is over.
    return {
      type: 'abstain',
      until: height + 1,
      reason: `the engine would cut the log in silence at the damage and vote without what follows (${reason})`,
    };
  const torn = status === 'torn' ? `; a torn tail is cut (${reason})` : '';
  return {
    type: 'sign',
    reason: `the log of height ${height} is whole${torn}. Certificates are not logged: if it had acted on one, it would not know`,
  };
}
