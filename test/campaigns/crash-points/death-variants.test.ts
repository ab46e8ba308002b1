/** The variants of a death, at the crash points of a real run: what dies, what was heard, and what the disk may hold. */
import { expect } from 'chai';
import { pointText } from '../../../actors/scheduler/crash-point.ts';
import type { World } from '../../../actors/scheduler/index.ts';
import { type Bounds, type DeathVariant, deathVariantsAt } from '../../../campaigns/crash-points/death-variants.ts';
import type { CrashpointsPlan } from '../../../campaigns/index.ts';
import type { Effect } from '../../../core/effects.ts';
import type { CrashImage, DeathKind, Phase, PointName } from '../../../core/events.ts';
import { keyOf } from '../../../core/state-key.ts';
import { buildWorld, scenario } from '../../../scenarios/index.ts';
import { parseImage } from '../../../wal/storage/crash-image.ts';

/** The part of a plan that the variants depend on. */
const planOf = (deaths: readonly DeathKind[] = ['kill', 'power'], pending = 4): CrashpointsPlan =>
  ({ deaths, pending }) as unknown as CrashpointsPlan;
const nothingBound = (): Bounds => ({ rules: new Set(), isComplete: true });

interface Place {
  readonly point: PointName;
  readonly phase: Phase;
  readonly effect: Effect;
  readonly world: World;
}

/** The n-th crash point of B for which `isWanted` holds, in a run of four nodes; the run ends there. */
function placeOf(isWanted: (point: PointName, phase: Phase, effect: Effect, world: World) => boolean, nth = 1): Place {
  const { data } = scenario('four', { A: 1, B: 1, C: 1, D: 1 });
  const world = buildWorld(data, { seed: 1, keeps: 'nothing', properties: [] });
  let found: Place | undefined;
  let left = nth;
  world.onPoint = (point, phase, effect, at) => {
    if (found !== undefined || point.node !== 'B' || !isWanted(point, phase, effect, at)) return;
    left -= 1;
    // Copied within the step, as the enumerator does it.
    if (left === 0) found = { point, phase, effect, world: at.fork() };
  };
  world.run({ until: () => found !== undefined, time: 5_000_000 });
  if (found === undefined) throw new Error('the run does not come by such a point');
  return found;
}

const at =
  (site: string, phase: Phase) =>
  (point: PointName, now: Phase): boolean =>
    point.site === site && now === phase;

function variantsAt(
  { world, point, phase, effect }: Place,
  plan: CrashpointsPlan = planOf(),
  bounds: Bounds = nothingBound(),
): readonly DeathVariant[] {
  return deathVariantsAt(plan, world, point, phase, effect, bounds);
}

const deathsOf = (variants: readonly DeathVariant[]): readonly (readonly [DeathKind, string, CrashImage | undefined])[] =>
  variants.flatMap(({ deaths }) => deaths.map(({ death, image }) => [death.kind, death.image, image] as const));

const kill = ['kill', 'kill', undefined] as const;
const none = ['power', 'none', 'none'] as const;
const all = ['power', 'all', 'all'] as const;

describe('the death before or after an effect', () => {
  it('is a kill, a loss of all that was pending, and a loss of nothing', () => {
    for (const phase of ['before', 'after'] as const) {
      const place = placeOf((_, now, __, world) => now === phase && world.disk('B').pending().length > 0);
      const [variant, ...others] = variantsAt(place);
      expect(others, phase).to.deep.equal([]);
      expect(variant?.prepare, phase).to.equal(undefined);
      expect(deathsOf(variantsAt(place)), phase).to.deep.equal([kill, none, all]);
    }
  });

  it('loses nothing in one way only when nothing is pending', () => {
    const place = placeOf((_, phase, __, world) => phase === 'before' && world.disk('B').pending().length === 0);
    expect(deathsOf(variantsAt(place))).to.deep.equal([kill, none]);
  });

  it('is of the kinds that the plan names', () => {
    const place = placeOf((_, phase, __, world) => phase === 'after' && world.disk('B').pending().length > 0);
    expect(deathsOf(variantsAt(place, planOf(['kill'])))).to.deep.equal([kill]);
    expect(deathsOf(variantsAt(place, planOf(['power'])))).to.deep.equal([none, all]);
    expect(deathsOf(variantsAt(place, planOf([])))).to.deep.equal([]);
  });
});

