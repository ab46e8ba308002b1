/**
 * `npm run kills -- N`: a writer on real files is killed N times at random. After half of the kills the machine loses power too: the folder is rolled back to
 * what was synced and a legal part of the rest. Then the log is opened, and every frame that was acknowledged must be there. In every tenth round
 * two writers begin at once, and only one may ever acknowledge. Then a campaign is killed as often, 200 times at most: what it kept must stay whole.
 * `--no-fsync`: a broken log, which must be caught. `--only log` or `--only campaigns`: one of the two. Exit 1 for a loss.
 *
 * Not covered: kernels and disks that lose what they called durable.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import type { CrashImage } from '../../core/events.ts';
import { Log, SimulatedDisk } from '../../wal/index.ts';
import { RealFiles } from '../../wal/storage/files.ts';
import { killCampaigns } from './kills-campaigns.ts';
import { replayChanges } from './kills-replay.ts';
import { bootOptions } from './kills-writer.ts';

const { values: flags, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'no-fsync': { type: 'boolean' }, only: { type: 'string' } },
});
const wanted = Number(positionals[0] ?? 200);
const kills = flags.only === 'campaigns' ? 0 : wanted;
const mostCampaigns = 200;
const campaignKills = flags.only === 'log' || flags['no-fsync'] === true ? 0 : Math.min(wanted, mostCampaigns);
const livesPerFolder = 5;
const longestMs = 400;

const drawn = (below: number): number => Math.floor(Math.random() * below);

interface Writer {
  readonly child: ChildProcess;
  readonly acknowledged: string[];
  readonly changes: string[];
  readonly ended: Promise<number | null>;
}

/** What the writers of one folder have acknowledged, and what its disk would hold. */
interface Round {
  readonly folder: string;
  readonly attest: 'next' | 'strict';
  readonly disk: SimulatedDisk;
  /** Ids of the frames that were acknowledged, by height. */
  readonly frames: Map<number, Set<number>>;
  height: number;
}

function startWriter({ folder, attest }: Round): Writer {
  const args = ['--import', './dev/strip-types.js', '--conditions=lazurite-source', 'dev/tools/kills-writer.ts', folder, attest];
  const child = spawn(process.execPath, [...args, ...(flags['no-fsync'] === true ? ['no-fsync'] : [])], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  const acknowledged: string[] = [];
  const changes: string[] = [];
  collect(child.stdout, acknowledged);
  collect(child.stdio[3] as NodeJS.ReadableStream, changes);
  const ended = new Promise<number | null>((done) => {
    child.on('close', (status) => done(status));
  });
  return { child, acknowledged, changes, ended };
}

/** Whole lines; the last one may be cut by the kill. */
function collect(stream: NodeJS.ReadableStream | null, lines: string[]): void {
  let rest = '';
  stream?.on('data', (data: Buffer) => {
    const parts = (rest + data.toString()).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
}

/** Kills all of them once each has opened the log or ended: so a second one has met the first. Now and then before that, at any time of the boot. */
async function killed(writers: readonly Writer[]): Promise<readonly (number | null)[]> {
  const hasBegun = ({ acknowledged: said, child }: Writer): boolean => said.length > 0 || child.exitCode !== null;
  const isEarly = writers.length === 1 && drawn(4) === 0;
  const start = performance.now();
  const mostMs = isEarly ? drawn(2000) : 120_000;
  while (!writers.every(hasBegun) && performance.now() - start < mostMs) await pause(5);
  if (!isEarly) await pause(drawn(longestMs));
  for (const { child } of writers) child.kill('SIGKILL');
  return Promise.all(writers.map(({ ended }) => ended));
}

function pause(ms: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, ms);
  });
}

function note(round: Round, { acknowledged, changes }: Writer): void {
  for (const line of acknowledged) {
    const [what, height, id] = line.split(' ');
    if (what === 'height') round.height = Number(height);
    if (what !== 'frame') continue;
    const ids = round.frames.get(Number(height)) ?? new Set();
    round.frames.set(Number(height), ids.add(Number(id)));
  }
  const files = new RealFiles(round.folder);
  replayChanges(round.disk, changes, files);
  files.close();
}

