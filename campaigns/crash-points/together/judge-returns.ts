/**
 * Judges the returns of two victims in one world. The disks of each victim are grouped into classes of equal boots (boot-classes.ts). Then one boot of both
 * is run for each pair of classes, watched with all monitor sets that need it, and judged to its end.
 */
import type { World } from '../../../actors/scheduler/index.ts';
import type { MergeKeys } from '../../merge-keys.ts';
import { distinct } from '../../merge-keys.ts';
import { type MonitorSet, SharedMonitors } from '../../monitor-sets.ts';
import { type Outcome, OutcomeJudge, type Victim } from '../judge-outcomes.ts';
import { type Judged, mergeOutcomes } from '../merge-outcomes.ts';
import type { CellFailure, CrashpointsPlan, Death } from '../plan.ts';
import { type BootClass, bootClasses, type Disks, hasRead, startAll } from './boot-classes.ts';
import { type LeftDisk, LeftDisks, type LeftImages } from './left-disks.ts';
import type { Dead, Pair, PairsInWorld } from './pair.ts';
import { heightOf } from './shared-returns.ts';

/** The outcomes of one pair of classes, by the key of the monitor set. */
type Outcomes = ReadonlyMap<string, Outcome>;

/** Classes of disks of one victim. */
interface Classes {
  readonly victim: string;
  classes: readonly BootClass[];
}

/** What a boot of both has shown: its outcomes, and the victims that looked at bytes in which the disks of their class differ. */
interface Boot {
  readonly outcomes: Outcomes;
  readonly haveLooked: readonly string[];
}

export class ReturnJudge {
  readonly #plan: CrashpointsPlan;
  readonly #keys: MergeKeys;
  readonly #lefts: LeftDisks;
  readonly #outcomes: OutcomeJudge;

  constructor(plan: CrashpointsPlan, keys: MergeKeys) {
    this.#plan = plan;
    this.#keys = keys;
    this.#lefts = new LeftDisks(keys, plan.merge);
    this.#outcomes = new OutcomeJudge(plan, keys);
  }

  /** Keys of the distinct states after both recoveries. */
  get states(): readonly string[] {
    return this.#outcomes.states;
  }

