/** docs/guide/any-program.md, followed from an empty folder: each file is written and each command run, in the order of the page. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { command } from '../apps/cli/command-run.ts';
import { whyNoFuse } from '../programs/recording/fuse/fuse-here.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/guide/any-program.md'), 'utf8');
const blocks = [...page.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language = '', text = '']) => ({ language, text }));
const hasPython = spawnSync('python3', ['--version']).status === 0 && spawnSync('strace', ['true']).status === 0;

/** The programs that the page names, as they are started here. */
function startOf(words: readonly string[]): readonly string[] {
  const [, program, ...rest] = words;
  if (program === 'lazurite') return [...command, ...rest];
  // Any way to run TypeScript would do; the package itself is as it ships.
  return [
    '--import',
    join(root, 'dev/strip-types.js'),
    join(root, 'node_modules/mocha/bin/mocha.js'),
    '--no-config',
    '--no-package',
    ...rest,
  ];
}

function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
}

describe('the guide to any program, from an empty folder', function () {
  this.timeout(300_000);
  let folder: string;
  let noFuse: string | undefined;
  before(async () => {
    noFuse = await whyNoFuse();
    folder = mkdtempSync(join(tmpdir(), 'lazurite-guide-'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/lazurite'));
  });
  after(() => rmSync(folder, { recursive: true }));

  let commands = 0;
  for (const { language, text } of blocks) {
    const [, file] = /^(?:\/\/|#) file: (\S+)/.exec(text) ?? [];
    if (file !== undefined) it(`write ${file}`, () => writeFileSync(join(folder, file), text));
    else if (language === 'sh')
      for (const line of text.trim().split('\n')) {
        commands += 1;
        const [command = '', comment = ''] = line.split(/\s+# /);
        const exit = Number(/exit (\d+)/.exec(comment)?.[1] ?? 0);
        it(`${command} ends with ${exit}`, function () {
          // The check that stays judges what a program in Python did.
          if (/python3|--warm/.test(command) && !hasPython) this.skip();
          if (/--by fuse|mapped\.record/.test(command) && noFuse !== undefined) {
            process.stdout.write(`      no file system records here: ${noFuse}\n`);
            this.skip();
          }
          const { status, stdout, stderr } = spawnSync(process.execPath, startOf(wordsOf(command)), {
            cwd: folder,
            encoding: 'utf8',
            env: { ...process.env, NODE_OPTIONS: '' },
          });
          expect(status, `${stdout}\n${stderr}`).to.equal(exit);
          if (command.includes('mocha') && exit === 1)
            expect(stdout).to.contain('the rename of count.new to count is lost at store.ts:6: the directory was never synced');
        });
      }
  }

  it('shows all of it', () => expect(commands).to.equal(13));
});
