/** From the packed tarball alone: each template of `init` is written into an empty folder, installed, run and tested. Needs a registry. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'lazurite-tarball-'));

const story = 'scenarios/library/06-a-torn-last-frame.ts';
/** Each kind of unit, in worker threads, and what is found beside the command: the scenarios, the page and the lessons that ship. */
const inWorkers: readonly (readonly string[])[] = [
  ['run', story, 'scenarios/library/03-a-voter-votes-the-same-again.ts', '--jobs', '2'],
  ['crashpoints', story, '--node', 'B', '--site', 'publish', '--jobs', '2'],
  ['fuzz', story, '--runs', '4', '--jobs', '2'],
  ['explore', story, '--node', 'B', '--deviations', '0', '--jobs', '2'],
  ['museum', '--exhibit', 'fsync-retried', '--runs', '2', '--jobs', '2'],
  ['view', story, '--html', 'page.html'],
  ['learn', '5'],
];

/** What it printed; an error if it ended with another status than `expected`. */
function run(
  command: string,
  args: readonly string[],
  cwd: string,
  { expected = 0, env = {} }: { expected?: number; env?: NodeJS.ProcessEnv } = {},
): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, ...env } });
  if (status === expected) return stdout;
  throw new Error(`${command} ${args.join(' ')} in ${cwd} ended with ${status}:\n${stdout}\n${stderr}`);
}

/** The seven exercises are red until they are solved: mocha ends with the number of failures. */
function testCourse(project: string): void {
  run('npm', ['test'], project, { expected: 7 });
  run('npm', ['test'], project, { env: { COURSE: 'solutions' } });
}

try {
  const packed = run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], root).trim().split('\n').at(-1) ?? '';
  const tarball = join(folder, packed);
  for (const template of ['minimal', 'mocha', 'course']) {
    const project = join(folder, template);
    mkdirSync(project);
    run('npx', ['--yes', '--package', tarball, 'lazurite', 'init', '--template', template], project);
    const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>;
    };
    writeFileSync(
      join(project, 'package.json'),
      JSON.stringify({ ...manifest, devDependencies: { ...manifest.devDependencies, lazurite: tarball } }),
    );
    run('npm', ['install', '--no-audit', '--no-fund'], project);
    run('npm', ['start'], project);
    if (template === 'mocha') run('npm', ['test'], project);
    else if (template === 'course') testCourse(project);
    else for (const args of inWorkers) run('npx', ['lazurite', ...args], project);
    console.log(`${template}: installed, run${template === 'minimal' ? '' : ', tested'}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
