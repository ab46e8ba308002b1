/** What `run` prints for people, and what it prints for machines. */

import type { DeathReport } from '../../scenarios/counters.ts';
import type { Incident } from '../../scenarios/incidents.ts';
import { placeOf } from '../../scenarios/trace-text.ts';
import type { Lost } from './lost-units.ts';
import type { RunDone, RunReport } from './run-unit.ts';
import type { Paint } from './terminal.ts';

export function runText(run: Omit<RunReport, 'end'>, paint: Paint): string {
  const { variant, scenario, seed, hash, heights, deaths, restored, incidents, properties, asExpected, ended, complaints } = run;
  const title = variant === null ? scenario : `${scenario}: ${variant}`;
  const verdict = asExpected ? paint.good(`✓ ${run.verdict}`) : paint.bad(`✕ ${run.verdict}`);
  const lines = [`${verdict}  ${title}  ${paint.dim(`seed ${seed}, ${heights} heights, hash ${hash}`)}`];
  const happened = [
    ...deaths.map((death) => ({ time: death.time, text: deathText(death) })),
    ...incidents.map((incident) => ({ time: incident.time, text: incidentText(incident) })),
  ].sort((a, b) => a.time - b.time);
  for (const { time, text } of happened) lines.push(`    ${(time / 1000).toFixed(3)}s  ${text}`);
  const { votes, proposals, locks, rounds, frames } = restored;
  if (frames > 0)
    lines.push(
      `    replay restored ${votes} votes, ${proposals} proposals, ${locks} locks, ${rounds} rounds from ${frames} frames`,
    );
  const named = (wanted: string): string =>
    properties
      .filter(({ verdict: found }) => found === wanted)
      .map(({ name }) => name)
      .join(', ');
  for (const [wanted, label] of [
    ['held', 'held'],
    ['violated', 'violated'],
    ['undecided', 'not exercised'],
    ['off', 'off'],
  ] as const) {
    const names = named(wanted);
    if (names !== '') lines.push(paint.dim(`    ${label}: ${names}`));
  }
  if (complaints.length > 0 && !complaints.includes(ended)) lines.push(paint.dim(`    ${ended}`));
  for (const complaint of complaints) lines.push(paint.bad(`    ! ${complaint}`));
  return lines.join('\n');
}

function deathText({ node, kind, at, lostBytes }: DeathReport): string {
  const what = kind === 'power' ? 'loses power' : 'is killed';
  return `${node} ${what} ${placeOf(at)}${lostBytes > 0 ? `, ${lostBytes} bytes lost` : ''}`;
}

/** What happened, the reason, and what became of the node. */
function incidentText({ node, kind, code, reason, isOver }: Incident): string {
  const after = {
    stopped: isOver ? 'It was started again.' : 'It stays down.',
    abstains: isOver ? 'It votes again.' : 'It does not vote again in this run.',
    'began anew': 'It syncs from its peers.',
    'cannot catch up': 'It stays behind.',
  }[kind];
  return `${node} ${kind}${code === undefined ? '' : ` (${code})`}: ${reason.replace(/\.$/, '')}. ${after}`;
}

export interface RunJson {
  readonly version: 1;
  readonly ok: boolean;
  readonly isInterrupted: boolean;
  readonly lost: readonly Lost[];
  readonly scenarios: readonly object[];
  readonly totals: object;
}

export function runJson(
  runs: readonly Pick<RunDone, 'file' | 'run' | 'ms' | 'token'>[],
  { isInterrupted, lost }: Pick<RunJson, 'isInterrupted' | 'lost'>,
): RunJson {
  const scenarios = runs.map(({ file, run, ms, token }) => ({
    file,
    name: run.scenario,
    variant: run.variant,
    seed: run.seed,
    verdict: run.verdict,
    asExpected: run.asExpected,
    complaints: run.complaints,
    hash: run.hash,
    token,
    heights: run.heights,
    deaths: run.deaths,
    restored: run.restored,
    incidents: run.incidents,
    properties: run.properties,
    marks: run.marks,
    ended: run.ended,
    ms,
  }));
  const ok = !isInterrupted && lost.length === 0 && runs.every(({ run }) => run.asExpected);
  return { version: 1, ok, isInterrupted, lost, scenarios, totals: totalsOf(runs.map(({ run }) => run)) };
}

export interface Totals {
  readonly runs: number;
  readonly asExpected: number;
  readonly held: number;
  readonly violated: number;
  readonly undecided: number;
  readonly deaths: number;
  readonly votesRestored: number;
}

export function totalsOf(runs: readonly RunReport[]): Totals {
  const count = (verdict: string): number => runs.filter((run) => run.verdict === verdict).length;
  return {
    runs: runs.length,
    asExpected: runs.filter((run) => run.asExpected).length,
    held: count('held'),
    violated: count('violated'),
    undecided: count('undecided'),
    deaths: runs.reduce((sum, { deaths }) => sum + deaths.length, 0),
    votesRestored: runs.reduce((sum, { restored }) => sum + restored.votes, 0),
  };
}
