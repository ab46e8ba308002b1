/**
 * A folder of CometBFT: the rolled files of its log, and the last-sign state of its key.
 *
 * Source: cometbft/cometbft `consensus/wal.go`, `consensus/replay.go`, `privval/file.go`. The log does not keep a node from
 * signing twice. Only the last-sign state does, and the engine does not start without that file. A start that is advised without it needs a new file first.
 */
import { type Inspection, inspectCometbftGroup, joinGroup } from '../wal/index.ts';
import { CometbftFormat } from '../wal/inspection/cometbft-format.ts';
import { countWhole } from '../wal/inspection/log-format.ts';
import type { Evidence, LogFinding, LogStart, NodeFiles } from './evidence.ts';
import { statementsOf, writerOf } from './foreign-statements.ts';
import { allows, type LastSign, readLastSign } from './last-sign-state.ts';
import type { Statement } from './statements.ts';

const stateFile = 'priv_validator_state.json';

/** `logs`: the paths of the group's files, all in one folder. */
export function readCometbft({ folder, name, files }: NodeFiles, logs: readonly string[]): Evidence {
  const group = logs.map((path) => ({ name: path, bytes: files.get(path) as Uint8Array }));
  const inspection = inspectCometbftGroup(group);
  const owner = name?.toLowerCase() ?? writerOf(inspection.entries);
  const file = logs.at(-1) ?? '';
  const statements = statementsOf(inspection.entries, { node: folder, file, owner });
  const own = statements.filter(({ signer }) => signer === owner);
  const stored = endHeight(inspection);
  const [path, bytes] = [...files].find(([candidate]) => candidate === stateFile || candidate.endsWith(`/${stateFile}`)) ?? [];
  const state = bytes === undefined ? undefined : (readLastSign(bytes) ?? 'broken');
  return {
    folder,
    engine: 'cometbft',
    owner,
    logs: [findingOf(group, file, inspection)],
    statements,
    storedHeight: stored,
    start: startOf({ inspection, own, state, path, stored }),
    powers: undefined,
    restored: own,
    lastSign: typeof state === 'object' ? state : undefined,
    notes:
      owner === undefined
        ? [
            'the log holds no vote of the node that wrote it; to compare this node with others, give its address too, as ADDRESS=FOLDER',
          ]
        : [],
  };
}

function endHeight({ entries }: Inspection): number | null {
  const ends = entries.filter(({ kind }) => kind === 'end_height');
  const last = ends.at(-1)?.decoded as { readonly height?: string } | undefined;
  return last?.height === undefined ? null : Number(last.height);
}

function findingOf(
  group: readonly { readonly name: string; readonly bytes: Uint8Array }[],
  head: string,
  { entries, verdict }: Inspection,
): LogFinding {
  const { status, offset, reason } = verdict;
  const isProblem = offset !== null && status !== 'foreign';
  const { bytes, files } = joinGroup(group);
  const start = files.find(({ name }) => name === verdict.file)?.start ?? 0;
  const framesAfter = isProblem ? countWhole(new CometbftFormat(bytes), start + offset + 1, bytes.length) : 0;
  return {
    file: verdict.file ?? head,
    status,
    frames: entries.length,
    offset,
    frame: isProblem ? entries.length : null,
    framesAfter,
    reason,
  };
}

interface Asked {
  readonly inspection: Inspection;
  readonly own: readonly Statement[];
  readonly state: LastSign | 'broken' | undefined;
  readonly path: string | undefined;
  readonly stored: number | null;
}

function startOf({ inspection, own, state, path, stored }: Asked): LogStart {
  const { status, reason } = inspection.verdict;
  if (status === 'foreign') return { type: 'never', reason, remedy: 'start it with the engine and version that wrote it' };
  if (typeof state === 'object') {
    const ahead = own.filter((statement) => allows(state, statement));
    const highest = Math.max(0, ...ahead.map(({ height }) => height));
    const words = `height ${state.height}, round ${state.round}, step ${state.step}`;
    if (ahead.length > 0)
      return {
        type: 'abstain',
        until: highest,
        reason: `its last-sign state (${words}) is older than its log, which holds a vote of its own at height ${highest}`,
      };
    const damage =
      status === 'clean' ? '' : `; the log is ${status} (${reason}), but the last-sign state still refuses what the log has lost`;
    return { type: 'sign', reason: `its last-sign state (${words}) refuses what it signed${damage}` };
  }
  const what = state === 'broken' ? `${path} is damaged` : `there is no ${stateFile}`;
  if (stored === null) return { type: 'unknown', reason: `${what}, and the log says no height` };
  const signed = own.reduce((highest, { height }) => Math.max(highest, height), 0);
  const until = Math.max(stored + (status === 'clean' || status === 'torn' ? 1 : 2), signed);
  return { type: 'abstain', until, reason: `${what}: the log alone does not keep the key from signing again what it signed` };
}
