/** `pipe`, `states` and `recoveries`: round trips with a node program through one pipe, and crash states that are judged in this process or by a command. */
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { everyPowerLoss, judgeCommand, recordCommand } from '../../programs/index.ts';
import { startProgram } from '../../programs/stdio-node/index.ts';

const echo = fileURLToPath(new URL('echo-node.mjs', import.meta.url));

/** A line of about 250 bytes each way, parsed by the program. Undefined if there are no named pipes. */
export function measurePipe(roundTrips: number): number | undefined {
  if (process.platform === 'win32') return undefined;
  const program = startProgram([process.execPath, echo], { deadlineMs: 10_000 });
  const line = JSON.stringify({ type: 'message', from: 'A', data: { padding: 'x'.repeat(200) } });
  try {
    for (let warm = 0; warm < roundTrips / 10; warm += 1) program.ask(line);
    const started = performance.now();
    for (let round = 0; round < roundTrips; round += 1) program.ask(line);
    return roundTrips / ((performance.now() - started) / 1000);
  } finally {
    program.end();
  }
}

/** Pairs of a state and its acknowledgements that are judged in a second, of a store that replaces its file without a sync. */
export async function measureStates(): Promise<{ readonly statesPerSecond: number; readonly statesPerRecovery: number }> {
  const started = performance.now();
  const { fileSystems, recoveries } = await everyPowerLoss<string, number>({
    prepare: (folder) => writeFileSync(`${folder}/state`, '0'.repeat(4096)),
    run: (folder, acknowledge) => {
      for (const value of [1, 2, 3]) {
        writeFileSync(`${folder}/new`, String(value).repeat(4096));
        renameSync(`${folder}/new`, `${folder}/state`);
        acknowledge(value);
      }
    },
    recover: (folder) => (existsSync(`${folder}/state`) ? readFileSync(`${folder}/state`, 'utf8') : ''),
    expect: (found) => found.length <= 4096,
    allowsLoss: true,
  });
  const judged = fileSystems.reduce((sum, one) => sum + one.judged, 0);
  return { statesPerSecond: judged / ((performance.now() - started) / 1000), statesPerRecovery: judged / recoveries };
}

const saver = `
  import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
  mkdirSync('data', { recursive: true });
  const folder = openSync('data', 'r');
  for (const value of 'abcdefgh') {
    const file = openSync('data/new', 'w');
    writeSync(file, value.repeat(1024));
    fsyncSync(file);
    closeSync(file);
    renameSync('data/new', 'data/state');
    fsyncSync(folder);
    console.log(value);
  }
`;

/** Complains if the last acknowledged value, or a later one, is not there as a whole. */
const judging = `
  import { existsSync, readFileSync } from 'node:fs';
  const complaintOf = (file, acknowledged) => {
    const found = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const last = acknowledged.at(-1) ?? '';
    return found === found.charAt(0).repeat(found.length) && found.charAt(0) >= last ? null : 'lost ' + last;
  };
`;

const check = `${judging}
  const complaint = complaintOf('data/state', readFileSync(0, 'utf8').split('\\n').filter(Boolean));
  if (complaint !== null) throw new Error(complaint);
`;

const warmCheck = `${judging}
  import { createInterface } from 'node:readline';
  for await (const line of createInterface({ input: process.stdin })) {
    const { state, acknowledged } = JSON.parse(line);
    console.log(JSON.stringify({ state, complaint: complaintOf(state + '/state', acknowledged) }));
  }
`;

/** Recoveries in a second by two commands at once, of a store that syncs file and folder: Node started for each, and a check that stays. */
export async function measureRecoveries(): Promise<{ readonly started: number; readonly warm: number }> {
  const workingFolder = mkdtempSync(join(tmpdir(), 'lazurite-bench-'));
  try {
    writeFileSync(join(workingFolder, 'save.mjs'), saver);
    writeFileSync(join(workingFolder, 'check.mjs'), check);
    writeFileSync(join(workingFolder, 'warm.mjs'), warmCheck);
    const command = [process.execPath, 'save.mjs'];
    const { record } = await recordCommand({ command, folder: 'data', workingFolder, onOutput: () => undefined });
    const perSecond = async (program: string, isWarm: boolean): Promise<number> => {
      const started = performance.now();
      const { recoveries, verdict } = await judgeCommand(record, { recover: `'${process.execPath}' ${program}`, isWarm });
      if (verdict !== 'held') throw new Error(`the store of the bench is ${verdict}, so its recoveries say nothing`);
      return recoveries / ((performance.now() - started) / 1000);
    };
    return { started: await perSecond('check.mjs', false), warm: await perSecond('warm.mjs', true) };
  } finally {
    rmSync(workingFolder, { recursive: true, force: true });
  }
}
