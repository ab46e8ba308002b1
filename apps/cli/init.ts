/** `init`: a project that runs at once. Never overwrites without --force, and then only what it writes itself. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { ScenarioError } from '../../scenarios/index.ts';
import { tryToWrite, writeWhole } from '../output/write-whole.ts';
import { packaged } from './packaged.ts';

const story = `import { agreement, decides, event, noEquivocation, scenario } from 'lazurite';

export default scenario('a proposer comes back', { A: 10, B: 10, C: 40 })
  .describe('C loses power when its proposal has left, and must propose the same value again.')
  .proposer(3, 0, 'C')
  .node('C', (c) =>
    c
      .waitUntil(event('proposal.local', { height: 3 }), { as: 'the proposal' })
      .crash({ after: 'publish' })
      .restart({ after: '1s' })
      .expect(event('publish', { type: 'proposal', height: 3 }), { as: 'the same again', sameAs: 'the proposal', within: '1s' }),
  )
  .variants(
    { name: 'with the log' },
    { name: 'no WAL', wal: 'none', expect: { fail: ['no-equivocation'], steps: ['the same again'] } },
  )
  .expect(agreement(), noEquivocation(), decides(5, { within: '30s' }));
`;

const test = `import { expect, use } from 'chai';
import { event, scenario } from 'lazurite';
import { lazuriteChai } from 'lazurite/chai';
import { itAtEveryCrashPoint } from 'lazurite/mocha';

use(lazuriteChai);
const four = () => scenario('four validators', { A: 1, B: 1, C: 1, D: 1 });

describe('a validator that dies', () => {
  it('comes back with its votes', () => {
    const run = four()
      .node('B', (b) =>
        b
          .waitUntil(event('vote.cast', { type: 'precommit', height: 2 }))
          .crash({ after: 'publish' })
          .restart({ after: '2s' }),
      )
      .run();
    expect(run).to.be.asIntended();
    expect(run).to.not.equivocate();
    expect(run.node('B')).to.replay({ height: 2 }).restoring('votes', 'lock');
  });

  itAtEveryCrashPoint(four(), { node: 'B', heights: [1, 1], sites: ['wal.flush', 'publish'] }, (run) => {
    expect(run).to.agree();
    expect(run).to.not.equivocate();
  });
});
`;

const templates = ['minimal', 'mocha', 'course'] as const;
type Template = (typeof templates)[number];

function filesOf(template: Template, name: string, version: string): Readonly<Record<string, string>> {
  if (template === 'course') return courseFiles(name, version);
  const isMocha = template === 'mocha';
  const manifest = {
    name,
    private: true,
    type: 'module',
    scripts: {
      start: 'lazurite run scenarios',
      crashpoints: 'lazurite crashpoints scenarios/a-proposer-comes-back.ts --node C --site wal.flush,publish',
      ...(isMocha ? { test: 'mocha --timeout 60000' } : {}),
    },
    devDependencies: { lazurite: `^${version}`, ...(isMocha ? { chai: '^6.0.0', mocha: '^12.0.0' } : {}) },
  };
  return {
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    'scenarios/a-proposer-comes-back.ts': story,
    '.gitignore': 'node_modules/\n.lazurite/\n',
    ...(isMocha ? { 'test/recovery.test.js': test } : {}),
  };
}

/** The course ships as a folder; npm gives a package's own .gitignore to nobody, so it is written here. */
function courseFiles(name: string, version: string): Readonly<Record<string, string>> {
  const folder = packaged('docs/course');
  const manifest = {
    name,
    private: true,
    type: 'module',
    scripts: { start: 'lazurite run scenarios', test: 'mocha --timeout 60000' },
    devDependencies: { lazurite: `^${version}`, chai: '^6.0.0', mocha: '^12.0.0' },
  };
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /\.(js|md)$/.test(file) && file !== 'for-teachers.md',
  );
  return {
    'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
    '.gitignore': 'node_modules/\n.lazurite/\n',
    ...Object.fromEntries(files.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')])),
  };
}

export function initCommand(program: Command, print: (text: string) => void): void {
  program
    .command('init')
    .description('a project with a scenario (and mocha tests) that runs at once')
    .argument('[dir]', 'where', '.')
    .option('--template <name>', 'minimal, mocha or course', 'mocha')
    .option('--force', 'overwrite files of the same names')
    .action((dir: string, { template, force }: { readonly template: string; readonly force?: boolean }) => {
      const known = templates.find((one) => one === template);
      if (known === undefined) throw new ScenarioError(`--template ${template}: there are ${templates.join(', ')}`);
      const folder = resolve(dir);
      if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
        throw new ScenarioError(`${dir}: this is a file; give a folder, which is made where it is missing`);
      const files = filesOf(
        known,
        basename(folder)
          .toLowerCase()
          .replaceAll(/[^a-z0-9-]/g, '-') || 'crashes',
        ownVersion(),
      );
      const taken = Object.keys(files).filter((name) => existsSync(join(folder, name)));
      // All is looked at before anything is written: nothing is half done.
      if (taken.length > 0 && force !== true)
        throw new ScenarioError(
          `${folder} holds ${taken.join(', ')} already; nothing was written. Choose another folder, or --force`,
        );
      for (const name of Object.keys(files)) tryToWrite(join(folder, name));
      for (const [name, text] of Object.entries(files)) writeWhole(join(folder, name), text);
      print(
        `${Object.keys(files).join('\n')}\n\nnext: ${dir === '.' ? '' : `cd ${dir} && `}npm install && npm start${known === 'minimal' ? '' : ' && npm test'}`,
      );
    });
}

function ownVersion(): string {
  return (JSON.parse(readFileSync(packaged('package.json'), 'utf8')) as { readonly version: string }).version;
}
