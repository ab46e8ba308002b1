/** `learn`: the course in the browser, or in the terminal; `--check` walks every lesson and fails where a stop is not reached. */
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { ScenarioError } from '../../scenarios/index.ts';
import { writeWhole } from '../output/write-whole.ts';
import { type Lesson, variantOf } from '../page/lesson.ts';
import { openPage, ownFolder, refuseTaken } from './open-page.ts';
import type { Paint } from './terminal.ts';

interface Flags {
  readonly check?: boolean;
  readonly text?: boolean;
  readonly guess?: string;
  readonly html?: string;
  readonly force?: boolean;
}

type Print = (text: string) => void;

export function learnCommand(program: Command, print: Print, paint: Paint): void {
  program
    .command('learn')
    .description('the course: opens it in the browser, at a lesson; --text reads it in the terminal')
    .argument('[lesson]', 'its number or name')
    .option('--text', 'in the terminal; without a lesson it lists them')
    .option('--guess <number>', 'with --text: your answer to the question, where nobody can be asked')
    .option('--html <file>', 'write the course there instead of opening it')
    .option('--force', 'overwrite the file')
    .option('--check', 'walk every lesson, and fail where a stop is not reached')
    .action(async (wanted: string | undefined, flags: Flags) => {
      const { lessonsThatShip } = await import('../page/lessons.ts');
      const lessons = lessonsThatShip();
      if (flags.check === true) {
        await check(lessons, print, paint);
        return;
      }
      if (flags.text === true && wanted === undefined) {
        for (const [index, { title, about }] of lessons.entries())
          print(`${String(index + 1).padStart(2)}  ${title}\n    ${paint.dim(about.text)}`);
        print('\nread one: npx lazurite learn 1 --text');
        return;
      }
      const index = wanted === undefined ? 0 : lessons.findIndex(({ name }, at) => String(at + 1) === wanted || name === wanted);
      const lesson = lessons[index];
      if (lesson === undefined)
        throw new ScenarioError(`there is no lesson '${wanted}'; they have the numbers 1 to ${lessons.length}`);
      if (flags.text === true) {
        await read(lesson, flags.guess, print, paint);
        return;
      }
      const [{ parts }, { lessonPage }] = await Promise.all([import('../page/template.ts'), import('../page/pages.ts')]);
      if (flags.html !== undefined) refuseTaken(flags.html, flags);
      const file = flags.html ?? ownFolder('course.html');
      writeWhole(file, lessonPage(await parts(), index, lessons));
      print(`${file}: ${lessons.length} lessons, opened at "${lesson.title}"`);
      if (flags.html === undefined) openPage(file, '', print);
    });
}

async function check(lessons: readonly Lesson[], print: Print, paint: Paint): Promise<void> {
  const { prepared } = await import('../page/prepare-lesson.ts');
  let missed = 0;
  for (const one of lessons) {
    const { lesson, records } = prepared(one);
    const never = lesson.stops.filter(({ row }) => row === -1);
    const wrong = records.filter(({ asExpected }) => !asExpected);
    missed += never.length + wrong.length;
    print(
      `${never.length + wrong.length === 0 ? paint.good('✓') : paint.bad('✕')} ${lesson.title}: ${lesson.stops.length} stops`,
    );
    for (const { at } of never) print(`    never reached: ${JSON.stringify(at)}`);
    for (const { variant } of wrong) print(`    not as expected: ${variant ?? 'the run'}`);
  }
  if (missed > 0) process.exitCode = 1;
}

/** Reads a lesson aloud. What is right is said after a guess: one that is given, or one that is asked for. */
async function read(lesson: Lesson, guess: string | undefined, print: Print, paint: Paint): Promise<void> {
  const { prepared } = await import('../page/prepare-lesson.ts');
  const { lesson: ready, records } = prepared(lesson);
  print(`${ready.title}\n\n${ready.about.text}\n`);
  for (const [index, stop] of ready.stops.entries()) {
    const record = records.find(({ variant }) => variant === variantOf(ready, stop)) ?? records[0];
    const { nodes = [], rows = [] } = record ?? {};
    const row = rows[stop.row];
    print(`${index + 1}. ${stop.head.text}`);
    if (row !== undefined)
      print(paint.dim(`   ${(row.time / 1000).toFixed(1)} ms, ${record?.variant ?? ''}: ${nodes[row.node] ?? '-'} ${row.words}`));
    print(`${stop.say.map(({ text }) => `   ${text}`).join('\n')}\n`);
    if (index === ready.question.after && !(await ask(ready, guess, print, paint))) return;
  }
  print(`The rule\n${ready.rule.map(({ text }) => `   ${text}`).join('\n')}\n`);
  print(`Now you (npx lazurite learn ${ready.name})\n   ${ready.now.text}`);
}

/** Whether an answer was given, so that the rest may be shown. */
async function ask({ question, name }: Lesson, given: string | undefined, print: Print, paint: Paint): Promise<boolean> {
  print(`${question.ask}`);
  for (const [index, { text }] of question.answers.entries()) print(`   ${index + 1}  ${text}`);
  const guess = given ?? (await askedFor(question.answers.length));
  const answer = question.answers[Number(guess) - 1];
  if (answer === undefined) {
    print(`\nGuess first: npx lazurite learn ${name} --text --guess 1`);
    return false;
  }
  print(`\n${answer.right ? paint.good('✓') : paint.bad('✕')} ${answer.text} ${answer.why.text}`);
  const right = question.answers.find((one) => one.right);
  if (!answer.right && right !== undefined) print(`${paint.good('✓')} ${right.text} ${right.why.text}`);
  print('');
  return true;
}

async function askedFor(answers: number): Promise<string> {
  if (process.stdin.isTTY !== true) return '';
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const guess = await terminal.question(`\nYour guess (1 to ${answers}): `);
  terminal.close();
  return guess;
}
