/**
 * Runs each scenario of scenarios/peers that has a death with more deaths: at all crash points of heights 1 to 3, and with 50 seeds that add drawn faults to
 * its script. `npm run peers:nightly -- wal sync-0`: only those with one of these texts in their paths.
 * Exit 1 if anything is not held, or if no scenario matched.
 */
import { spawnSync } from 'node:child_process';
import { loadScenario, scenarioFiles } from '../../apps/cli/load-scenario.ts';
import { hasDeath } from './has-death.ts';

const command = 'dist/apps/cli/main.js';

interface Judged {
  readonly ok: boolean;
  readonly points?: number;
  readonly images?: number;
  readonly runs?: number;
  readonly deaths?: number;
  readonly violated?: number;
  readonly undecided?: number | readonly unknown[];
  readonly failures?: readonly { readonly property: string; readonly token?: string }[];
}

/** Runs the command on the scenario and returns its verdict. If there is none, as a busy machine may load the file too slowly, it is run once more. */
function judged(file: string, name: string, flags: readonly string[], isAgain = false): Judged {
  const run = spawnSync(process.execPath, [command, name, file, ...flags, '--json', '--no-progress'], {
    encoding: 'utf8',
    maxBuffer: 256_000_000,
  });
  try {
    return JSON.parse(run.stdout) as Judged;
  } catch {
    if (!isAgain) return judged(file, name, flags, true);
    return { ok: false, failures: [{ property: `no answer: ${run.stderr.slice(0, 200)}` }] };
  }
}

/** What is wrong, in words. In a story that ends with nobody deciding, or without value sync, runs may stay without a verdict. */
function redIn({ ok, violated = 0, undecided = 0, failures = [] }: Judged, mayStayOpen: boolean): string {
  if (ok || (mayStayOpen && violated === 0 && failures.length === 0)) return '';
  const open = typeof undecided === 'number' ? undecided : undecided.length;
  const found = failures.map(({ property, token }) => (token === undefined ? property : `${property} (${token})`));
  return `   NOT HELD: ${Math.max(violated, failures.length)} violated, ${open} undecided ${found.join(', ')}`;
}

const wanted = process.argv.slice(2);
let points = 0;
let images = 0;
let runs = 0;
let red = 0;
let scenarios = 0;
for (const file of scenarioFiles(['scenarios/peers'])) {
  if (wanted.length > 0 && !wanted.some((text) => file.includes(text))) continue;
  const { data } = await loadScenario(file);
  if (!hasDeath(data)) continue;
  const mayStayOpen = data.sync?.isOff === true || data.absences?.some(({ moment }) => moment === undefined) === true;
  const started = performance.now();
  const enumerated = judged(file, 'crashpoints', ['--heights', '1-3']);
  const drawn = judged(file, 'fuzz', ['--around', '--runs', '50', '--seed', '1', '--no-shrink']);
  scenarios += 1;
  points += enumerated.points ?? 0;
  images += enumerated.images ?? 0;
  runs += drawn.runs ?? 0;
  const wrong = [enumerated, drawn].map((one) => redIn(one, mayStayOpen));
  red += wrong.filter((words) => words !== '').length;
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  const counts = `${enumerated.points} points, ${enumerated.images} images; ${drawn.runs} runs, ${drawn.deaths} deaths`;
  console.log(`${file}: ${counts}, ${seconds} s${wrong.join('')}`);
}
const verdict = red === 0 ? 'all held' : `${red} of ${2 * scenarios} campaigns not held`;
console.log(`${scenarios} scenarios, ${points} crash points, ${images} images, ${runs} runs: ${verdict}`);
if (red > 0 || scenarios === 0) process.exitCode = 1;
