/**
 * `npm run queue-load -- redis://127.0.0.1:6379`: what a unit costs beside its runs, with 1, 2 and 4 workers: processor time of worker and server, bytes and
 * commands. Then a simulation of more workers, with durations of runs that were measured. Processor times do not depend on what else the machine does.
 */

import { readFileSync } from 'node:fs';
import { type FuzzCounts, fuzzSeeds, planOf, type WorkUnit } from '../../campaigns/index.ts';
import { CampaignQueue, openServer, queueAddress, workOn } from '../../runtime/index.ts';
import { parseScenario } from '../../scenarios/yaml.ts';
import { overheadOf } from '../queue-load/simulate.ts';

const units = 2000;
const unit = 10;
const measuredSeeds = 60;
const file = 'scenarios/yaml/four-validators.yaml';
const data = parseScenario(readFileSync(file, 'utf8'), file);
const say = (text: string): boolean => process.stderr.write(`${text}\n`);
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const [address = 'redis://127.0.0.1:6379'] = process.argv.slice(2);
const server = await openServer(queueAddress(address), say);
const fieldOf = async (section: string, name: string): Promise<number> =>
  Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(await server.redis.info(section))?.[1] ?? 0);
const serverCpuMs = async (): Promise<number> =>
  1000 * ((await fieldOf('cpu', 'used_cpu_user')) + (await fieldOf('cpu', 'used_cpu_sys')));

const seedMs: number[] = [];
fuzzSeeds(data, [1, 2, 3, 4, 5], {});
for (let seed = 1; seed <= measuredSeeds; seed += 1) {
  const before = cpuMs();
  fuzzSeeds(data, [seed], {});
  seedMs.push(cpuMs() - before);
}
const sample = fuzzSeeds(
  data,
  Array.from({ length: unit }, (_none, index) => index + 1),
  {},
);
const run = async ({ from }: WorkUnit): Promise<FuzzCounts> => ({ ...sample, failures: [], undecided: [], deaths: from });

let [serverMs, workerMs] = [0, 0];
for (const workers of [1, 2, 4]) {
  const plan = planOf(data, { version: '0', kind: 'fuzz', exhibit: null, first: workers * 1_000_000, runs: units * unit });
  const queue = await CampaignQueue.create(server, { plan, data });
  const [bytes, commands, began] = [
    await fieldOf('memory', 'used_memory'),
    await fieldOf('stats', 'total_commands_processed'),
    performance.now(),
  ];
  await queue.fill();
  const [filled, added, own, ofServer] = [
    performance.now(),
    await fieldOf('memory', 'used_memory'),
    cpuMs(),
    await serverCpuMs(),
  ];
  const how = { jobs: 1, leaseMs: 30_000, signal: new AbortController().signal, run };
  await Promise.all(Array.from({ length: workers }, () => workOn(queue, '0', how)));
  const seconds = (performance.now() - filled) / 1000;
  [serverMs, workerMs] = [((await serverCpuMs()) - ofServer) / units, (cpuMs() - own) / units];
  const whole = await fieldOf('memory', 'used_memory');
  const sent = (await fieldOf('stats', 'total_commands_processed')) - commands;
  process.stdout.write(
    `${workers} workers: ${Math.round(units / ((filled - began) / 1000))} units a second put in, ${Math.round(units / seconds)} done; ` +
      `a unit: ${serverMs.toFixed(2)} ms of the server, ${workerMs.toFixed(2)} ms of the worker, ${(sent / units).toFixed(1)} commands, ` +
      `${Math.round((added - bytes) / units)} bytes waiting, ${Math.round((whole - bytes) / units)} bytes done\n`,
  );
  await queue.cancel();
}
await server.close();
const mean = seedMs.reduce((sum, ms) => sum + ms, 0) / seedMs.length;
process.stdout.write(`a run takes ${mean.toFixed(0)} ms on average, ${Math.max(...seedMs).toFixed(0)} at most\n`);
for (const workers of [1, 4, 100, 1000])
  for (const size of [1, 10, 30, 100]) {
    const overhead = overheadOf({ workers, unit: size, serverMs, workerMs, seedMs, units: 10 });
    process.stdout.write(`${workers} workers, units of ${size}: ${(100 * overhead).toFixed(1)} % overhead\n`);
  }
