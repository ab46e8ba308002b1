/** docs/findings-npm.md, from the results of all packages. */
import type { PersonalityName } from '../../programs/index.ts';
import { type Subject, subjects } from './catalogue.ts';
import type { PackedAnswer, PackedFinding } from './packed-report.ts';
import type { RealLoss } from './real-loss.ts';
import { type Result, readResult } from './results.ts';

type Row = { readonly subject: Subject; readonly result: Result };

export function findingsPage(scratch: string): string {
  const rows = subjects.map((subject): Row => {
    const result = readResult(scratch, subject);
    if (result?.real === undefined || result.real.length === 0)
      throw new Error(`no result of ${subject.name} with real losses of power: \`npm run findings -- --cut '${subject.name}'\``);
    return { subject, result };
  });
  return [head(rows), '## All of them', '', overview(rows), '', '## One by one', '', ...rows.map(section)].join('\n');
}

/** What a row says of the package's own words. */
function claim({ subject, result }: Row): 'does not hold' | 'holds' | 'not seen' | 'nothing promised' {
  const { promises } = subject;
  if (promises === undefined) return 'nothing promised';
  const { verdict } = result.report[promises];
  if (verdict === 'held') return 'holds';
  const isSeen = (result.real ?? []).some(({ outcome }) => outcome === 'damaged' || (outcome === 'lost' && promises === 'kept'));
  return isSeen ? 'does not hold' : 'not seen';
}

function head(rows: readonly Row[]): string {
  const count = (words: string): number => rows.filter((row) => claim(row) === words).length;
  const names = new Set(rows.map(({ subject }) => subject.packages[0]));
  return `# Packages from npm under loss of power

${names.size} packages that keep state on disk, in ${rows.length} uses, under every state of the disk that a loss of power may leave. \`npm run findings\` runs them and writes this page:

\`\`\`
npm run findings -- --install             # installs the packages into a folder outside the project, and judges all
npm run findings -- lowdb                 # one of them
npm run findings -- lowdb --state TOKEN   # one state
npm run findings -- --cut                 # also cuts the power of a real ext4 and a real XFS: Linux, root, loop devices
npm run findings -- --page                # writes this page
\`\`\`

Each package has a drive of a few lines in \`dev/findings/drives\`. It stores 0, which counts as durable. Then it stores 1, 2 and 3, and each is acknowledged when the
package says that it is done. Two questions are asked of every state:

- **kept**: is the newest acknowledged value there?
- **whole**: is what is there one of the values that were stored, be it an older one? For a cache, nothing at all is also an answer.

**How to read it.** Most packages promise nothing about a loss of power. Then a red answer is no bug: it says what to expect. ${count('does not hold')} of them say
something that did not hold.

*Does not hold* is only written where a real file system showed it too. An ext4 and an XFS in a file were shut down without a flush of their log, at the
acknowledgement of 2 ("at once"), or after another file was synced besides ("later").

A promise of atomic writes that names no limit is taken to include loss of power. Its author may have meant other readers alone.

An ext4 that is mounted by default starts to flush a file that is renamed over another, and does not wait. That hides a missing sync most of the time. Where
another file is synced within a few milliseconds, real losses of power left zeros (\`npm run powercut\`).

A red answer lists file systems; *posix* is posix-weakest, in which all that was not synced survives or not. A number of states without *all* means that a bound
was needed: every prefix of the operations with a few of them lost or torn. Where a recovery is slow it is a part of the prefixes.

## What did not hold

${rows
  .filter((row) => claim(row) === 'does not hold')
  .map(broken)
  .join('\n')}
- **node-sqlite3-wasm 0.8.60**: a killed process is enough, without any loss of power. SQLite documents that a transaction that was cut off is rolled back by the next
  reader. Here it never is: the function that asks whether another process holds a lock (\`nodejsCheckReservedLock\`) finds the lock of its own connection, so SQLite
  takes the journal for that of a living process. After a kill between two writes half of an \`update\` is there, and \`sqlite3\` itself still rolls the same files back.
  \`test/programs/sqlite-in-wasm.test.ts\` kills a process at each write and shows both.

## What held

${rows
  .filter((row) => claim(row) === 'holds')
  .map(({ subject }) => subject.name)
  .join('; ')}. Not seen on a real disk, and so not claimed: ${
    rows
      .filter((row) => claim(row) === 'not seen')
      .map(({ subject }) => subject.name)
      .join('; ') || 'nothing'
  }.
`;
}

