import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';

const root = resolve(import.meta.dirname, '../../..');
const main = join(root, 'dist/apps/cli/main.js');

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function lazurite(args: readonly string[], cwd = root, env: Readonly<Record<string, string>> = {}): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', ...env },
  });
  return { status, stdout, stderr };
}

describe('the command', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-cli-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const write = (name: string, text: string): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  it("runs the README's own scenario from another folder", () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
    write('mine.ts', code);
    const { status, stdout } = lazurite(['run', 'mine.ts'], folder);
    expect(stdout).to.match(/✓ held {2}proposer crashes after proposing/);
    expect(status).to.equal(0);
  });

  it('gives the same hashes with one worker and with two, in another time zone and language', () => {
    const file = 'scenarios/library/06-a-torn-last-frame.ts';
    const hashes = [
      lazurite(['run', file, 'scenarios/library/03-a-voter-votes-the-same-again.ts', '--json', '--jobs', '1']),
      lazurite(['run', file, 'scenarios/library/03-a-voter-votes-the-same-again.ts', '--json', '--jobs', '2'], root, {
        TZ: 'Asia/Tokyo',
        LANG: 'tr_TR.UTF-8',
      }),
    ].map(({ stdout }) => (JSON.parse(stdout) as { scenarios: { hash: string }[] }).scenarios.map(({ hash }) => hash));
    expect(hashes[0]).to.have.length(2);
    expect(hashes[0]).to.deep.equal(hashes[1]);
  });

  it('exits 1 when a variant that is expected to fail holds', () => {
    const file = write(
      'no-surprise.ts',
      "import { scenario } from 'lazurite'; export default scenario('quiet', { A: 1 }).variants({ name: 'x', expect: { fail: ['agreement'] } });",
    );
    const { status, stdout } = lazurite([file]);
    expect(stdout).to.contain('agreement was expected to fail and did not');
    expect(status).to.equal(1);
  });

  it('shows what there is where nothing is asked of it', () => {
    const { status, stdout } = lazurite([]);
    expect(stdout).to.match(/Usage: lazurite[\s\S]*crashpoints/);
    expect(status).to.equal(2);
  });

  it('says what is wrong with bad input, where, and what to do, and exits 2', () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['runn', 'mine.ts'], /no command and no file is called 'runn'; did you mean 'run'\?/],
      [['run', 'nowhere.ts'], /nowhere\.ts: there is no such file or folder; give/],
      [['run', '--sede', '1', 'x'], /unknown option '--sede'[\s\S]*--seed/],
      [
        ['run', write('broken.ts', "import { scenario } from 'lazurite';\nexport default scenario('x', { A: 1 }")],
        /broken\.ts:2:\d+: /,
      ],
      [['run', write('nothing.ts', 'export const x = 1;')], /nothing\.ts: the default export is not a scenario; write/],
      [
        [
          'run',
          write(
            'who.ts',
            "import { scenario } from 'lazurite';\nexport default scenario('x', { A: 1 }).node('Z' as never, (n) => n);",
          ),
        ],
        /who\.ts:2:\d+: no node is called 'Z'; there are A/,
      ],
      [
        ['run', 'scenarios/library/01-the-lesson-of-the-log.ts', '--variant', 'x'],
        /has no variant 'x'; its variants: 'with the log'/,
      ],
      [
        ['crashpoints', 'scenarios/library/06-a-torn-last-frame.ts', '--heights', 'x'],
        /'x' is no range of heights; write 10 or 3-5/,
      ],
      [
        ['crashpoints', 'scenarios/library/06-a-torn-last-frame.ts', '--break', 'x'],
        /no exhibit is called 'x'; there are no-wal/,
      ],
    ];
    for (const [args, message] of cases) {
      const { status, stderr } = lazurite(args);
      expect(stderr, args.join(' ')).to.match(message);
      expect(status, args.join(' ')).to.equal(2);
    }
  });

  it('exits 4 when nothing matches', () => {
    expect(lazurite(['run', 'scenarios/library', '--grep', 'no such story']).status).to.equal(4);
  });

  it('prints the recovery tables and lists the library', () => {
    const table = lazurite(['recovery-table']);
    expect(table.status).to.equal(0);
    expect(table.stdout.match(/each met exactly once: yes/g)).to.have.length(2);
    expect(lazurite(['list', 'scenarios/library']).stdout).to.contain('the lesson of the log');
  });

  it('names the crash points of one height, and judges them', () => {
    const { status, stdout } = lazurite([
      'crashpoints',
      'scenarios/library/06-a-torn-last-frame.ts',
      '--node',
      'B',
      '--heights',
      '3',
      '--site',
      'publish',
      '--json',
    ]);
    const result = JSON.parse(stdout) as { points: number; held: number; ok: boolean };
    expect(status).to.equal(0);
    expect(result.ok).to.equal(true);
    expect(result.points).to.equal(result.held);
    expect(result.points).to.be.greaterThan(3);
  });

  it('works as README says: its commands exist', () => {
    const readme = readFileSync(join(root, 'README.md'), 'utf8');
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    for (const [, script = ''] of readme.matchAll(/npm (?:run )?(start|test|seeds|conformance)/g))
      expect(scripts).to.have.property(script);
    const help = execFileSync(process.execPath, [main, '--help'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    for (const command of ['run', 'list', 'crashpoints', 'recovery-table', 'wal']) expect(help).to.contain(command);
  });

  it('speaks in colour, in ASCII, and as much as it is asked to', () => {
    const story = 'scenarios/library/14-a-partition-that-heals.ts';
    expect(lazurite(['run', story, '--color', 'always']).stdout).to.contain('\u001b[32m');
    expect(lazurite(['run', story]).stdout).to.not.contain('\u001b');
    expect(lazurite(['run', story, '--ascii']).stdout).to.match(/^\+ held[\0-\x7f]*$/);
    expect(lazurite(['run', story, '--level', 'quiet']).stdout.trim()).to.match(/^1 of 1 runs as expected/);
    const wal = lazurite(['run', story, '--level', 'wal']).stdout;
    expect(wal).to.contain('wal.flush').and.to.not.contain('publish ');
    expect(lazurite(['run', story, '-v']).stdout).to.contain('publish ');
  });

  it('gives a run up at the limit of its steps, says so, and exits 3', () => {
    const { status, stdout } = lazurite(['run', 'scenarios/yaml/a-wiped-disk.yaml', '--max-steps', '50']);
    expect(stdout).to.contain('given up at the limit of deliveries, after 50 deliveries');
    expect(status).to.equal(3);
  });

  it('says so when what was asked for did not happen', () => {
    const reached = lazurite(['run', '--validators', '4', '--crash', 'B@1.0/wal.flush~99:before']);
    expect(reached.stdout).to.contain('fault 1 (crash) never struck: B@1.0/wal.flush~99:before was not reached');
    expect(reached.status).to.equal(1);
    const story = (faults: string): string =>
      write(
        'never.yaml',
        `scenario: never\nvalidators: { A: 1, B: 1, C: 1, D: 1 }\nfaults:\n${faults}\nuntil: { time: 500ms }\n`,
      );
    for (const [faults, why] of [
      ['  - { at: { event: abstain.begin }, fault: { type: kill, nodes: [B] } }', 'abstain.begin did not come'],
      ['  - { at: { time: 0 }, fault: { type: message, from: A, to: B, nth: 9999, fate: lost } }', 'no such message was sent'],
      ['  - { at: { time: 300ms }, fault: { type: timer, node: B, timer: propse } }', 'B had no such timer armed'],
    ] as const)
      expect(lazurite(['run', story(faults)]).stdout, faults).to.contain(why);
    const sites = (names: string): { readonly stderr: string } =>
      lazurite(['crashpoints', 'scenarios/library/02-the-proposer-proposes-again.ts', '--site', names]);
    expect(sites('relay').stderr).to.contain('the sites at these heights are');
    expect(sites('wal.flush,publsh').stderr).to.contain("no site is called 'publsh'; did you mean 'publish'?");
  });

  describe('answers what is not there with a sentence, and never with a bug', () => {
    const refused: readonly (readonly [readonly (string | (() => string))[], string])[] = [
      [['crashpoints', 'nope.ts'], 'there is no such file'],
      [['fuzz', 'scenarios'], 'this is a folder'],
      [
        ['check', () => write('names.yaml', 'scenario: x\nvalidators: { A: 1 }\nexpect: [agreemnt]\n')],
        "did you mean 'agreement'",
      ],
      [
        ['check', () => write('nobody.yaml', 'scenario: x\nvalidators: { A: 1 }\nexpect: [{ decides: 3, nodes: [Z] }]\n')],
        "no node is called 'Z'",
      ],
      [['check', () => write('empty.yaml', 'scenario: x\nvalidators: {}\n')], 'at least one validator'],
      [
        ['check', () => write('mark.yaml', 'scenario: x\nvalidators: { A: 1 }\nmustReach: [wal.abstain]\n')],
        "mark.yaml:3:13: no mark is called 'wal.abstain'; did you mean 'wal.abstains'?",
      ],
      [['run', 'scenarios/library/14-a-partition-that-heals.ts', '--seed', '4294967299'], 'give a seed from 0 to 4294967295'],
      [
        ['crashpoints', 'scenarios/library/02-the-proposer-proposes-again.ts', '--break', 'raft-commits-old-term'],
        'is a node of raft',
      ],
      [['run', '--config', () => write('c.json', '{"fuzz":{"runs":"x"}}')], 'fuzz.runs: give a whole number'],
      [['wal', 'verify', 'nosuch.wal'], 'there is no such file'],
      [
        ['fuzz', 'scenarios/yaml/a-wiped-disk.yaml', '--break', 'no-fsnc'],
        "no exhibit is called 'no-fsnc'; did you mean 'no-fsync'?",
      ],
      [['explore', 'scenarios/yaml/a-wiped-disk.yaml', '--break', 'no-fsnc'], "did you mean 'no-fsync'?"],
      [['crashpoints', 'scenarios/yaml/a-wiped-disk.yaml', '--heights', '5-3'], 'write 3-5'],
    ];
    for (const [given, words] of refused)
      it(words, () => {
        const args = given.map((one) => (typeof one === 'string' ? one : one()));
        const { status, stderr, stdout } = lazurite(args);
        expect(stderr + stdout, args.join(' ')).to.contain(words);
        expect(stderr + stdout, args.join(' ')).to.not.contain('a bug in lazurite');
        expect(status, args.join(' ')).to.equal(2);
      });
    it('and what is there by its exit code', () => {
      expect(lazurite(['wal', 'verify', 'package.json']).status).to.equal(2);
      expect(lazurite(['--version']).stdout).to.match(/^\d+\.\d+\.\d+/);
      expect(lazurite(['why', 'scenarios/yaml/a-wiped-disk.yaml', '50']).status).to.equal(0);
    });
  });

  it('looks into logs of other engines, and never changes them', () => {
    const logs = join(root, 'test/conformance/data/wal');
    const dumped = lazurite(['wal', 'dump', join(logs, 'cometbft/one-height.wal')]).stdout;
    expect(dumped.split('\n')[0]).to.match(/clean, 18 entries \(cometbft\)$/);
    expect(dumped).to.contain('type prevote');
    const verify = (...names: readonly string[]): number | null =>
      lazurite(['wal', 'verify', ...names.map((name) => join(logs, name))]).status;
    expect(verify('malachite/torn-last-20.wal', 'cometbft-groups/intact')).to.equal(0);
    expect(verify('malachite/one-round.wal', 'malachite/bad-crc-middle.wal')).to.equal(1);
    const read = JSON.parse(lazurite(['wal', 'json', join(logs, 'malachite/timeouts-all.wal')]).stdout) as {
      entries: readonly { kind: string; decoded: unknown }[];
    };
    expect(read.entries[4]).to.deep.include({ kind: 'timeout', decoded: { round: -1, timeout: 'propose' } });
    expect(lazurite(['wal', 'compare', join(logs, 'malachite/bad-crc-middle.wal')]).stdout).to.match(
      /lazurite .*gives up +0 whole[\s\S]*malachite .*gives up +4 whole/,
    );
    const out = join(folder, 'cut.wal');
    expect(lazurite(['wal', 'cut', join(logs, 'malachite/torn-last-20.wal'), '--out', out]).stdout).to.contain('20 cut');
    expect(readFileSync(out).length).to.equal(4832);
    expect(lazurite(['wal', 'cut', join(logs, 'malachite/torn-last-20.wal'), '--out', out]).stderr).to.contain(
      'the name is taken',
    );
    const refused = lazurite(['wal', 'cut', join(logs, 'malachite/bad-crc-middle.wal'), '--out', join(folder, 'no.wal')]);
    expect(refused.status).to.equal(2);
    expect(refused.stderr).to.contain('only a torn tail is cut by itself');
  });

  it('walks every lesson, and reads one in the terminal, where the answer comes after a guess', () => {
    const walked = lazurite(['learn', '--check']);
    expect(walked.status, walked.stdout).to.equal(0);
    expect(walked.stdout.match(/✓/g)?.length).to.equal(16);
    expect(lazurite(['learn', '--text']).stdout).to.contain('16  One key on two machines');
    const asked = lazurite(['learn', '2', '--text']).stdout;
    expect(asked).to.contain('What do they do at height 3?').and.to.contain('Guess first');
    expect(asked).not.to.contain('Nothing that they know speaks against it');
    const guessed = lazurite(['learn', '2', '--text', '--guess', '1']).stdout;
    expect(guessed)
      .to.contain('✕ They wait until')
      .and.to.contain('✓ They vote as if for the first time.')
      .and.to.contain('Now you');
    expect(lazurite(['learn', '17']).status).to.equal(2);
  }).timeout(120_000);

  it('writes the course, and the page of a run, and both hold every lesson', () => {
    const [course, run] = [join(folder, 'course.html'), join(folder, 'run.html')];
    expect(lazurite(['learn', '5', '--html', course]).stdout).to.contain('opened at "Flush before you speak"');
    expect(lazurite(['view', 'scenarios/library/06-a-torn-last-frame.ts', '--html', run]).status).to.equal(0);
    for (const file of [course, run]) {
      const text = readFileSync(file, 'utf8');
      expect(text).to.match(/^<!doctype html>/);
      const [, packed = ''] = /id="data">([^<]*)</.exec(text) ?? [];
      const held = JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as { lessons: readonly unknown[] };
      expect(held.lessons.length).to.equal(16);
    }
    expect(lazurite(['view', 'scenarios/library/06-a-torn-last-frame.ts', '--html', run]).status, 'it exists').to.equal(2);
  }).timeout(120_000);

  it('keeps one run as a file that replays to its hash, and opens in the page', () => {
    const file = join(folder, 'one.json');
    const story = 'scenarios/library/03-a-voter-votes-the-same-again.ts';
    expect(lazurite(['run', 'scenarios/library/01-the-lesson-of-the-log.ts', '--record', file]).status, 'four variants').to.equal(
      2,
    );
    expect(lazurite(['run', story, '--record', file]).status).to.equal(0);
    const { hash, recorded, ok } = JSON.parse(lazurite(['replay', file, '--json']).stdout) as Record<string, unknown>;
    expect([ok, hash]).to.deep.equal([true, recorded]);
    const { stdout } = lazurite(['view', file, '--html', join(folder, 'one.html')]);
    expect(stdout).to.contain(`hash ${String(hash)}`);
  }).timeout(120_000);

  it('exports, completes, and says what is wrong here', () => {
    const { status, stdout } = lazurite(['export', 'scenarios/library/06-a-torn-last-frame.ts', '--as', 'mermaid']);
    expect(status).to.equal(0);
    expect(stdout).to.contain('sequenceDiagram');
    expect(lazurite(['export', 'scenarios/library/06-a-torn-last-frame.ts', '--as', 'word']).status).to.equal(2);
    const bash = lazurite(['completion', 'bash']).stdout;
    const completed = spawnSync(
      'bash',
      ['-c', `${bash}\nCOMP_WORDS=(lazurite crashp); COMP_CWORD=1; _lazurite; echo "\${COMPREPLY[@]}"`],
      { encoding: 'utf8' },
    );
    expect(completed.stdout.trim()).to.equal('crashpoints');
    expect(lazurite(['doctor']).status).to.equal(0);
  }).timeout(60_000);

  it('takes defaults from a configuration, and names what is wrong in it', () => {
    write('quiet.config.ts', 'const quiet: boolean = true;\nexport default { run: { quiet } };\n');
    const quiet = lazurite(['--config', join(folder, 'quiet.config.ts'), 'run', 'scenarios/library/06-a-torn-last-frame.ts']);
    expect(quiet.stdout.trim()).to.match(/^1 of 1 runs as expected/);
    write('wrong.config.json', '{ "run": { "loud": true } }');
    const wrong = lazurite(['--config', join(folder, 'wrong.config.json'), 'run', 'scenarios/library/06-a-torn-last-frame.ts']);
    expect(wrong.status).to.equal(2);
    expect(wrong.stderr).to.contain("run has no flag 'loud'");
  }).timeout(60_000);

  it('runs again when a scenario changes', async () => {
    const file = write('watched.yaml', 'scenario: watched\nvalidators: { A: 1 }\nuntil: { time: 100ms }\n');
    const child = spawn(process.execPath, [main, 'run', '--watch', file], {
      cwd: folder,
    });
    let text = '';
    child.stdout.on('data', (data: Buffer) => {
      text += data.toString();
    });
    const times = async (count: number): Promise<void> => {
      while ((text.match(/runs as expected/g)?.length ?? 0) < count) await new Promise((resolve) => setTimeout(resolve, 50));
    };
    await times(1);
    writeFileSync(file, 'scenario: watched again\nvalidators: { A: 1 }\nuntil: { time: 100ms }\n');
    await times(2);
    child.kill();
    expect(text).to.contain('watched again');
  }).timeout(60_000);
});
