/** `recoverFrom` on logs with promises, and on code that it cannot judge. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, use } from 'chai';
import { lazuriteChai } from '../../testing/chai.ts';
import {
  type AnyLog,
  everyCrashImage,
  type OpenAsyncLog,
  type OpenLog,
  type RenamingStorage,
  recoverFrom,
} from '../../testing/recover-from.ts';
import { carefulLog, hopefulLog } from './own-logs.ts';

use(lazuriteChai);

const plan = everyCrashImage({ batches: [1, 2], entryBytes: 40 });

/** The same log with promises all the way. */
function withPromises(open: OpenLog): OpenAsyncLog {
  return async (storage) => {
    const log = open(storage);
    return {
      append: async (entry) => log.append(entry),
      flush: async () => {
        await wait(0);
        log.flush();
      },
      read: async () => log.read(),
    };
  };
}

describe('an asynchronous log of your own', () => {
  it('is judged as a synchronous one', async () => {
    for (const open of [carefulLog, hopefulLog]) {
      const result = await recoverFrom(withPromises(open), plan);
      expect(result).to.deep.equal(recoverFrom(open, plan));
    }
  });

  it('does not fail in silence where its test forgets to await it', () => {
    const ends = (assertion: string): string => {
      const code = [
        "import { expect, use } from 'chai';",
        "import { lazuriteChai } from './testing/chai.ts';",
        "import { everyCrashImage } from './testing/recover-from.ts';",
        'use(lazuriteChai);',
        "process.on('uncaughtException', ({ message }) => console.log(message));",
        'const forgetful = async () => ({ append: async () => {}, flush: async () => {}, read: async () => [] });',
        assertion,
      ].join('\n');
      const flags = ['--import', './dev/strip-types.js', '--conditions=lazurite-source', '--input-type=module', '-e', code];
      return spawnSync(process.execPath, flags, { cwd: resolve(import.meta.dirname, '../..'), encoding: 'utf8' }).stdout;
    };
    const assertion = 'expect(forgetful).to.recoverFrom(everyCrashImage())';
    expect(ends(`${assertion};`)).to.match(/^an assertion on an async log was not awaited, and it failed; write `await expect/);
    expect(ends(`await ${assertion}.then(undefined, () => console.log('red'));`)).to.equal('red\n');
  }).timeout(60_000);

  it('is awaited by its test', async () => {
    await expect(withPromises(carefulLog)).to.recoverFrom(plan);
    let message = '';
    try {
      await expect(withPromises(hopefulLog)).to.recoverFrom(plan);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).to.match(
      /^expected the log to recover from every crash image, but from \d+ of \d+ it did not; power failed before/,
    );
  });

  it('is found where its flush does not wait for the sync', async () => {
    const hasty: OpenAsyncLog = async (storage) => {
      const log = carefulLog(storage);
      return {
        append: async (entry) => log.append(entry),
        flush: async () => {
          // Nobody waits for it.
          void wait(0).then(() => log.flush());
        },
        read: async () => log.read(),
      };
    };
    const { findings } = await recoverFrom(hasty, plan);
    expect(findings.map(({ message }) => message).join()).to.contain('that a flush had acknowledged');
  });
});

describe('code that was not tested', () => {
  const inMemory = (kept: Uint8Array[]): AnyLog => ({
    append: (entry) => kept.push(entry),
    flush: () => undefined,
    read: () => kept,
  });
  const untouched: Uint8Array[] = [];
  const beside: Uint8Array[] = [];
  const cases: readonly (readonly [what: string, words: RegExp, open: OpenLog])[] = [
    ['a log that never touches its storage', /the log wrote nothing/, () => inMemory(untouched)],
    [
      'a log that writes, and reads from elsewhere',
      /on an empty disk the log has 3 entries/,
      (storage) => {
        if (storage.list('log').length === 0) storage.create('log/marker');
        storage.syncDirectory('log');
        return inMemory(beside);
      },
    ],
  ];
  for (const [what, words, open] of cases)
    it(`${what} is refused, also by a negated assertion`, () => {
      expect(recoverFrom(open, plan).untested).to.match(words);
      expect(() => expect(open).to.recoverFrom(plan)).to.throw(/nothing was tested/);
      expect(() => expect(open).to.not.recoverFrom(plan)).to.throw(/nothing was tested/);
    });

  const sentences: readonly (readonly [what: string, words: string, act: () => unknown])[] = [
    ['no plan', 'takes a plan: `everyCrashImage()`', () => (expect(carefulLog).to.recoverFrom as () => unknown)()],
    ['a plan of nothing', '`batches` is a list of sizes', () => recoverFrom(carefulLog, everyCrashImage({ batches: [] }))],
    [
      'entries of one byte',
      '`entryBytes` is a whole number from 2 on',
      () => recoverFrom(carefulLog, everyCrashImage({ entryBytes: 1 })),
    ],
    ['a log in place of a function', 'expected a function that opens a log', () => expect(inMemory([])).to.recoverFrom(plan)],
    [
      'a log without read()',
      'what was opened lacks read',
      () => recoverFrom((() => ({ append: () => 0, flush: () => 0 })) as unknown as OpenLog, plan),
    ],
    ['no log at all', 'lacks append, flush, read', () => recoverFrom((() => undefined) as unknown as OpenLog, plan)],
  ];
  for (const [what, words, act] of sentences)
    it(`${what} is told in a sentence`, () => {
      expect(act).to.throw(Error, words).and.not.be.instanceOf(TypeError);
    });

  it('entries that are no bytes are told', () => {
    const open = ((storage: RenamingStorage) => ({ ...carefulLog(storage), read: () => ['a'] })) as unknown as OpenLog;
    expect(() => recoverFrom(open, plan)).to.throw('read() gives entries as Uint8Array');
  });
});
