/**
 * Judges the states of the disk that a loss of power may leave during one recorded run: all of them, or those within a bound that the report names. The
 * program recovers from each distinct state, and the result is compared with what the test expects. The verdict is `held` only if something was tested. A
 * run that changed or acknowledged nothing is `untested`, and a run with changes that the recorder did not see is `undecided`.
 */

import { type PersonalityName, personalities } from '../../wal/storage/personalities.ts';
import { type LossList, powerLossStates } from '../../wal/storage/power-loss-states.ts';
import type { ProgramRecord } from '../recording/calls.ts';
import { inAppendOrder } from './append-order.ts';
import { type Finding, parseStateToken, simplest } from './findings.ts';
import { lossWords } from './loss-words.ts';
import { notRecovered, type StateJudge } from './state-judge.ts';
import { type Moment, timelineOf } from './timeline.ts';

export interface JudgeOptions {
  readonly judge: StateJudge;
  readonly fileSystems: readonly PersonalityName[];
  /** About how many states of the disk are listed on one file system. Each moment of the run has at least one; a run with one moment may have twice as many. */
  readonly states: number;
  /** How many operations may be lost or torn while a later operation survives. In small cases all combinations are tried. */
  readonly deviations: number;
  /** Whether acknowledged changes may be lost. Then only the data that is found must be right. */
  readonly allowsLoss: boolean;
  /** The token of a state. Only this state is judged. */
  readonly only?: string;
}

export interface FileSystemResult {
  readonly fileSystem: PersonalityName;
  /** How many distinct folders were tried. Folders that differ only in files that recovery does not read count as one. */
  readonly states: number;
  /** How many different pairs of a folder and what had been acknowledged were judged. */
  readonly judged: number;
  /** The number of judged pairs with a complaint. */
  readonly failing: number;
  /**
   * How completely states were tried. `every`: all combinations at every moment. `some`: at one moment at least, the states in which the first n operations
   * survive were not all tried. A number: at every moment all
   * combinations with up to this many deviations.
   */
  readonly bound: LossList['bound'];
}

export interface StatesReport {
  readonly verdict: 'held' | 'violated' | 'undecided' | 'untested';
  /** The reasons of an undecided or untested verdict. */
  readonly reasons: readonly string[];
  readonly operations: number;
  readonly acknowledged: number;
  readonly fileSystems: readonly FileSystemResult[];
  readonly states: number;
  /** The number of recoveries that were run. A folder is not recovered again if it differs only in files that recovery does not read. */
  readonly recoveries: number;
  /** The simplest state for each kind of complaint, of at most three kinds. */
  readonly findings: readonly Finding[];
}

interface FailingState {
  readonly moment: number;
  readonly fates: Finding['fates'];
  readonly deviations: number;
  readonly complaint: string;
}

export async function judgeRecord(given: ProgramRecord, options: JudgeOptions): Promise<StatesReport> {
  const record = inAppendOrder(given);
  const keys = new Set<string>();
  const results: FileSystemResult[] = [];
  const findings = new Map<string, Finding>();
  const [firstFileSystem] = options.fileSystems;
  const first = timelineOf(record, personalities[firstFileSystem ?? 'posix-weakest']);
  const reasons = await untestedReasons(record, first.acknowledged, first.operations, options);
  const common = { reasons, operations: first.operations, acknowledged: first.acknowledged.length };
  if (first.unseen.length > 0)
    return { ...common, verdict: 'undecided', reasons: first.unseen, fileSystems: [], states: 0, recoveries: 0, findings: [] };
  if (reasons.length > 0)
    return { ...common, verdict: 'untested', fileSystems: [], states: 0, recoveries: options.judge.runs, findings: [] };
  if (options.only !== undefined) return judgeOne(record, options.only, options, common);
  for (const name of options.fileSystems) {
    const { result, kinds } = await judgeOn(record, name, options, keys);
    results.push(result);
    for (const [kind, failing] of kinds) {
      const known = findings.get(kind);
      if (known !== undefined) findings.set(kind, { ...known, fileSystems: [...known.fileSystems, name] });
      else if (findings.size < mostFindings) findings.set(kind, await findingOf(record, name, failing, options));
    }
  }
  return {
    ...common,
    verdict: findings.size === 0 ? 'held' : 'violated',
    fileSystems: results,
    states: keys.size,
    recoveries: options.judge.runs,
    findings: [...findings.values()],
  };
}

/** The most kinds of complaints that are reported, each with its simplest state. */
const mostFindings = 3;

/** Judges only the state that a token names. The run must have done the same operations as when the state was found. */
async function judgeOne(
  record: ProgramRecord,
  token: string,
  options: JudgeOptions,
  common: Pick<StatesReport, 'operations' | 'acknowledged' | 'reasons'>,
): Promise<StatesReport> {
  const emptyReport = { ...common, fileSystems: [], states: 0, recoveries: options.judge.runs, findings: [] };
  const named = parseStateToken(token);
  if (named === undefined)
    return { ...emptyReport, verdict: 'untested', reasons: [`${token} names no state; copy the line that begins with 'state'`] };
  const { fileSystem, moment: index, fates } = named;
  const { moments, callOf, acknowledged } = timelineOf(record, personalities[fileSystem]);
  const moment = moments[index];
  if (moment === undefined || moment.tree.pending.length !== fates.length)
    return {
      ...emptyReport,
      verdict: 'untested',
      reasons: [`${token}: the run does other operations than when this state was found`],
    };
  const given = acknowledged.slice(0, moment.acknowledged);
  const folder = moment.tree.afterPowerLoss(fates).entries();
  const complaint = await options.judge.complaintOf(folder, given);
  const found = { ...emptyReport, states: 1, recoveries: options.judge.runs };
  if (complaint === undefined) return { ...found, verdict: 'held' };
  const losses = lossWords(moment.tree, fates, callOf, record.calls);
  const finding = { fileSystems: [fileSystem], token, fates, complaint, acknowledged: given, losses, folder };
  return { ...found, verdict: 'violated', findings: [finding] };
}

