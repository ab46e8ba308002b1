/** `npm run conformance -- FILE|FOLDER...`: runs recorded cases of other engines, one line a case, then the counts. */
import { lineOf, recordedFiles, runFile } from './run-file.ts';
import { Summary } from './summary.ts';

const paths = process.argv.slice(2);
if (paths.length === 0) {
  process.stderr.write('give files or folders of recorded cases (.json, .jsonl)\n');
  process.exit(2);
}
const summary = new Summary();
for (const file of recordedFiles(paths)) {
  for (const named of runFile(file, (what) => process.stderr.write(`${what}\n`))) {
    summary.add(named);
    process.stdout.write(`${lineOf(named)}\n`);
  }
}
process.stdout.write(`${summary.lines.join('\n')}\n`);
process.exitCode = summary.failed > 0 ? 1 : 0;
