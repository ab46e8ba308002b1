/** The table of mutants as a page: the rate, what caught each, and each one that nothing caught. */
import { reasonFor } from './equivalent.ts';
import type { MutantVerdict } from './judge.ts';
import type { Mutant } from './scope.ts';

export interface Judged {
  readonly mutant: Mutant;
  readonly verdict: MutantVerdict;
}

export interface Rate {
  readonly caught: number;
  readonly undecided: number;
  readonly survived: number;
  readonly unreached: number;
  readonly equivalent: number;
  /** The share of the mutants that are not equivalent which a property or an exception caught. */
  readonly percent: number;
}

export function rateOf(judged: readonly Judged[]): Rate {
  const isOf = (...kinds: readonly MutantVerdict['verdict'][]): readonly Judged[] =>
    judged.filter(({ verdict }) => kinds.includes(verdict.verdict));
  const open = isOf('survived', 'unreached', 'static');
  const equivalent = open.filter(({ mutant }) => reasonFor(mutant) !== undefined).length;
  const caught = isOf('violated', 'exception').length;
  const left = judged.length - equivalent;
  return {
    caught,
    undecided: isOf('undecided').length,
    survived: isOf('survived', 'static').length,
    unreached: isOf('unreached').length,
    equivalent,
    percent: left === 0 ? 100 : Math.round((1000 * caught) / left) / 10,
  };
}

export function reportText(judged: readonly Judged[], sample: string, total: number): string {
  const { caught, undecided, survived, unreached, equivalent, percent } = rateOf(judged);
  const catching = new Map<string, number>();
  for (const { verdict } of judged)
    if (verdict.verdict === 'violated') {
      const [first = ''] = verdict.properties ?? [];
      catching.set(first, (catching.get(first) ?? 0) + 1);
    } else if (verdict.verdict === 'exception') catching.set('an exception', (catching.get('an exception') ?? 0) + 1);
  return `# Mutants

Small changes of the honest node, one at a time, with the campaign as the judge: \`fuzz\` in drawn environments and for Raft, the library, and (without
\`--quick\`) the crash points of four scenarios. Written by \`npm run mutants -- ${sample} --write\`. In scope are \`actors/node\`, \`actors/tendermint\`,
\`actors/raft\` and \`wal\` without offline readers and disks: ${total} mutants, texts left out. This page shows a sample of ${judged.length}.

| | mutants |
| --- | --- |
| caught by a property or an exception | ${caught} |
| undecided where the honest node is not | ${undecided} |
| survived | ${survived} |
| reached by no run | ${unreached} |
| of the last two: equivalent, with a reason | ${equivalent} |
| **caught, of those that are not equivalent** | **${percent} %** |

| first caught by | mutants |
| --- | --- |
${[...catching]
  .sort(([, a], [, b]) => b - a)
  .map(([name, count]) => `| ${name} | ${count} |`)
  .join('\n')}

## What nothing caught

| mutant | change | why |
| --- | --- | --- |
${judged
  .filter(({ verdict }) => !['violated', 'exception'].includes(verdict.verdict))
  .map(({ mutant, verdict }) => `| ${placeOf(mutant)} | ${changeOf(mutant)} | ${reasonFor(mutant) ?? verdict.verdict} |`)
  .join('\n')}
`;
}

function placeOf({ file, line }: Mutant): string {
  return `\`${file}:${line}\``;
}

function changeOf({ kind, from, to }: Mutant): string {
  const code = (text: string): string =>
    `\`${text.replaceAll(/\s+/g, ' ').slice(0, 60).replaceAll('|', '\\|').replaceAll('`', "'")}\``;
  return `${kind}: ${code(from)} becomes ${code(to)}`;
}
