/** The table of mutants as a page: the rate, what caught each, and each one that nothing caught. */
import { openReasonFor, reasonFor } from './equivalent.ts';
import type { MutantVerdict } from './judge.ts';
import { isGuard, type Mutant } from './scope.ts';

export interface Judged {
  readonly mutant: Mutant;
  /** The verdict of the campaign. */
  readonly verdict: MutantVerdict;
  /** The unit test that fails with it, where the campaign did not catch it and the unit tests were asked. */
  readonly unitTest?: string;
}

export interface Rate {
  readonly guards: number;
  readonly caught: number;
  readonly undecided: number;
  readonly survived: number;
  readonly unreached: number;
  readonly lost: number;
  readonly equivalent: number;
  readonly onlyByUnitTest: number;
  /** The share of the mutants that are neither guards nor equivalent which a property or an exception caught. */
  readonly percent: number;
}

export function rateOf(all: readonly Judged[]): Rate {
  const judged = all.filter(({ mutant }) => !isGuard(mutant));
  const isOf = (...kinds: readonly MutantVerdict['verdict'][]): readonly Judged[] =>
    judged.filter(({ verdict }) => kinds.includes(verdict.verdict));
  const open = isOf('survived', 'unreached', 'static');
  const equivalent = open.filter(({ mutant }) => reasonFor(mutant) !== undefined).length;
  const caught = isOf('violated', 'exception').length;
  const left = judged.length - equivalent;
  return {
    guards: all.length - judged.length,
    caught,
    undecided: isOf('undecided').length,
    survived: isOf('survived', 'static').length,
    unreached: isOf('unreached').length,
    lost: isOf('lost').length,
    equivalent,
    onlyByUnitTest: judged.filter(({ unitTest }) => unitTest !== undefined).length,
    percent: left === 0 ? 100 : Math.round((1000 * caught) / left) / 10,
  };
}

export function reportText(judged: readonly Judged[], sample: string, total: number): string {
  const { guards, caught, undecided, survived, unreached, lost, equivalent, onlyByUnitTest, percent } = rateOf(judged);
  const plain = judged.filter(({ mutant }) => !isGuard(mutant));
  return `# Mutants

Small changes of the honest node, one at a time, with the campaign as the judge: \`fuzz\` in drawn environments and for Raft, the library, and (without
\`--quick\`) the crash points of four scenarios. Written by \`npm run mutants -- ${sample} --write\`. In scope are \`actors/node\`, \`actors/tendermint\`,
\`actors/raft\` and \`wal\` without offline readers and disks: ${total} mutants; changes of texts do not count. This page shows a sample of ${judged.length}. With \`--unit\` the
unit tests judge what the campaign did not catch.

| | mutants |
| --- | --- |
| caught by a property or an exception | ${caught} |
| undecided where the honest node is not | ${undecided} |
| survived | ${survived} |
| reached by no run | ${unreached} |
| of the last two: equivalent, with a reason | ${equivalent} |
| its process died or took too long: not known | ${lost} |
| of all these: caught by a unit test | ${sample.includes('--unit') ? onlyByUnitTest : 'not asked'} |
| **caught by the campaign, of those that are not equivalent** | **${percent} %** |
| guards, which are not counted above | ${guards} |

| first caught by | mutants |
| --- | --- |
${catchingRows(plain)}

## What the campaign did not catch

${openRows(plain)}

## Guards

They refuse what only a hostile peer sends, or bound memory. Campaigns send well-formed lies; unit tests and hostile inputs judge these.

${openRows(judged.filter(({ mutant }) => isGuard(mutant)))}
`;
}

function catchingRows(judged: readonly Judged[]): string {
  const catching = new Map<string, number>();
  for (const { verdict } of judged) {
    const [first = ''] = verdict.verdict === 'violated' ? (verdict.properties ?? []) : [];
    const by = verdict.verdict === 'exception' ? 'an exception' : first;
    if (by !== '') catching.set(by, (catching.get(by) ?? 0) + 1);
  }
  return [...catching]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `| ${name} | ${count} |`)
    .join('\n');
}

function openRows(judged: readonly Judged[]): string {
  const open = judged.filter(({ verdict }) => !['violated', 'exception'].includes(verdict.verdict));
  if (open.length === 0) return 'None.';
  const rows = open.map(({ mutant, verdict, unitTest }) => {
    const why = reasonFor(mutant);
    const open = openReasonFor(mutant);
    const said = why !== undefined ? `equivalent: ${why}` : `${verdict.verdict}${open === undefined ? '' : `: ${open}`}`;
    return `| ${placeOf(mutant)} | ${changeOf(mutant)} | ${said} | ${(unitTest ?? '').replaceAll('|', '\\|')} |`;
  });
  return ['| mutant | change | what was found | unit test that fails |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

/** One line: what became of a mutant, in which run and by which properties. */
export function verdictLine({ mutant, verdict: { verdict, unit, properties } }: Judged): string {
  const by = unit === undefined ? '' : ` in ${unit}${properties === undefined ? '' : ` by ${properties.join(', ')}`}`;
  return `${placeOf(mutant)} ${changeOf(mutant)}: ${verdict}${by}`;
}

function placeOf({ file, line }: Mutant): string {
  return `\`${file}:${line}\``;
}

function changeOf({ kind, from, to }: Mutant): string {
  const code = (text: string): string =>
    `\`${text.replaceAll(/\s+/g, ' ').slice(0, 60).replaceAll('|', '\\|').replaceAll('`', "'")}\``;
  return `${kind}: ${code(from)} becomes ${code(to)}`;
}