function broken({ subject, result }: Row): string {
  const seen = (result.real ?? []).filter(
    ({ outcome }) => outcome === 'damaged' || (outcome === 'lost' && subject.promises === 'kept'),
  );
  const where = seen.map((loss) => `${fileSystemWord(loss.fileSystem)}, ${atWord(loss.at)}: ${code(loss.words)}`).join('; ');
  return `- **${titleOf(subject)}**: ${subject.promise}. Seen on ${where}.`;
}

function overview(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const { subject, result } = row;
    const { kept, whole } = result.report;
    const real = (['ext4', 'xfs'] as const).map((name) => realWords(result.real ?? [], name));
    return `| ${titleOf(subject)} | ${subject.does} | ${answer(kept)} | ${answer(whole)} | ${real.join(' | ')} | ${claim(row)} |`;
  });
  return `| package | what it does | kept | whole | real ext4: at once, later | real XFS: at once, later | its promise |\n| --- | --- | --- | --- | --- | --- | --- |\n${lines.join('\n')}`;
}

function section({ subject, result }: Row): string {
  const { kept, whole } = result.report;
  const lines = [
    `### ${titleOf(subject)}`,
    '',
    `Promises: ${subject.promise}.${subject.note === undefined ? '' : ` ${subject.note}`}`,
    '',
  ];
  const findings: readonly (readonly [string, PackedFinding | undefined])[] = [
    ['whole', whole.findings[0]],
    [
      'kept',
      kept.findings.find(({ complaint }) => /acknowledged/.test(complaint)) ??
        (whole.findings.length === 0 ? kept.findings[0] : undefined),
    ],
  ];
  for (const [question, finding] of findings) if (finding !== undefined) lines.push(`- ${question}: ${findingWords(finding)}`);
  if (findings.every(([, finding]) => finding === undefined))
    lines.push(kept.verdict === 'held' ? `- held: ${kept.states} states` : `- ${kept.verdict}: ${kept.reasons.join('; ')}`);
  lines.push('');
  return lines.join('\n');
}

function findingWords({ complaint, fileSystems, losses, token }: PackedFinding): string {
  const first = complaint.split('\n')[0]?.replace(/: ENOENT.*/, ': ENOENT') ?? '';
  return [
    code(first.slice(0, 160)),
    `  - on ${fileSystems.join(', ')}; state \`${token}\``,
    ...(losses.length === 0 ? ['without any loss'] : losses.map(shortLoss)).map((loss) => `  - ${loss}`),
  ].join('\n');
}

/** Without the folders of packages, the lines of the drive, and drawn parts of names. */
function shortLoss(loss: string): string {
  return loss
    .replaceAll(/\S*\/node_modules\//g, '')
    .replaceAll(/ (?:from|at) \S*(?:drives\/|drive\.ts)\S*?(?=: |$)/g, '')
    .replaceAll(/[0-9a-f]{10,}/g, '*')
    .replaceAll(/ of process \d+/g, '');
}

function answer({ verdict, failing, states, isComplete }: PackedAnswer): string {
  if (verdict === 'violated') return `red: ${groupWords(failing)}`;
  return verdict === 'held' ? `held (${states} states${isComplete ? ', all' : ''})` : verdict;
}

function groupWords(names: readonly PersonalityName[]): string {
  if (names.length === 5) return 'everywhere';
  const short: Readonly<Record<PersonalityName, string>> = {
    'posix-weakest': 'posix',
    'ext4-ordered': 'ext4 noauto_da_alloc',
    ext4: 'ext4',
    xfs: 'XFS',
    btrfs: 'Btrfs',
  };
  return names.map((name) => short[name]).join(', ');
}

function realWords(real: readonly RealLoss[], fileSystem: 'ext4' | 'xfs'): string {
  return real
    .filter((loss) => loss.fileSystem === fileSystem)
    .map(({ outcome }) => (outcome === 'damaged' ? '**damaged**' : outcome))
    .join(', ');
}

function titleOf({ name, packages }: Subject): string {
  const [first = ''] = packages;
  const at = first.lastIndexOf('@');
  const variant = name.includes(', ') ? `, ${name.slice(name.indexOf(', ') + 2)}` : '';
  return `${first.slice(0, at)} ${first.slice(at + 1)}${variant}`;
}

function fileSystemWord(name: string): string {
  return name === 'xfs' ? 'XFS' : name;
}

function atWord(at: RealLoss['at']): string {
  return at === 'once' ? 'at once' : 'later';
}

function code(words: string): string {
  // Such as the zero bytes of a file that could not be read.
  const plain = [...words].map((sign) => (sign < ' ' ? JSON.stringify(sign).slice(1, -1) : sign)).join('');
  return `\`${plain.replaceAll('`', "'").replaceAll('|', '/')}\``;
}
