/**
 * What `run` prints for people: one line of verdict and counts; then what is not held; then deaths, returns and other incidents of nodes, in the order of time.
 */

import type { DeathReport, Restored, ReturnReport } from '../../scenarios/counters.ts';
import type { Incident } from '../../scenarios/incidents.ts';
import type { Standstill } from '../../scenarios/standstill.ts';
import { placeOf } from '../../scenarios/trace-text.ts';
import { counted, listed } from '../output/counted.ts';
import { wrapped } from '../output/wrapped.ts';
import type { RunReport } from './run-unit.ts';
import type { Paint } from './terminal.ts';

/** How a run is printed. `isFull`: with the names of what held. `width`: columns of the terminal; undefined: lines are not broken. */
export interface Printing {
  readonly isFull?: boolean;
  readonly width?: number | undefined;
}

export function runText(run: Omit<RunReport, 'end'>, paint: Paint, { isFull = false, width }: Printing = {}): string {
  const lines = [verdictLine(run, paint), ...notHeld(run, paint, isFull)];
  const happened = [
    ...run.deaths.map((death) => ({ time: death.time, text: deathText(death) })),
    ...run.returns.map((back) => ({ time: back.time, text: returnText(back) })),
    ...run.incidents.map((incident) => ({ time: incident.time, text: incidentText(incident) })),
    // A complaint about the end of the run says it already.
    ...run.standstills
      .filter(({ missing, untilMs }) => untilMs !== undefined || missing === undefined || !isSaid(run, missing))
      .map((standstill) => ({ time: standstill.fromMs, text: standstillText(standstill) })),
  ].sort((a, b) => a.time - b.time);
  for (const { time, text } of happened) lines.push(`    ${seconds(time)}  ${text}`);
  return lines.map((line) => wrapped(line, width)).join('\n');
}

function verdictLine(run: Omit<RunReport, 'end'>, paint: Paint): string {
  const { variant, scenario, seed, hash, deaths, properties, asExpected, data } = run;
  const title = variant === null ? scenario : `${scenario}: ${variant}`;
  // Every property may have held, and the scenario still expected something else.
  const surprise = run.verdict === 'held' ? 'not as expected' : run.verdict;
  const verdict = asExpected ? paint.good(`✓ ${run.verdict}`) : paint.bad(`✕ ${surprise}`);
  const count = (wanted: string): number => properties.filter((one) => one.verdict === wanted).length;
  const verdicts = (
    [
      ['held', 'held'],
      ['violated', 'violated'],
      ['undecided', 'not exercised'],
      ['off', 'off'],
    ] as const
  ).flatMap(([wanted, words]) => (count(wanted) === 0 ? [] : [`${count(wanted)} ${words}`]));
  const counts = [`seed ${seed}`, progressText(run.heights, data.protocol), counted(deaths.length, 'death'), ...verdicts];
  return `${verdict}  ${title}  ${paint.dim(`${counts.join(', ')}, hash ${hash}`)}`;
}

/** How far the run came: what a protocol decides is a height in Tendermint, an entry of the log in Raft, and its own business elsewhere. */
function progressText(heights: number, protocol = 'tendermint'): string {
  if (protocol === 'tendermint') return counted(heights, 'height');
  return protocol === 'raft' ? counted(heights, 'entry', 'entries') : `${heights} decided`;
}

/** Expected violations, what was not exercised or is off, and complaints. */
function notHeld(run: Omit<RunReport, 'end'>, paint: Paint, isFull: boolean): readonly string[] {
  const { properties, complaints, ended } = run;
  const of = (wanted: string): typeof properties => properties.filter(({ verdict }) => verdict === wanted);
  const names = (wanted: string): string =>
    of(wanted)
      .map(({ name }) => name)
      .join(', ');
  const isComplaint = (name: string): boolean => complaints.some((complaint) => complaint.startsWith(`${name} was violated`));
  const lines = complaints.map((complaint) => paint.bad(`    ! ${complaint}`));
  if (complaints.length > 0 && !isSaid(run, ended)) lines.unshift(paint.dim(`    ${ended}`));
  for (const { name, message = '' } of of('violated'))
    if (!isComplaint(name)) lines.push(paint.dim(`    violated: ${name}${message === '' ? '' : `: ${message}`}`));
  if (names('undecided') !== '') lines.push(paint.dim(`    not exercised: ${names('undecided')}`));
  if (names('off') !== '') lines.push(paint.dim(`    off: ${names('off')}`));
  if (isFull && names('held') !== '') lines.push(paint.dim(`    held: ${names('held')}`));
  return lines;
}

function isSaid({ complaints }: Pick<RunReport, 'complaints'>, text: string): boolean {
  return complaints.some((complaint) => complaint.includes(text));
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)}s`;
}

function deathText({ node, kind, at, lostBytes }: DeathReport): string {
  const what = kind === 'power' ? 'loses power' : 'is killed';
  return `${node} ${what} ${placeOf(at)}${lostBytes > 0 ? `, ${counted(lostBytes, 'byte')} lost` : ''}`;
}

function returnText({ node, frames, isSkipped, restored }: ReturnReport): string {
  if (restored !== undefined && restored.frames > 0)
    return `${node} comes back: replay restored ${restoredText(restored)} from ${counted(restored.frames, 'frame')}`;
  if (frames === undefined) return `${node} comes back, and replays nothing`;
  if (isSkipped === true)
    return `${node} comes back; value sync brings the decision, and the ${counted(frames, 'frame')} of its log ${frames === 1 ? 'is' : 'are'} not replayed`;
  if (frames > 0) return `${node} comes back, and does not get through the ${counted(frames, 'frame')} of its log`;
  return `${node} comes back, and its log has nothing to replay`;
}

function restoredText({ votes, proposals, locks, rounds }: Restored): string {
  const counts = [
    [votes, 'vote'],
    [proposals, 'proposal'],
    [locks, 'lock'],
    [rounds, 'round'],
  ] as const;
  const words = counts.flatMap(([count, word]) => (count === 0 ? [] : [counted(count, word)]));
  return words.length === 0 ? 'no vote' : listed(words);
}

/** What happened, the reason, and what became of the node. */
function incidentText({ node, kind, code, reason, isOver }: Incident): string {
  const after = {
    stopped: isOver ? 'It was started again.' : 'It stays down.',
    abstains: isOver ? 'It votes again.' : 'It does not vote again in this run.',
    'began anew': 'It syncs from its peers.',
    'cannot catch up': 'It stays behind.',
    'left behind': 'The run is over.',
  }[kind];
  const what = kind === 'left behind' ? 'is left behind' : kind;
  return `${node} ${what}${code === undefined ? '' : ` (${code})`}: ${reason.replace(/\.$/, '')}. ${after}`;
}

function standstillText({ untilMs, missing }: Standstill): string {
  const end = untilMs === undefined ? 'to the end of the run' : `until ${seconds(untilMs)}`;
  return `nothing is decided ${end}${missing === undefined ? '' : `: ${missing}`}`;
}
