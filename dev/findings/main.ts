/**
 * `npm run findings -- [NAME...]`: packages from npm under every loss of power. `--install` installs them into `--scratch FOLDER` (a folder outside the
 * project), `--cut` also cuts the power of real file systems, `--state TOKEN` judges one state, `--page` writes docs/findings-npm.md from all results.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LoopDisk, whyNoPowerCut } from '../power-cut/loop-disk.ts';
import { removeStaleDisks } from '../power-cut/stale-disks.ts';
import { type Subject, subjects } from './catalogue.ts';
import type { PackedAnswer, PackedReport } from './packed-report.ts';
import { findingsPage } from './page.ts';
import { type RealLoss, realLoss } from './real-loss.ts';
import { outsideTheModel, readResult, writeResult } from './results.ts';
import { installPackages, readyScratch, usualScratch } from './scratch.ts';
import { workerCommand } from './worker-command.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    install: { type: 'boolean' },
    cut: { type: 'boolean' },
    page: { type: 'boolean' },
    list: { type: 'boolean' },
    state: { type: 'string' },
    scratch: { type: 'string' },
  },
});
const scratch = resolve(flags.scratch ?? usualScratch);
const cutFileSystems = ['ext4', 'xfs'] as const;

function stop(words: string): never {
  process.stderr.write(`${words}\n`);
  process.exit(2);
}

function chosen(): readonly Subject[] {
  for (const name of positionals)
    if (!subjects.some((subject) => subject.name === name))
      stop(`no package is called '${name}'; \`npm run findings -- --list\` lists them`);
  return positionals.length === 0 ? subjects : subjects.filter(({ name }) => positionals.includes(name));
}

function judged(subject: Subject): PackedReport {
  const [program = '', ...args] = workerCommand('judge', subject, scratch, ...(flags.state === undefined ? [] : [flags.state]));
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', timeout: 1_200_000 });
  if (status !== 0) throw new Error(`${subject.name} could not be judged: ${stderr.trim().split('\n').slice(-6).join('\n')}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as PackedReport;
}

async function cutPower(subject: Subject): Promise<readonly RealLoss[]> {
  const losses: RealLoss[] = [];
  for (const fileSystem of cutFileSystems) {
    const disk = new LoopDisk(fileSystem);
    try {
      for (const at of ['once', 'later'] as const) losses.push(await realLoss(disk, subject, scratch, at));
    } finally {
      disk.end();
    }
  }
  return losses;
}

function say(name: string, { kept, whole }: PackedReport, real: readonly RealLoss[]): void {
  const words = (question: string, { verdict, reasons, failing, states, findings }: PackedAnswer): string =>
    [
      `  ${question} ${verdict}${failing.length === 0 ? '' : ` on ${failing.join(', ')}`}; ${states} states${reasons.map((reason) => `; ${reason}`).join('')}`,
      ...findings.map(
        ({ complaint, losses, token }) =>
          `    ${complaint.split('\n')[0]}\n      ${[...losses, `state ${token}`].join('\n      ').replaceAll(/\S*\/node_modules\//g, '')}`,
      ),
    ].join('\n');
  const cuts = real.map(
    ({ fileSystem, at, outcome, words: found }) =>
      `  real ${fileSystem}, cut ${at === 'once' ? 'at the acknowledgement' : 'after another sync'}: ${outcome} (${found})`,
  );
  process.stdout.write(`${[name, words('kept: ', kept), words('whole:', whole), ...cuts].join('\n')}\n`);
}

if (flags.list === true) process.stdout.write(subjects.map(({ name, does }) => `${name.padEnd(34)}${does}\n`).join(''));
else if (flags.page === true) writeFileSync('docs/findings-npm.md', findingsPage(scratch));
else {
  const wanted = chosen();
  if (flags.install === true) installPackages(scratch, wanted);
  const missing = wanted.map((subject) => readyScratch(scratch, subject)).find((words) => words !== undefined);
  if (missing !== undefined) stop(missing);
  if (flags.cut === true) removeStaleDisks();
  const why = flags.cut === true ? cutFileSystems.map(whyNoPowerCut).find((words) => words !== undefined) : undefined;
  if (why !== undefined) stop(`no power can be cut here: ${why}`);
  for (const subject of wanted) {
    const report = judged(subject);
    const real = flags.cut === true ? await cutPower(subject) : (readResult(scratch, subject)?.real ?? []);
    say(subject.name, report, flags.cut === true ? real : []);
    if (flags.state !== undefined) continue;
    const result = { packages: subject.packages, report, real };
    writeResult(scratch, subject, result);
    for (const words of outsideTheModel(result)) {
      process.stderr.write(`${subject.name}: a real disk left what the model calls impossible: ${words}\n`);
      process.exitCode = 1;
    }
  }
}
