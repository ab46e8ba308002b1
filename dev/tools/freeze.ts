/**
 * `npm run freeze`: the library and 100 seeds, each run twice, as it is and with all that actors share frozen. Prints what was changed; exit 1 where
 * anything was. `LAZURITE_FREEZE=1` makes the test of it (test/house/frozen.test.ts) run as much.
 */
import { libraryCases, seedCases } from '../frozen.ts';

const cases = [...(await libraryCases()), ...(await seedCases(100))];
let red = 0;
for (const { name, findings } of cases) {
  const found = findings();
  if (found.length === 0) continue;
  red += 1;
  process.stdout.write(`${name}\n${found.map((finding) => `  ${finding}\n`).join('')}`);
}
process.stdout.write(`${cases.length} runs frozen, ${red} in which shared data was changed\n`);
process.exitCode = red > 0 ? 1 : 0;
