/** What a fuzz campaign has covered: pairs of a fault and what a node came to with it, met and never met, and what more runs would find. */
import { chanceOfNew, corpusOf, type FuzzCounts, pairsNamed, pairsOf } from '../../campaigns/index.ts';
import { own } from '../../core/own.ts';
import type { ScenarioData } from '../../scenarios/model.ts';
import { marksNamed } from '../../scenarios/names.ts';
import { counted } from '../output/counted.ts';

export interface Coverage {
  readonly possible: number;
  readonly met: number;
  /** Pairs that no run came to. */
  readonly never: readonly string[];
  /** Pairs that only runs came to which were drawn around others. */
  readonly bySteering: number;
  /** The chance that one more independent run comes to a pair that none came to before. */
  readonly chanceOfNew: number;
  /** Runs that were drawn around others, and how many those others are. */
  readonly steered: number;
  readonly corpus: number;
}

/** What a campaign must reach. */
export interface Wanted {
  readonly marks: readonly string[];
  readonly pairs: readonly string[];
}

/** Marks and pairs by their names. `isDrawn`: the campaign draws the options too. Throws `ScenarioError` for a name that no run of this protocol reaches. */
export function wantedOf(names: readonly string[], data: ScenarioData, isDrawn: boolean): Wanted {
  const isPair = (name: string): boolean => name === 'pairs' || name.includes('+');
  return {
    marks: marksNamed(
      names.filter((name) => !isPair(name)),
      data,
      isDrawn,
    ),
    pairs: pairsNamed(names.filter(isPair), data.protocol),
  };
}

/** Those that no run reached. */
export function missedIn(counts: FuzzCounts, { marks, pairs }: Wanted): readonly string[] {
  return [...marks.filter((mark) => own(counts.marks, mark) === undefined), ...pairs.filter((pair) => !isMet(counts, pair))];
}

function isMet({ pairs, steeredPairs }: FuzzCounts, pair: string): boolean {
  return own(pairs, pair) !== undefined || own(steeredPairs, pair) !== undefined;
}

export function coverageOf(counts: FuzzCounts, protocol: string | undefined): Coverage {
  const { runs, pairs, steered } = counts;
  const possible = pairsOf(protocol);
  const met = possible.filter((pair) => isMet(counts, pair));
  return {
    possible: possible.length,
    met: met.length,
    never: possible.filter((pair) => !isMet(counts, pair)),
    bySteering: met.filter((pair) => own(pairs, pair) === undefined).length,
    chanceOfNew: Math.round(1000 * chanceOfNew(pairs, runs - steered)) / 1000,
    steered,
    corpus: steered === 0 ? 0 : corpusOf(pairs).length,
  };
}

/** Kinds that are named at most, of those that lack most. */
const mostNamed = 6;

export function coverageText({
  possible,
  met,
  never,
  bySteering,
  chanceOfNew: chance,
  steered,
  corpus,
}: Coverage): readonly string[] {
  const lacking = new Map<string, number>();
  for (const pair of never) {
    const kind = pair.slice(0, pair.indexOf('+'));
    lacking.set(kind, (lacking.get(kind) ?? 0) + 1);
  }
  const most = [...lacking].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1)).slice(0, mostNamed);
  const around = steered === 0 ? '' : `; ${bySteering} only by ${counted(steered, 'run')} drawn around ${corpus} rare ones`;
  return [
    `pairs of a fault and a mark or step: ${met} of ${possible}${around}`,
    `one more independent run comes to a new pair with a chance of ${(100 * chance).toFixed(1)} %`,
    ...(never.length === 0
      ? []
      : [
          `never: ${never.length} pairs, most of ${most.map(([kind, count]) => `${kind} (${count})`).join(', ')}; all with --json`,
        ]),
  ];
}