describe('the death within a publish', () => {
  const place = placeOf(at('publish', 'torn'));

  it('has a variant for each part of the peers that hears it, with a kill and a loss of all that was pending', () => {
    const expected = ['A', 'C', 'AC', 'D', 'AD', 'CD'].flatMap((heard) => [
      ['kill', `heard=${heard}`, undefined],
      ['power', `heard=${heard}+power`, 'none'],
    ]);
    expect(deathsOf(variantsAt(place))).to.deep.equal(expected);
    expect(deathsOf(variantsAt(place, planOf(['kill'])))).to.deep.equal(expected.filter(([kind]) => kind === 'kill'));
    expect(deathsOf(variantsAt(place, planOf(['power'])))).to.deep.equal(expected.filter(([kind]) => kind === 'power'));
    const bounds = nothingBound();
    variantsAt(place, planOf(), bounds);
    expect(bounds).to.deep.equal(nothingBound());
  });

  it('lets exactly those hear it that its name says', () => {
    // Before the publish nothing of it is on the wire.
    const before = placeOf(({ site, n, height }, phase) => {
      const { point } = place;
      return phase === 'before' && site === point.site && n === point.n && height === point.height;
    });
    expect(pointText(before.point)).to.equal(pointText(place.point));
    const data = (place.effect as Effect & { type: 'transmit' }).data;
    const hearers = (world: World): readonly string[] =>
      world.underWay
        .filter(({ delivery, life }) => life === -1 && delivery.type === 'message' && delivery.from === 'B')
        .filter(({ delivery }) => delivery.type === 'message' && JSON.stringify(delivery.message) === JSON.stringify(data))
        .map(({ node }) => world.nodes[node] as string)
        .sort();
    expect(hearers(before.world)).to.deep.equal([]);
    const variants = variantsAt(place);
    expect(variants).to.have.length(6);
    for (const { prepare, deaths } of variants) {
      const fork = before.world.fork();
      prepare?.(fork);
      expect(`heard=${hearers(fork).join('')}`).to.equal(deaths[0]?.death.image);
    }
    expect(hearers(before.world)).to.deep.equal([]);
  });
});

describe('the death within a disk operation', () => {
  for (const [site, nth] of [
    ['wal.append', 4],
    ['wal.flush', 2],
    ['segment.create', 2],
    ['store.append', 1],
  ] as const)
    it(`leaves every disk that a power loss at the ${site} may leave, each once, but for all and nothing`, () => {
      const place = placeOf(at(site, 'torn'), nth);
      const bounds = nothingBound();
      const variants = variantsAt(place, planOf(), bounds);
      expect(variants).to.have.length(1);
      const disk = place.world.disk('B');
      const left = (image: CrashImage): string => {
        const fork = disk.fork();
        fork.powerLoss(image);
        return keyOf(fork.present());
      };
      const found = deathsOf(variants).map(([kind, text, image]) => {
        expect(kind).to.equal('power');
        // The text is the image: a token with it repeats the death.
        expect(parseImage(text)).to.deep.equal(image);
        return left(image as CrashImage);
      });
      expect(new Set(found).size).to.equal(found.length);
      const whole = new Set([left('none'), left('all')]);
      expect(found.filter((one) => whole.has(one))).to.deep.equal([]);
      const bytes = disk.pending().reduce((sum, entry) => sum + (entry.type === 'write' ? entry.bytes.length : 0), 0);
      const names = disk.pending().filter(({ type }) => type !== 'write').length;
      const directory = names === 0 ? {} : { directory: '1'.repeat(names) };
      for (let cut = 0; cut <= bytes; cut += 1) expect([...found, ...whole]).to.include(left({ cut, ...directory }));
      expect(bounds.isComplete).to.equal(true);
      expect([...bounds.rules]).to.have.length(1);
    });

  it('has no variant without power losses, and none when nothing but all and nothing can be left', () => {
    expect(variantsAt(placeOf(at('wal.append', 'torn')), planOf(['kill']))).to.deep.equal([]);
    const clean = placeOf(
      ({ site }, phase, _, world) => phase === 'torn' && site === 'boot.list' && world.disk('B').pending().length === 0,
    );
    expect(variantsAt(clean)).to.deep.equal([]);
  });

  it('says when more can be left than the bound lets it try', () => {
    const place = placeOf((point, phase, _, world) => {
      return phase === 'torn' && point.site === 'wal.append' && world.disk('B').pending().length >= 3;
    });
    const [wide, narrow] = [nothingBound(), nothingBound()];
    variantsAt(place, planOf(['power'], 12), wide);
    variantsAt(place, planOf(['power'], 1), narrow);
    expect([wide.isComplete, [...wide.rules]]).to.deep.equal([
      true,
      ['every byte cut; every subset of sectors; every subset of directory entries'],
    ]);
    expect([narrow.isComplete, [...narrow.rules][0]?.includes('of 1 neighbouring writes')]).to.deep.equal([false, true]);
    // Bounds are those of a whole walk: what is incomplete stays so.
    variantsAt(place, planOf(['power'], 12), narrow);
    expect([narrow.isComplete, narrow.rules.size]).to.deep.equal([false, 2]);
  });
});

describe('the death within any other effect', () => {
  for (const site of ['timer.set', 'timer.cancel', 'value.get', 'decided'])
    it(`has no variant at ${site}, which is whole or is not`, () => {
      expect(variantsAt(placeOf(at(site, 'torn')))).to.deep.equal([]);
    });
});