/** Any part of what is pending survives: bytes cut anywhere or by sectors, and any of the names. */
function losePower({ disk, folder }: Round): void {
  const pending = disk.pending();
  const bytes = pending.reduce((sum, one) => sum + (one.type === 'write' ? one.bytes.length : 0), 0);
  const digits = (count: number): string => Array.from({ length: count }, () => drawn(2)).join('');
  const directory = digits(pending.filter(({ type }) => type === 'link' || type === 'unlink').length);
  const images: readonly CrashImage[] = [
    'none',
    'all',
    { cut: drawn(bytes + 1), directory },
    { sectors: digits(Math.ceil(bytes / 512) + pending.length), directory },
  ];
  disk.powerLoss(images[drawn(images.length)] as CrashImage);
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  for (const file of disk.names()) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), disk.read(file));
  }
}

/** Opens the log as the next life would, in a copy. Returns what is lost. */
function lostIn(round: Round): readonly string[] {
  const files = new RealFiles(round.folder);
  try {
    const copy = new SimulatedDisk();
    for (const directory of ['wal', 'blocks'])
      for (const name of files.list(directory)) {
        copy.create(`${directory}/${name}`);
        copy.append(`${directory}/${name}`, files.read(`${directory}/${name}`));
      }
    if (round.height === 0 && round.frames.size === 0) return [];
    const log = Log.open(copy, bootOptions(1, round.attest));
    if (log.height <= round.height) return [`height ${round.height} was acknowledged, and the log is at ${log.height}`];
    const there = new Set(
      [...log.entries()].map(({ payload }) => new DataView(payload.buffer, payload.byteOffset).getFloat64(8)),
    );
    const acknowledged = [...(round.frames.get(log.height) ?? [])];
    return acknowledged.filter((id) => !there.has(id)).map((id) => `frame ${id} of height ${log.height}`);
  } catch (error) {
    return [`the log cannot be opened: ${error instanceof Error ? error.message : String(error)}`];
  } finally {
    files.close();
  }
}

let done = 0;
let acknowledged = 0;
let powerLosses = 0;
let refusals = 0;
let losses = 0;
const started = performance.now();
while (done < kills && losses === 0) {
  const folder = mkdtempSync(join(tmpdir(), 'lazurite-kills-'));
  const round: Round = {
    folder,
    attest: drawn(2) === 0 ? 'next' : 'strict',
    disk: new SimulatedDisk('zeros', { folders: 'made' }),
    frames: new Map(),
    height: 0,
  };
  for (let life = 0; life < livesPerFolder && done < kills && losses === 0; life += 1) {
    const writers = Array.from({ length: done % 10 === 9 ? 2 : 1 }, () => startWriter(round));
    const statuses = await killed(writers);
    const speaking = writers.filter((writer) => writer.acknowledged.length > 0);
    if (speaking.length > 1) {
      losses += 1;
      process.stdout.write('lost: two writers acknowledged in one folder\n');
    }
    refusals += statuses.filter((status) => status === 75).length;
    for (const writer of writers) note(round, writer);
    acknowledged += speaking.reduce((sum, writer) => sum + writer.acknowledged.length, 0);
    done += 1;
    if (drawn(2) === 0) {
      losePower(round);
      powerLosses += 1;
    }
    for (const loss of lostIn(round)) {
      losses += 1;
      process.stdout.write(`lost after kill ${done} (attest ${round.attest}): ${loss}\n`);
    }
  }
  rmSync(folder, { recursive: true, force: true });
}
const seconds = ((performance.now() - started) / 1000).toFixed(0);
if (kills > 0)
  process.stdout.write(
    `${done} kills, ${powerLosses} of them with a loss of power, ${refusals} second writers refused, ${acknowledged} acknowledgements, ${losses} losses, ${seconds} s\n`,
  );
if (losses === 0 && campaignKills > 0) {
  const wrong = await killCampaigns(campaignKills);
  for (const one of wrong) process.stdout.write(`lost: ${one}\n`);
  losses += wrong.length;
  if (wrong.length === 0) process.stdout.write(`${campaignKills} kills of a campaign, every kept file is whole\n`);
}
process.exitCode = losses > 0 ? 1 : 0;
