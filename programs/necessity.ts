/** Whether each sync of a recorded program is needed: the record is judged again without it. Mutation testing of durability. */
import { type PersonalityName, personalityNames } from '../wal/storage/personalities.ts';
import { CommandJudge } from './crash-states/command-judge.ts';
import { judgeRecord, type StatesReport } from './crash-states/judge.ts';
import type { RecordedCall } from './recording/calls.ts';
import type { CommandRecord } from './recording/record-file.ts';
import { withoutFiles } from './recording/without-files.ts';

export interface NecessityOptions {
  readonly recover: string;
  readonly fileSystems?: readonly PersonalityName[];
  readonly without?: readonly string[];
  readonly allowsLoss?: boolean;
  readonly states?: number;
  readonly jobs?: number;
}

/** Syncs that are made at one place in the source, of one file. */
export interface SyncNeed {
  readonly what: string;
  readonly calls: number;
  /** What fails without it; undefined: no state that was tried fails. */
  readonly complaint: string | undefined;
  readonly token: string | undefined;
}

export interface NecessityReport {
  /** The program as it is; what it needs is only asked where this holds. */
  readonly base: StatesReport;
  readonly syncs: readonly SyncNeed[];
}

export async function syncNeeds(whole: CommandRecord, options: NecessityOptions): Promise<NecessityReport> {
  const { recover, jobs = 2, fileSystems = personalityNames, states = 2000, allowsLoss = false } = options;
  const record = withoutFiles(whole, options.without ?? []);
  // One judge for all: most states are those of the program as it is, and are known.
  const judge = new CommandJudge(record, { recover, jobs, timeoutMs: 10_000 });
  const judged = (calls: readonly RecordedCall[]): Promise<StatesReport> =>
    judgeRecord({ ...record, calls }, { judge, fileSystems, states, deviations: 2, allowsLoss });
  try {
    const base = await judged(record.calls);
    if (base.verdict !== 'held') return { base, syncs: [] };
    const syncs: SyncNeed[] = [];
    for (const [what, left] of syncsByPlace(record)) {
      const { findings } = await judged(record.calls.filter((call) => !left.has(call)));
      const [finding] = findings;
      syncs.push({ what, calls: left.size, complaint: finding?.complaint, token: finding?.token });
    }
    return { base, syncs };
  } finally {
    judge.end();
  }
}

/** The sync calls of a record, by words that name place and file. */
function syncsByPlace({ calls, folder }: CommandRecord): ReadonlyMap<string, ReadonlySet<RecordedCall>> {
  const open = new Map<string, string>();
  const syncs = new Map<string, Set<RecordedCall>>();
  for (const recorded of [...calls].sort((a, b) => a.begin - b.begin)) {
    const { call, process, place } = recorded;
    if (call.op === 'open') open.set(`${process} ${call.fd}`, call.path);
    if (call.op === 'dup') open.set(`${process} ${call.to}`, open.get(`${process} ${call.fd}`) ?? '');
    if (call.op !== 'sync') continue;
    const path = open.get(`${process} ${call.fd}`);
    if (path === undefined) continue;
    const file = path === folder ? 'the folder' : path.slice(folder.length + 1);
    const what = `${call.isDataOnly ? 'fdatasync' : 'fsync'} of ${file} at ${place}`;
    syncs.set(what, (syncs.get(what) ?? new Set<RecordedCall>()).add(recorded));
  }
  return syncs;
}
