/** Questions about the events of a run. */
import type { RunEvent } from '../core/events.ts';
import { type Moment, matchesExactly, momentOf, momentText } from '../scenarios/moments.ts';
import type { Run } from '../scenarios/runner.ts';

/** How often a moment came; `problem`: in which way its place among the others is wrong. */
export function seen(
  events: Iterable<RunEvent>,
  moment: Moment,
  { before, after }: { readonly before?: Moment; readonly after?: Moment },
): { readonly count: number; readonly problem: string | undefined } {
  let count = 0;
  let hasBefore = false;
  let hasAfter = after === undefined;
  let problem: string | undefined;
  for (const event of events) {
    const named = momentOf(event);
    if (named === undefined) continue;
    if (matchesExactly(moment, named)) {
      count += 1;
      if (hasBefore) problem ??= `it came after ${momentText(before as Moment)}`;
      if (!hasAfter) problem ??= `it came before ${momentText(after as Moment)}`;
    }
    if (before !== undefined && matchesExactly(before, named)) hasBefore = true;
    if (after !== undefined && matchesExactly(after, named)) hasAfter = true;
  }
  if (before !== undefined && !hasBefore) problem ??= `${momentText(before)} never came`;
  return { count, problem };
}

/** Whether a node decided a height or a later one; `withinMs` is virtual time. A protocol without heights counts the entries of its log. */
export function hasDecided(
  events: Iterable<RunEvent>,
  node: string,
  height: number,
  withinMs: number = Number.POSITIVE_INFINITY,
): boolean {
  for (const event of events) {
    if (event.node !== node || event.type !== 'effect' || event.time > withinMs * 1000) continue;
    const { effect } = event;
    if (effect.type === 'host.decide' && effect.height >= height) return true;
    if (effect.type === 'observe' && effect.event === 'committed' && Number(effect.detail['index']) >= height) return true;
  }
  return false;
}

/** What each replay of a node restored. */
export function replays({ world }: Run, node: string): readonly Readonly<Record<string, unknown>>[] {
  return [...world.trace.events()].flatMap((event) =>
    event.node === node && event.type === 'effect' && event.effect.type === 'observe' && event.effect.event === 'replay.end'
      ? [event.effect.detail]
      : [],
  );
}
