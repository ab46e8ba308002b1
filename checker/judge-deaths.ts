/**
 * What comes of a death: the victim comes back, and the run is judged to its end. Whatever leads to a world that is known has the outcome that
 * is known (docs/decisions/0012): at the death, at the start, in the boot, and after recovery.
 */
import { fingerprint } from '../actors/digest.ts';
import type { Effect } from '../actors/effects.ts';
import type { CrashImage, Phase, PointName, VerdictName } from '../actors/record.ts';
import { pointText, type World } from '../actors/scheduler/index.ts';
import type { SimulatedDisk } from '../wal/storage/index.ts';
import type { Cell, CellFailure, CrashpointsPlan, Death } from './crashpoints-plan.ts';
import { type Bounds, type Fall, fallsAt } from './falls.ts';

interface Outcome {
  readonly verdict: VerdictName;
  readonly failures: readonly { readonly property: string; readonly message: string }[];
}

/** An outcome, and the state after recovery that it belongs to. */
interface Judgement {
  readonly outcome: Outcome;
  readonly key: string;
}

export type Judged = Omit<Cell, 'order' | 'point' | 'phase'>;

/** The world in which the victim has died and is about to come back. */
interface Down {
  /** The world at the moment of death, what the victim was working at, and how many deaths may follow, as one text. */
  readonly fell: string;
  readonly world: World;
  /** A fingerprint of the world without the victim's disk. */
  readonly others: string;
  readonly victim: string;
  /** What the victim was working at. */
  readonly height: number;
}

export class DeathJudge {
  readonly #plan: CrashpointsPlan;
  readonly bounds: Bounds = { rules: new Set(), isComplete: true };
  #images = 0;
  /** By the state after recovery. */
  readonly #outcomes = new Map<string, Outcome>();
  /** What came of each fall, by the world that it left: neighbouring points often differ in nothing that outlives the victim. */
  readonly #falls = new Map<string, Judged>();
  /** The newest one: neighbouring points share it. */
  #down: Down | undefined;
  /** What came of each start, by the world in which the victim comes back: the same world has the same future. */
  readonly #starts = new Map<string, Judgement>();
  /** What came of each boot, by the world in which it has read its files, without the bytes that it will not look at again. */
  readonly #boots = new Map<string, Judgement>();
  /** Recoveries that second deaths were tried in already, by the state they led to. */
  readonly #recoveries = new Set<string>();

  constructor(plan: CrashpointsPlan) {
    this.#plan = plan;
  }

  /** Deaths tried so far. */
  get images(): number {
    return this.#images;
  }

