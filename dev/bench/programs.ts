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
  import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
  mkdirSync('data', { recursive: true });
  for (const value of ['1', '2', '3', '4']) {
    writeFileSync('data/new', value.repeat(4096));
    renameSync('data/new', 'data/state');
    console.log(value);
  }
`;

const check = `
  import { existsSync, readFileSync } from 'node:fs';
  if (existsSync('data/state')) readFileSync('data/state', 'utf8');
`;

/** Recoveries in a second by a command that starts Node, two at once, of a store that replaces its file without a sync. */
export async function measureRecoveries(): Promise<number> {
  const workingFolder = mkdtempSync(join(tmpdir(), 'lazurite-bench-'));
  try {
    writeFileSync(join(workingFolder, 'save.mjs'), saver);
    writeFileSync(join(workingFolder, 'check.mjs'), check);
    const command = [process.execPath, 'save.mjs'];
    const { record } = await recordCommand({ command, folder: 'data', workingFolder, onOutput: () => undefined });
    const started = performance.now();
    const { recoveries } = await judgeCommand(record, { recover: `'${process.execPath}' check.mjs` });
    return recoveries / ((performance.now() - started) / 1000);
  } finally {
    rmSync(workingFolder, { recursive: true, force: true });
  }
}
