/** `npm run conformance -- FILE|FOLDER...`: runs recorded cases of other engines, one line a case, then the counts. */
import { lineOf, recordedFiles, runFile } from './run-file.ts';

const paths = process.argv.slice(2);
if (paths.length === 0) {
  process.stderr.write('give files or folders of recorded cases (.json, .jsonl)\n');
  process.exit(2);
}
const counts = { ok: 0, differs: 0, known: 0, 'not ok': 0 };
for (const file of recordedFiles(paths)) {
  for (const named of runFile(file, (what) => process.stderr.write(`${what}\n`))) {
    const { result } = named;
    counts[result.type === 'ok' && result.differs !== undefined ? 'differs' : result.type] += 1;
    process.stdout.write(`${lineOf(named)}\n`);
  }
}
process.stdout.write(
  `${counts.ok} ok, ${counts.differs} ok with a named difference, ${counts.known} known, ${counts['not ok']} not ok\n`,
);
process.exitCode = counts['not ok'] > 0 ? 1 : 0;
