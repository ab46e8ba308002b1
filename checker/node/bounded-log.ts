/**
 * `bounded-log`: the frames of a height in one life stay below a bound in rounds and validators: rounds x (2n + 14), with n the number of
 * validators. Not modelled: the frames that evidence may add.
 */
import type { Monitor, Property, Setting } from '../../core/events.ts';
import { type Judged, relevantOf, unjudged, verdictOf, withViolation } from '../judged.ts';

interface Count {
  readonly height: number;
  readonly rounds: number;
  readonly frames: number;
}

interface Memory extends Judged {
  /** In the order of the setting's nodes. The next life counts anew: two nodes that died with different counts are equal. */
  readonly counts: readonly (Count | undefined)[];
}

function boundedLogMonitor({ nodes, powers }: Setting): Monitor<Memory> {
  const places = new Map(nodes.map((node, place) => [node, place]));
  return {
    watches: ['disk append', 'death', 'stopped'],
    start: { ...unjudged, counts: nodes.map(() => undefined) },
    look: (memory, event, observer) => {
      const { node } = event;
      const place = places.get(node) as number;
      const before = memory.counts[place];
      if (event.type === 'death' || event.type === 'stopped')
        return before === undefined ? memory : { ...memory, counts: memory.counts.with(place, undefined) };
      if (event.type !== 'effect' || event.point === undefined) return memory;
      if (event.effect.type !== 'disk' || event.effect.site !== 'wal.append') return memory;
      const { height, round } = event.point;
      const isSame = before?.height === height;
      const rounds = Math.max(round + 1, isSame ? before.rounds : 1);
      const frames = (isSame ? before.frames : 0) + 1;
      const counts = memory.counts.with(place, { height, rounds, frames });
      const counted = { violations: memory.violations, isExercised: true, counts };
      const bound = rounds * (2 * powers(height).size + 14);
      if (frames <= bound || observer.isFaulty(node)) return counted;
      const message = `${node} appended ${frames} frames at height ${height} in ${rounds} rounds; the bound is ${bound}`;
      return withViolation(counted, { message, event: event.index, nodes: [node], height });
    },
    finish: (memory) => verdictOf(memory, 'nothing was appended'),
    relevant: relevantOf,
  };
}

export const boundedLog: Property = {
  name: 'bounded-log',
  says: 'frames of a height in one life stay below rounds x (2n + 14)',
  monitor: boundedLogMonitor,
};