/** Why testing this run would prove nothing; empty if it can prove something. */
async function untestedReasons(
  record: ProgramRecord,
  acknowledged: readonly unknown[],
  operations: number,
  options: JudgeOptions,
): Promise<readonly string[]> {
  const reasons: string[] = [];
  if (operations === 0) reasons.push('the run changed no file in its folder: there is nothing that a loss of power could take');
  if (acknowledged.length === 0)
    reasons.push(
      'the run acknowledged nothing: call `acknowledge` (or print a line, or answer a request) once something must survive',
    );
  if (reasons.length > 0) return reasons;
  const complaint = await options.judge.complaintOf(record.after, acknowledged);
  if (complaint !== undefined) reasons.push(`even without a loss of power the result is not as expected: ${complaint}`);
  else if (!options.allowsLoss && (await options.judge.complaintOf(record.before, acknowledged)) === undefined)
    reasons.push(
      'the expectation accepts the folder as it was before the run, so it would accept any loss (or what is expected was in the folder before)',
    );
  return reasons;
}

async function judgeOn(
  record: ProgramRecord,
  fileSystem: PersonalityName,
  options: JudgeOptions,
  keys: Set<string>,
): Promise<{ readonly result: FileSystemResult; readonly kinds: ReadonlyMap<string, FailingState> }> {
  const personality = personalities[fileSystem];
  const { moments, acknowledged } = timelineOf(record, personality);
  const judged = new Set<string>();
  const own = new Set<string>();
  let bound: LossList['bound'] = 'every';
  let failing = 0;
  const kinds = new Map<string, FailingState>();
  for (const [index, moment] of moments.entries()) {
    // The states not used so far are shared by the moments that are left. Each may take twice its share, as most need less.
    const limit = Math.floor((2 * (options.states - own.size)) / (moments.length - index));
    const list = powerLossStates(moment.tree.pending, personality, {
      limit: Math.max(1, limit),
      deviations: options.deviations,
      window: 16,
      knownUpTo: moment.knownUpTo,
    });
    bound = narrower(bound, list.bound);
    const given = acknowledged.slice(0, moment.acknowledged);
    const distinct = function* (): Iterable<JudgedState> {
      for (const { fates, deviations } of list.states) {
        const folder = moment.tree.afterPowerLoss(fates).entries();
        const key = options.judge.keyOf(folder);
        own.add(key);
        keys.add(key);
        const pair = `${moment.acknowledged} ${key}`;
        if (judged.has(pair)) continue;
        judged.add(pair);
        yield { fates, deviations, complaint: options.judge.complaintOf(folder, given) };
      }
    };
    for await (const { fates, deviations, complaint } of inOrder(distinct(), options.judge.atOnce)) {
      if (complaint === undefined) continue;
      failing += 1;
      const kind = complaint.startsWith(notRecovered) ? notRecovered : complaint.replaceAll(/\d+/g, '#');
      const known = kinds.get(kind);
      if (known === undefined || deviations < known.deviations) kinds.set(kind, { moment: index, fates, deviations, complaint });
    }
  }
  return { result: { fileSystem, states: own.size, judged: judged.size, failing, bound }, kinds };
}

function narrower(one: LossList['bound'], other: LossList['bound']): LossList['bound'] {
  if (one === 'some' || other === 'some') return 'some';
  if (one === 'every') return other;
  return other === 'every' ? one : Math.min(one, other);
}

interface JudgedState {
  readonly fates: Finding['fates'];
  readonly deviations: number;
  readonly complaint: Promise<string | undefined>;
}

/** Yields the judged states in their order, while up to `atOnce` recoveries run at the same time. */
async function* inOrder(
  states: Iterable<JudgedState>,
  atOnce: number,
): AsyncIterable<Omit<JudgedState, 'complaint'> & { readonly complaint: string | undefined }> {
  const underWay: JudgedState[] = [];
  const next = async (): Promise<Omit<JudgedState, 'complaint'> & { readonly complaint: string | undefined }> => {
    const state = underWay.shift() as JudgedState;
    return { ...state, complaint: await state.complaint };
  };
  for (const state of states) {
    underWay.push(state);
    if (underWay.length >= atOnce) yield await next();
  }
  while (underWay.length > 0) yield await next();
}

async function findingOf(
  record: ProgramRecord,
  fileSystem: PersonalityName,
  { moment, fates, complaint }: FailingState,
  options: JudgeOptions,
): Promise<Finding> {
  const { moments, callOf, acknowledged } = timelineOf(record, personalities[fileSystem]);
  const { tree, acknowledged: count } = moments[moment] as Moment;
  const given = acknowledged.slice(0, count);
  return simplest({ fileSystem, moment, tree, fates, complaint, acknowledged: given, callOf, calls: record.calls }, (folder) =>
    options.judge.complaintOf(folder, given),
  );
}
