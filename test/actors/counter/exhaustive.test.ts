/**
 * The counter on one node, two heights, searched exhaustively: a kill or a power loss at every effect, every crash image, and again at
 * every effect of the boot that follows. Nothing that left may ever be contradicted, and no legal death may be called corrupt.
 */
import { expect } from 'chai';
import type { World } from '../../../actors/scheduler/index.ts';
import type { CrashImage } from '../../../core/events.ts';
import { keyOf } from '../../../core/state-key.ts';
import { crashImages } from '../../../wal/index.ts';
import { shellOf, startAlone } from './alone.ts';
import type { Add } from './counter.ts';

const lastHeight = 2;

interface Totals {
  deaths: number;
  images: number;
  distinct: number;
}

/** What left: the number said at each height, and what was decided. */
function released(world: World): ReadonlyMap<string, number> {
  const left = new Map<string, number>();
  for (const event of world.trace.events()) {
    if (event.type !== 'effect') continue;
    const { effect } = event;
    const said = effect.type === 'transmit' && effect.data.type === 'add' ? (effect.data as Add) : undefined;
    const decided = effect.type === 'host.decide' ? (effect.decision as { height: number; sum: number }) : undefined;
    for (const [key, value] of [
      [`said ${said?.height}`, said?.amount],
      [`decided ${decided?.height}`, decided?.sum],
    ] as const) {
      if (value === undefined) continue;
      expect(left.get(key) ?? value, `${key} in ${world.life('A') + 1} lives`).to.equal(value);
      left.set(key, value);
    }
  }
  return left;
}

/** Kills A at every crash point up to the height's end, in every way, `depth` times in a row. */
function search(world: World, depth: number, seen: Set<string>, totals: Totals): void {
  world.onPoint = (_point, phase, _effect, at) => {
    totals.deaths += 1;
    const { images } =
      phase === 'torn' || phase === 'before' ? crashImages(at.disk('A'), { pending: 2 }) : { images: ['none', 'all'] as const };
    for (const image of [undefined, ...images]) revive(at, image, depth, seen, totals);
  };
  world.run({ until: isOver, steps: 2000 });
  world.onPoint = undefined;
}

function revive(at: World, image: CrashImage | undefined, depth: number, seen: Set<string>, totals: Totals): void {
  totals.images += 1;
  const fork = at.fork();
  fork.die('A', image === undefined ? 'kill' : 'power', image);
  const key = `${depth} ${keyOf(fork.disk('A').present())} ${JSON.stringify([...released(fork)])}`;
  if (seen.has(key)) return;
  seen.add(key);
  totals.distinct += 1;
  fork.start('A');
  if (depth > 1) {
    // Second deaths start from one disk of each kind of recovery: what the node is afterwards, and whether a tail was cut.
    const kind = `recovered ${recoveredAs(fork.fork())} ${JSON.stringify([...released(fork)])}`;
    if (!seen.has(kind)) {
      seen.add(kind);
      search(fork.fork(), depth - 1, seen, totals);
    }
  }
  fork.run({ until: isOver, steps: 2000 });
  expect(fork.stoppedBecause('A')).to.equal(undefined);
  expect(isOver(fork), 'the node decides both heights after all').to.equal(true);
  released(fork);
}

function recoveredAs(world: World): string {
  world.run({
    until: (now) => ['running', 'storing'].includes(String(shellOf(now)?.mode)),
    steps: 500,
  });
  const shell = shellOf(world);
  return JSON.stringify([shell?.inner, shell?.writer?.sequence, [...world.marks.keys()]]);
}

function isOver(world: World): boolean {
  const shell = shellOf(world);
  return shell?.mode === 'running' && (shell.position?.height ?? 0) > lastHeight;
}

describe('the counter on one node, searched exhaustively', function () {
  this.timeout(240_000);

  it('never contradicts what left, and never calls a legal death corrupt: two deaths in a row, also during boot', () => {
    const totals: Totals = { deaths: 0, images: 0, distinct: 0 };
    search(startAlone({ keeps: 'events' }), 2, new Set(), totals);
    console.log(`      ${totals.deaths} crash points, ${totals.images} deaths tried, ${totals.distinct} distinct`);
    expect(totals.distinct).to.be.greaterThan(1000);
  });

  it('stops at each failed fsync, releases nothing that it covered, and comes back', () => {
    let failures = 0;
    for (let nth = 0; nth < 40; nth += 1) {
      const world = startAlone({ keeps: 'events' });
      let syncs = 0;
      world.onPoint = (_point, phase, effect, at) => {
        if (phase !== 'before' || effect.type !== 'disk' || effect.operation.type !== 'sync') return;
        if (syncs === nth)
          at.disk('A').inject({
            type: 'sync-fails',
            id: 'once',
            file: effect.operation.file,
            content: nth % 2 === 0 ? 'kept' : 'reverted',
          });
        syncs += 1;
      };
      world.run({ until: isOver, steps: 2000 });
      world.onPoint = undefined;
      if (world.stoppedBecause('A') === undefined) break;
      failures += 1;
      for (const image of [undefined, 'none'] as const) {
        const fork = world.fork();
        fork.start('A');
        fork.run({ steps: 12 });
        if (image !== undefined && fork.isUp('A')) {
          fork.die('A', 'power', image);
          fork.start('A');
        }
        fork.run({ until: isOver, steps: 2000 });
        expect(fork.stoppedBecause('A')).to.equal(undefined);
        expect(isOver(fork)).to.equal(true);
        released(fork);
      }
    }
    console.log(`      ${failures} failed fsyncs`);
    expect(failures).to.be.greaterThan(10);
  });
});
