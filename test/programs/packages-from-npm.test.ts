/**
 * Known answers: packages that many projects keep their state with, under every loss of power. What each promises differs; docs/guide/any-program.md says
 * what is a broken promise and what is not. Sound programs must be green: a false alarm here is a bug of the checker.
 */
import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { open, readFile, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import Conf from 'conf';
import { JSONFilePreset } from 'lowdb/node';
import pino from 'pino';
import { everyPowerLoss, type PowerLossTest, reportLines, type StatesReport } from '../../programs/index.ts';

const require = createRequire(import.meta.url);
const writeFileAtomic = require('write-file-atomic') as (file: string, text: string) => Promise<void>;
const Datastore = require('@seald-io/nedb') as new (options: {
  readonly filename: string;
  readonly corruptAlertThreshold?: number;
}) => {
  readonly loadDatabaseAsync: () => Promise<void>;
  readonly insertAsync: (document: { readonly value: number }) => Promise<unknown>;
  readonly compactDatafileAsync: () => Promise<void>;
  readonly getAllData: () => readonly { readonly value: number }[];
};
const jsonfile = require('jsonfile') as { readonly writeFile: (file: string, value: unknown) => Promise<void> };

/** A program that acknowledges 1, 2 and 3, and what of them it finds again. */
type Numbers = PowerLossTest<number, number>;

const keepsAll = (found: number, acknowledged: readonly number[]): void => {
  const last = acknowledged.at(-1) ?? 0;
  if (found < last) throw new Error(`it holds ${found}, and ${last} was acknowledged`);
};
const isOneOfThem = (found: number): void => {
  if (![0, 1, 2, 3].includes(found)) throw new Error(`it holds ${found}`);
};
/** What is left is one of the states that were written, whole; the newest may be gone. */
const losesOnly = (test: Numbers): Numbers => ({ ...test, expect: isOneOfThem, allowsLoss: true });

const numbered = (
  write: (folder: string, value: number) => unknown,
  read: (folder: string) => number | Promise<number>,
): Numbers => ({
  run: async (folder, acknowledge) => {
    for (const value of [1, 2, 3]) {
      await write(folder, value);
      acknowledge(value);
    }
  },
  recover: read,
  expect: keepsAll,
});
const state = (folder: string): string => join(folder, 'state.json');
const readJson = (folder: string): number =>
  existsSync(state(folder)) ? (JSON.parse(readFileSync(state(folder), 'utf8')) as { readonly value: number }).value : 0;
const syncFolder = (folder: string): void => {
  const fd = openSync(folder, 'r');
  fsyncSync(fd);
  closeSync(fd);
};
const wordsOf = (report: StatesReport): string => reportLines(report).join('\n');
const isHeld = async (test: Numbers): Promise<void> => {
  const report = await everyPowerLoss(test);
  expect(report.verdict, wordsOf(report)).to.equal('held');
};
const unreadable = ({ findings }: StatesReport) =>
  findings.find(({ complaint }) => complaint.startsWith('it could not be recovered'));

describe('packages from npm under every loss of power', function () {
  this.timeout(120_000);

  it('lowdb 7.0.1 (steno): renamed without any sync, so the file may be empty under its name, or zeros on ext4, also over an old state', async () => {
    const read = async (folder: string): Promise<number> => (await JSONFilePreset(state(folder), { value: 0 })).data.value;
    const test: Numbers = {
      ...numbered(() => undefined, read),
      prepare: (folder) => writeFileSync(state(folder), '{"value":0}'),
      run: async (folder, acknowledge) => {
        const db = await JSONFilePreset(state(folder), { value: 0 });
        for (const value of [1, 2, 3]) {
          await db.update((data) => {
            data.value = value;
          });
          acknowledge(value);
        }
      },
    };
    const report = await everyPowerLoss(test);
    const finding = unreadable(report);
    expect(finding?.fileSystems, wordsOf(report)).to.deep.equal(['posix-weakest', 'ext4-ordered', 'ext4', 'xfs', 'btrfs']);
    expect(finding?.losses.join()).to.match(/a write of \d+ bytes to state\.json is lost at .*node_modules\/steno\//);
    expect(report.findings.some(({ complaint }) => /it holds 0, and 1 was acknowledged/.test(complaint))).to.equal(true);
  });

  const atomic = numbered((folder, value) => writeFileAtomic(state(folder), JSON.stringify({ value })), readJson);

  it('write-file-atomic 7.0.1: the newest state may be lost, and nothing else; green with a sync of the folder', async () => {
    const report = await everyPowerLoss(atomic);
    expect(report.findings.map(({ complaint }) => complaint)).to.deep.equal(['it holds 0, and 1 was acknowledged']);
    expect(report.findings[0]?.losses.join()).to.match(/^the rename of .* to state\.json is lost at .*write-file-atomic\//);
    await isHeld(losesOnly(atomic));
    await isHeld(
      numbered(async (folder, value) => {
        await writeFileAtomic(state(folder), JSON.stringify({ value }));
        syncFolder(folder);
      }, readJson),
    );
  });

  const inConf = numbered(
    (folder, value) => new Conf({ cwd: folder, projectName: 'test' }).set('value', value),
    (folder) => new Conf({ cwd: folder, projectName: 'test', defaults: { value: 0 } }).get('value') as number,
  );

  it('conf 15.1.0 (atomically): the newest state may be lost, and nothing else', async () => {
    const report = await everyPowerLoss(inConf);
    expect(report.verdict).to.equal('violated');
    expect(unreadable(report), wordsOf(report)).to.equal(undefined);
    await isHeld(losesOnly(inConf));
  });

  it('jsonfile 6.2.1: rewritten in place, so a torn or empty file on every file system', async () => {
    const test = numbered((folder, value) => jsonfile.writeFile(state(folder), { value }), readJson);
    const report = await everyPowerLoss({ ...losesOnly(test), prepare: (folder) => writeFileSync(state(folder), '{"value":0}') });
    expect(unreadable(report)?.fileSystems, wordsOf(report)).to.include.members(['posix-weakest', 'ext4-ordered', 'ext4', 'xfs']);
  });

  const inNedb = (compacts: boolean): Numbers =>
    numbered(
      async (folder, value) => {
        const db = new Datastore({ filename: join(folder, 'db') });
        await db.loadDatabaseAsync();
        await db.insertAsync({ value });
        if (compacts) await db.compactDatafileAsync();
      },
      async (folder) => {
        const db = new Datastore({ filename: join(folder, 'db'), corruptAlertThreshold: 1 });
        await db.loadDatabaseAsync();
        return Math.max(0, ...db.getAllData().map(({ value }) => value));
      },
    );

  it('nedb 4.1.2 (fork): an insert is acknowledged without a sync; a compaction syncs the file and its folder', async () => {
    const report = await everyPowerLoss(inNedb(false));
    expect(report.verdict, wordsOf(report)).to.equal('violated');
    expect(report.findings.some(({ losses }) => /a write of \d+ bytes to db is lost/.test(losses.join()))).to.equal(true);
    await isHeld(inNedb(true));
  });

  const inPino = (fsync: boolean): Numbers => ({
    prepare: (folder) => writeFileSync(join(folder, 'log'), ''),
    run: (folder, acknowledge) => {
      const destination = pino.destination({ dest: join(folder, 'log'), sync: true, fsync });
      const log = pino({ base: null, timestamp: false }, destination);
      for (const value of [1, 2, 3]) {
        log.info({ value });
        acknowledge(value);
      }
      destination.end();
    },
    recover: (folder) => readFileSync(join(folder, 'log'), 'utf8').split('"value":').length - 1,
    expect: keepsAll,
  });

  it('pino 10.4.0: green with `fsync: true`, red without it', async () => {
    await isHeld(inPino(true));
    expect((await everyPowerLoss(inPino(false))).verdict).to.equal('violated');
  });

  describe('sound programs without a false alarm', () => {
    it('a log with a checksum in each line, synced after each append', async () => {
      const sumOf = (text: string): number => [...text].reduce((sum, sign) => (sum * 31 + sign.charCodeAt(0)) % 99991, 7);
      await isHeld({
        run: (folder, acknowledge) => {
          const fd = openSync(join(folder, 'log'), 'a');
          syncFolder(folder);
          for (const value of [1, 2, 3]) {
            appendFileSync(fd, `${value} ${sumOf(String(value))}\n`);
            fsyncSync(fd);
            acknowledge(value);
          }
          closeSync(fd);
        },
        recover: (folder) => {
          let last = 0;
          if (!existsSync(join(folder, 'log'))) return last;
          for (const line of readFileSync(join(folder, 'log'), 'utf8').split('\n')) {
            const [value = '', sum] = line.split(' ');
            if (String(sumOf(value)) !== sum) break;
            last = Number(value);
          }
          return last;
        },
        expect: (found, acknowledged) => {
          isOneOfThem(found);
          keepsAll(found, acknowledged);
        },
      });
    });

    it('two copies that are written in turn, each with its number, through promises', async () => {
      const read = (folder: string): number => {
        const copies = ['a', 'b'].map((name) => {
          const file = join(folder, name);
          const [, value, again] = existsSync(file) ? (/^(\d) (\d);$/.exec(readFileSync(file, 'utf8')) ?? []) : [];
          return value !== undefined && value === again ? Number(value) : 0;
        });
        return Math.max(...copies);
      };
      await isHeld({
        ...numbered(() => undefined, read),
        run: async (folder, acknowledge) => {
          for (const value of [1, 2, 3]) {
            const handle = await open(join(folder, value % 2 === 0 ? 'a' : 'b'), 'w');
            await handle.writeFile(`${value} ${value};`);
            await handle.sync();
            await handle.close();
            syncFolder(folder);
            acknowledge(value);
          }
        },
      });
    });

    it('an intent file, synced with its name before the change, and removed after it', async () => {
      const recover = async (folder: string): Promise<number> => {
        const intent = join(folder, 'intent');
        const text = existsSync(intent) ? await readFile(intent, 'utf8') : '';
        const [, value] = /^set (\d)\.$/.exec(text) ?? [];
        return value === undefined ? readJson(folder) : Number(value);
      };
      await isHeld({
        run: async (folder, acknowledge) => {
          for (const value of [1, 2, 3]) {
            writeFileSync(join(folder, 'intent.new'), `set ${value}.`, { flush: true });
            await rename(join(folder, 'intent.new'), join(folder, 'intent'));
            syncFolder(folder);
            acknowledge(value);
            writeFileSync(state(folder), JSON.stringify({ value }), { flush: true });
            syncFolder(folder);
            unlinkSync(join(folder, 'intent'));
            syncFolder(folder);
          }
        },
        recover,
        expect: keepsAll,
      });
    });
  });
});