  /** Judges all pairs of deaths that have led to this world. `done` gets the outcome of each pair, with all its pairs of images. */
  judge(inWorld: PairsInWorld, done: (pair: Pair, judged: Judged) => void): void {
    const { victims } = this.#plan;
    const images = inWorld.pairs.map((pair) => victims.map((victim) => this.#imagesOf(inWorld, deadOf(pair, victim))));
    const all = victims.map((victim, place): Classes => {
      const disks = disksIn(images.map((lists) => lists[place] as LeftImages));
      const beside = Object.fromEntries(
        victims.map((name, at) => [name, firstDisk((images[0] as readonly LeftImages[])[at] as LeftImages)]),
      );
      return { victim, classes: bootClasses(this.#plan, this.#keys, inWorld.world, victim, { disks, beside }) };
    });
    const outcomeOf = this.#outcomesIn(inWorld, all, images);
    for (const [index, pair] of inWorld.pairs.entries()) {
      const [one, two] = images[index] as readonly LeftImages[] as readonly [LeftImages, LeftImages];
      const parts = classesIn(one, all[0] as Classes).flatMap((first) =>
        classesIn(two, all[1] as Classes).map((second): Judged => {
          const { verdict, failures } = outcomeOf(first, second, pair.monitorSet);
          const deaths = (): Death => deathOf(pair, [imageIn(one, first), imageIn(two, second)], victims);
          return { images: 0, verdict, failures: failures.map((failure): CellFailure => ({ ...failure, death: deaths() })) };
        }),
      );
      done(pair, { ...mergeOutcomes(parts), images: one.length * two.length });
    }
  }

  #imagesOf({ world, isLeftAlone }: PairsInWorld, { victim, disk, deaths }: Dead): LeftImages {
    const isUp = world.isUp(victim);
    return this.#lefts.after(victim, isLeftAlone || isUp ? disk : world.disk(victim).fork(), deaths, isUp);
  }

  /** Judges every pair of classes that some pair of deaths needs. A class whose bytes a boot has looked at is split into its disks. */
  #outcomesIn(
    inWorld: PairsInWorld,
    all: readonly Classes[],
    images: readonly (readonly LeftImages[])[],
  ): (one: BootClass, two: BootClass, set: MonitorSet) => Outcome {
    const [ones, twos] = all as readonly [Classes, Classes];
    const known = new Map<BootClass, Map<BootClass, Outcomes>>();
    for (;;) {
      const split = new Map<Classes, Set<BootClass>>([
        [ones, new Set()],
        [twos, new Set()],
      ]);
      for (const { one, two, sets } of needed(inWorld.pairs, images, ones, twos)) {
        if (known.get(one)?.has(two) === true) continue;
        const { outcomes, haveLooked } = this.#boot(
          inWorld,
          { [ones.victim]: one[0] as LeftDisk, [twos.victim]: two[0] as LeftDisk },
          sets,
        );
        const looked: readonly (readonly [Classes, BootClass])[] = [
          [ones, one],
          [twos, two],
        ];
        const wrong = looked.filter(([{ victim }, { length }]) => length > 1 && haveLooked.includes(victim));
        for (const [classes, its] of wrong) split.get(classes)?.add(its);
        if (wrong.length === 0) known.set(one, (known.get(one) ?? new Map()).set(two, outcomes));
      }
      if ([...split.values()].every(({ size }) => size === 0)) break;
      for (const [classes, its] of split)
        classes.classes = classes.classes.flatMap((one): readonly BootClass[] =>
          its.has(one) ? one.map((left) => [left]) : [one],
        );
    }
    return (one, two, { key }) => known.get(one)?.get(two)?.get(key.text) as Outcome;
  }

  /** Starts both victims with these disks, and judges the run for each monitor set. */
  #boot({ world: down, pairs }: PairsInWorld, disks: Disks, sets: readonly MonitorSet[]): Boot {
    const { victims, limitMs } = this.#plan;
    const { memories, places } = new SharedMonitors(this.#keys, sets);
    const world = down.fork(memories);
    const deadline = down.now + limitMs * 1000;
    const started = startAll(world, disks);
    let hasSent = false;
    world.onPoint = ({ node }, _phase, effect) => {
      hasSent ||= effect.type === 'transmit' && node in disks;
    };
    const isReading = new Set(victims);
    const haveLooked = new Set<string>();
    const watches: { readonly victim: string; readonly hasLooked: () => boolean }[] = [];
    while (isReading.size > 0) {
      const ready = (now: World): string | undefined =>
        [...isReading].find((victim) => hasRead(this.#plan, victim, started, now));
      if (world.run({ until: (now) => ready(now) !== undefined, time: deadline }) !== 'reached') break;
      const victim = ready(world) as string;
      isReading.delete(victim);
      const { torn } = disks[victim] as LeftDisk;
      const disk = started[victim];
      // A monitor that reads the disk before this moment could distinguish two images.
      if (hasSent || world.isDiskSeen(victim) || disk === undefined) haveLooked.add(victim);
      else {
        const watch = disk.watch(torn);
        watches.push({ victim, hasLooked: () => watch.isTouched || world.disk(victim) !== disk || !disk.hasForgotten(torn) });
      }
    }
    world.onPoint = undefined;
    for (const victim of isReading) haveLooked.add(victim);
    const dead = victims.map((victim): Victim => ({ victim, height: heightOf(pairs[0] as Pair, victim) }));
    const judgements = this.#outcomes.judge(dead, world, places, deadline, () => {
      for (const { victim, hasLooked } of watches) if (hasLooked()) haveLooked.add(victim);
    });
    const outcomes = new Map(judgements.map(({ outcome }, place) => [(sets[place] as MonitorSet).key.text, outcome]));
    return { outcomes, haveLooked: [...haveLooked] };
  }
}

/** The pairs of classes that some pair of deaths leads to, each with the monitor sets of these deaths. */
function needed(
  pairs: readonly Pair[],
  images: readonly (readonly LeftImages[])[],
  ones: Classes,
  twos: Classes,
): readonly { readonly one: BootClass; readonly two: BootClass; readonly sets: readonly MonitorSet[] }[] {
  const found = new Map<BootClass, Map<BootClass, MonitorSet[]>>();
  for (const [index, { monitorSet }] of pairs.entries()) {
    const [first, second] = images[index] as readonly [LeftImages, LeftImages];
    for (const one of classesIn(first, ones))
      for (const two of classesIn(second, twos)) {
        const row = found.get(one) ?? new Map<BootClass, MonitorSet[]>();
        found.set(one, row.set(two, [...(row.get(two) ?? []), monitorSet]));
      }
  }
  return [...found].flatMap(([one, row]) => [...row].map(([two, sets]) => ({ one, two, sets: distinct(sets) })));
}

function deadOf({ first, second }: Pair, victim: string): Dead {
  return first.victim === victim ? first : second;
}

function firstDisk([first]: LeftImages): LeftDisk {
  return (first as LeftImages[number]).left;
}

/** The distinct disks in these lists. */
function disksIn(lists: readonly LeftImages[]): readonly LeftDisk[] {
  return [...new Set([...new Set(lists)].flatMap((images) => images.map(({ left }) => left)))];
}

/** The classes to which these images lead. */
function classesIn(images: LeftImages, { classes }: Classes): readonly BootClass[] {
  const lefts = new Set(images.map(({ left }) => left));
  return classes.filter((one) => one.some((left) => lefts.has(left)));
}

/** The first image that leads to a disk of the class. */
function imageIn(images: LeftImages, its: BootClass): Death {
  return (images.find(({ left }) => its.includes(left)) as LeftImages[number]).death;
}

/** Both deaths of the pair as one. `images` are in the order of the victims. */
function deathOf({ first, second }: Pair, images: readonly Death[], victims: readonly string[]): Death {
  const imageOf = ({ victim }: Dead): Death => images[victims.indexOf(victim)] as Death;
  return { ...imageOf(first), together: `${second.point}/${imageOf(second).image}` };
}
