/** Remembers, for each script, the event most similar to the one that it waits for. The message about a step that is not reached shows it. */
import type { World } from '../actors/scheduler/index.ts';
import type { ScriptStep } from './model.ts';
import { type Moment, momentText, type NamedMoment, numberIn } from './moments.ts';

interface Nearest {
  readonly distance: number;
  readonly moment: NamedMoment;
  readonly timeMs: number;
}

export class NearestMoments {
  /** By the node whose script waits. */
  #found: ReadonlyMap<string, Nearest> = new Map();

  fork(): NearestMoments {
    const copy = new NearestMoments();
    copy.#found = this.#found;
    return copy;
  }

  /** Notes an event if it has the awaited name and is nearer than all that were noted before. */
  note(script: string, wanted: Moment, moment: NamedMoment, timeMs: number): void {
    if (wanted.event !== moment.name) return;
    const distance = distanceOf(wanted, moment);
    if (distance >= (this.#found.get(script)?.distance ?? Number.POSITIVE_INFINITY)) return;
    this.#found = new Map(this.#found).set(script, { distance, moment, timeMs });
  }

  /** The script goes on to its next step. */
  forget(script: string): void {
    if (!this.#found.has(script)) return;
    const left = new Map(this.#found);
    left.delete(script);
    this.#found = left;
  }

  /** The text that follows the name of a step that was not reached. `sinceMs` is when the waiting began. */
  textFor(script: string, step: ScriptStep, world: World, sinceMs: number): string {
    if (step.type === 'death' && step.strike !== undefined) {
      const { site, phase, nth } = step.strike;
      const armed = world.armed.find((death) => death.node === script && death.site === site && death.phase === phase);
      const count = nth - (armed?.remaining ?? nth);
      return armed === undefined ? '' : `; ${script} came to ${site} ${count} of ${nth} times${standing(world, script)}`;
    }
    if (!('moment' in step) || step.moment === undefined) return '';
    const node = step.node ?? script;
    const nearest = this.#found.get(script);
    if (nearest === undefined) return `; no ${step.moment.event} came after ${sinceMs} ms${standing(world, node)}`;
    const { moment, timeMs } = nearest;
    const fields = Object.keys(step.moment.where).map((field) => [field, moment.detail[field]]);
    return `; nearest: ${momentText({ event: moment.name, where: Object.fromEntries(fields) })} of ${moment.node} at ${Math.round(timeMs)} ms`;
  }
}

/** Where the node is in the end. */
function standing(world: World, node: string): string {
  const { height, round } = world.position(node);
  return world.isUp(node) ? `, and ${node} is at height ${height}, round ${round}` : `, and ${node} is down`;
}

/** 0: every field matches. A number that differs counts by its difference, at most 999; any other field that differs counts 1000. */
function distanceOf({ where }: Moment, { detail }: NamedMoment): number {
  const mismatch = 1000;
  return Object.entries(where).reduce((sum, [field, wanted]) => {
    const [number, found] = [numberIn(wanted), detail[field]];
    if (number === undefined || typeof found !== 'number') return sum + (found === wanted ? 0 : mismatch);
    return sum + Math.min(mismatch - 1, Math.abs(number - found));
  }, 0);
}
