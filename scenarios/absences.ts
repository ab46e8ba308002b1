/** Checks what must not happen in a run: events that must never come, and times in which no node may decide. */
import type { RunEvent } from '../core/events.ts';
import type { FailedStep } from './director.ts';
import type { Absence } from './model.ts';
import { matchesExactly, momentOf, momentText } from './moments.ts';

export class AbsenceCounter {
  readonly #absences: readonly Absence[];
  /** By number in the list: the first event that should not have come, in words. */
  readonly #broken = new Map<number, string>();

  constructor(absences: readonly Absence[] = []) {
    this.#absences = absences;
  }

  count(event: RunEvent): void {
    if (this.#absences.length === 0) return;
    const timeMs = event.time / 1000;
    for (const [index, absence] of this.#absences.entries()) {
      const { fromMs = 0, untilMs = Number.POSITIVE_INFINITY, nodes } = absence;
      if (this.#broken.has(index) || timeMs < fromMs || timeMs >= untilMs || nodes?.includes(event.node) === false) continue;
      const seen = whatCame(absence, event);
      if (seen !== undefined) this.#broken.set(index, `${event.node} ${seen} at ${Math.round(timeMs)} ms`);
    }
  }

  /** `endMs`: when the run was over. What was to be absent for longer has not been shown. */
  failures(endMs: number): readonly FailedStep[] {
    return this.#absences.flatMap((absence, index): readonly FailedStep[] => {
      const { as, untilMs } = absence;
      const seen = this.#broken.get(index);
      if (seen !== undefined) return [{ as, message: `${absenceText(absence)}, but ${seen}` }];
      if (untilMs === undefined || endMs >= untilMs) return [];
      return [{ as, message: `${absenceText(absence)}, but the run was over at ${Math.round(endMs)} ms` }];
    });
  }
}

/** The end of the longest time in which something must not come, ms; 0 if none says when it ends. */
export function lastAbsenceMs(absences: readonly Absence[] = []): number {
  return Math.max(0, ...absences.map(({ untilMs = 0 }) => untilMs));
}

function whatCame({ moment }: Absence, event: RunEvent): string | undefined {
  if (moment !== undefined) {
    const named = momentOf(event);
    return named !== undefined && matchesExactly(moment, named)
      ? `reported ${momentText({ event: named.name, where: moment.where })}`
      : undefined;
  }
  if (event.type !== 'effect') return undefined;
  const { effect } = event;
  if (effect.type === 'host.decide') return `decided height ${effect.height}`;
  return effect.type === 'observe' && effect.event === 'committed' ? `committed ${String(effect.detail['index'])}` : undefined;
}

function absenceText({ moment, nodes, fromMs, untilMs }: Absence): string {
  const who = nodes === undefined ? 'nobody' : `none of ${nodes.join(', ')}`;
  const what = moment === undefined ? 'decides' : `reports ${momentText(moment)}`;
  const since = fromMs === undefined ? '' : ` from ${fromMs} ms on`;
  return `${who} ${what}${since}${untilMs === undefined ? '' : ` until ${untilMs} ms`}`;
}
