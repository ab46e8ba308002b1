/** One task with one package, in a process of its own: `judge NAME SCRATCH [TOKEN]`, `prepare`, `work`, `hold` or `find NAME SCRATCH FOLDER [LAST]`. */
import { writeSync } from 'node:fs';
import { subjectNamed } from './catalogue.ts';
import { findByDrive, loadDrive, prepareDrive, values, workDrive } from './drive.ts';
import { judgeDrive } from './judge-drive.ts';
import { packedReport } from './packed-report.ts';

const [task = '', name = '', scratch = '', folder = '', last = String(values.length)] = process.argv.slice(2);
const subject = subjectNamed(name);
if (subject === undefined) throw new Error(`no package is called ${name}`);
const { drive, variant } = subject;
const say = (text: string): void => void writeSync(1, `${text}\n`);
const open = await loadDrive(scratch, drive);
switch (task) {
  case 'judge':
    say(JSON.stringify(packedReport(await judgeDrive(subject, scratch, folder === '' ? undefined : folder))));
    break;
  case 'prepare':
    await prepareDrive(open, folder, variant);
    break;
  case 'work':
    await workDrive(open, folder, variant, (value) => say(String(value)));
    break;
  case 'hold':
    await workDrive(open, folder, variant, (value) => say(String(value)), {
      last: Number(last),
      holds: () => new Promise((resolve) => setTimeout(resolve, 60_000)),
    });
    break;
  case 'find':
    say(
      JSON.stringify(
        await findByDrive(open, folder, variant).then(
          (found) => ({ found }),
          (error: unknown) => ({ failed: String(error) }),
        ),
      ),
    );
    break;
  default:
    throw new Error(`no task is called ${task}`);
}
// Packages may leave timers and handles open.
process.exit(0);