  /** Fingerprints of the distinct states after recovery. */
  get states(): readonly string[] {
    return [...this.#outcomes.keys()];
  }

  /** All deaths at one point; undefined: there is none. */
  judgePoint(world: World, point: PointName, phase: Phase, effect: Effect): Judged | undefined {
    const judged = this.#atPoint(world, point, phase, effect, this.#plan.nested ? 1 : 0, this.#plan.restartMs);
    if (judged.images === 0) return undefined;
    this.#images += judged.images;
    return judged;
  }

  /** `depth`: how many more deaths may follow during the recovery. */
  #atPoint(world: World, point: PointName, phase: Phase, effect: Effect, depth: number, restartMs: number): Judged {
    const falls = fallsAt(this.#plan, world, point, phase, effect, this.bounds);
    return joined(falls.map((fall) => this.#fall(world, point.node, fall, depth, restartMs)));
  }

  #fall(world: World, victim: string, { prepare, deaths }: Fall, depth: number, restartMs: number): Judged {
    const { merge, progress } = this.#plan;
    const height = progress(world, victim);
    const base = world.fork();
    prepare?.(base);
    base.die(victim, 'kill');
    const fell = `${base.digest()} ${height} ${depth}`;
    const key = `${fell} ${deaths[0]?.death.image} ${deaths.length}`;
    const known = merge ? this.#falls.get(key) : undefined;
    if (known !== undefined) return { ...known, images: deaths.length };
    let down = merge && this.#down?.fell === fell ? this.#down : undefined;
    if (down === undefined) {
      // While it is down nobody can see its disk, so all its deaths share this part of the run, and the power fails at the end of it.
      base.run({ time: base.now + restartMs * 1000 });
      down = { fell, world: base, others: base.digest({ node: victim, files: 'all' }), victim, height };
      this.#down = down;
    }
    const from = down;
    const judged = joined(deaths.map(({ death, image }) => this.#death(from, death, image, depth)));
    this.#falls.set(key, judged);
    return judged;
  }

  #death({ world, others, victim, height }: Down, death: Death, image: CrashImage | undefined, depth: number): Judged {
    // A fault of the scenario may have brought it back already: then its disk was read, and no image of it is left to choose.
    const isUp = world.isUp(victim);
    const disk = world.disk(victim).fork();
    if (!isUp && image !== undefined) disk.powerLoss(image);
    const start = `${victim} ${height} ${depth} ${others}${fingerprint(disk.digests())}`;
    const known = this.#plan.merge ? this.#starts.get(start) : undefined;
    if (known !== undefined) return judgedAs(known, death);
    const fork = world.fork();
    if (!isUp) fork.replaceDisk(victim, disk);
    const recovering = depth > 0 ? fork.fork() : undefined;
    if (!isUp) fork.start(victim);
    const torn = isUp || image === undefined ? new Set<string>() : unsyncedFiles(world.disk(victim));
    const judgement = this.#start(fork, victim, height, torn);
    this.#starts.set(start, judgement);
    const first = judgedAs(judgement, death);
    const { key } = judgement;
    // Second deaths are tried in one recovery of each kind: those that lead to the same state pass through the same steps.
    if (recovering === undefined || this.#recoveries.has(key)) return first;
    this.#recoveries.add(key);
    if (!isUp) recovering.start(victim);
    return joined([first, ...this.#secondDeaths(recovering, victim, death, depth - 1)]);
  }

  /** Every death during the recovery that has just begun. */
  #secondDeaths(recovering: World, victim: string, first: Death, depth: number): readonly Judged[] {
    const { hasRecovered, nestedRestartMs, limitMs } = this.#plan;
    const found: Judged[] = [];
    recovering.onPoint = (point, phase, effect, at) => {
      if (point.node !== victim || hasRecovered(at, victim)) return;
      const { images, verdict, failures } = this.#atPoint(at, point, phase, effect, depth, nestedRestartMs);
      const name = pointText(point, phase);
      const behind = failures.map((failure): CellFailure => {
        const second = `${name}/${failure.death.image}`;
        return { ...failure, death: { ...first, second } };
      });
      found.push({ images, verdict, failures: behind });
    };
    recovering.run({ until: (now) => hasRecovered(now, victim), time: recovering.now + limitMs * 1000 });
    return found;
  }

  /**
   * From the start of the victim on. `torn`: the files in which crash images of one death differ.
   *
   * Most images differ only in how much of a torn tail there is. Two worlds that are equal but for the bytes of some files have one future as
   * long as nobody looks at those bytes, and are equal altogether once the files are gone. So the first such boot is watched: where it
   * touched none of the files on its way to a state in which they are gone, what came of it holds for the others too.
   */
  #start(fork: World, victim: string, height: number, torn: ReadonlySet<string>): Judgement {
    const { merge, hasRecovered, limitMs } = this.#plan;
    const deadline = fork.now + limitMs * 1000;
    if (!merge || torn.size === 0) return this.#boot(fork, victim, height, deadline);
    const disk = fork.disk(victim);
    fork.run({ until: (now) => disk.pending().length > 0 || hasRecovered(now, victim), time: deadline });
    const hasRead = `${victim} ${height} ${fork.digest({ node: victim, files: torn })}`;
    const known = this.#boots.get(hasRead);
    if (known !== undefined) return known;
    const watch = disk.watch(torn);
    fork.run({ until: (now) => hasRecovered(now, victim), time: deadline });
    const isBlind = !watch.isTouched && fork.disk(victim) === disk && disk.hasForgotten(torn);
    const judged = this.#boot(fork, victim, height, deadline);
    if (isBlind) this.#boots.set(hasRead, judged);
    return judged;
  }

  #boot(fork: World, victim: string, height: number, deadline: number): Judgement {
    const { merge, hasRecovered, hasEnded, part } = this.#plan;
    fork.run({ until: (now) => hasRecovered(now, victim), time: deadline });
    // Without merging each death is a state of its own, also among several workers.
    const key = merge ? `${victim} ${height} ${fork.digest()}` : `${part?.victim} ${part?.from} ${this.#outcomes.size}`;
    let outcome = this.#outcomes.get(key);
    if (outcome === undefined) {
      const end = fork.run({ until: (now) => hasEnded(now, victim, height), time: deadline });
      outcome = this.#verdictOf(fork, end === 'reached');
      this.#outcomes.set(key, outcome);
    }
    return { outcome, key };
  }

  #verdictOf(world: World, hasEnded: boolean): Outcome {
    const failures = world.monitors.flatMap((monitor, index) => {
      const { verdict, violations } = monitor.finish(world.witness);
      if (verdict !== 'violated') return [];
      return [{ property: this.#plan.properties[index] ?? '', message: violations[0]?.message ?? '' }];
    });
    return { verdict: failures.length > 0 ? 'violated' : hasEnded ? 'held' : 'undecided', failures };
  }
}

function judgedAs({ outcome }: Judgement, death: Death): Judged {
  const failures = outcome.failures.map((failure) => ({ ...failure, death }));
  return { images: 1, verdict: outcome.verdict, failures };
}

/** Of each property the first failure; the gravest verdict. */
function joined(parts: readonly Judged[]): Judged {
  const failures: CellFailure[] = [];
  for (const failure of parts.flatMap((part) => part.failures))
    if (!failures.some(({ property }) => property === failure.property)) failures.push(failure);
  const verdicts = new Set(parts.map(({ verdict }) => verdict));
  return {
    images: parts.reduce((sum, { images }) => sum + images, 0),
    verdict: verdicts.has('violated') ? 'violated' : verdicts.has('undecided') ? 'undecided' : 'held',
    failures,
  };
}

function unsyncedFiles(disk: SimulatedDisk): ReadonlySet<string> {
  return new Set(disk.pending().flatMap((pending) => (pending.type === 'write' ? [pending.file] : [])));
}
