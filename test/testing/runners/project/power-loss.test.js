import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { itSurvivesEveryPowerLoss } from 'lazurite/mocha';

const test = (syncsFolder) => ({
  run: (folder, acknowledge) => {
    writeFileSync(join(folder, 'new'), 'value', { flush: true });
    renameSync(join(folder, 'new'), join(folder, 'state'));
    if (syncsFolder) {
      const fd = openSync(folder, 'r');
      fsyncSync(fd);
      closeSync(fd);
    }
    acknowledge('value');
  },
  recover: (folder) => (existsSync(join(folder, 'state')) ? readFileSync(join(folder, 'state'), 'utf8') : 'nothing'),
  expect: (found, [wanted]) => wanted === undefined || found === wanted,
});

itSurvivesEveryPowerLoss('keeps what it acknowledged', test(true));
itSurvivesEveryPowerLoss('forgets to sync its folder', test(false));
