/** `learn`: the lessons in the terminal; `--check` walks them all and fails where a stop is not reached. */
import type { Command } from 'commander';
import { ScenarioError } from '../../scenarios/index.ts';
import type { Paint } from './terminal.ts';

export function learnCommand(program: Command, print: (text: string) => void, paint: Paint): void {
  program
    .command('learn')
    .description('the lessons in the terminal: list them, read one, or check that each stop of each is reached')
    .argument('[lesson]', 'its number or name')
    .option('--check', 'walk every lesson')
    .action(async (wanted: string | undefined, { check }: { readonly check?: boolean }) => {
      const { lessonsThatShip, ready } = await import('../page/lessons.ts');
      const lessons = lessonsThatShip();
      if (check === true) {
        let missed = 0;
        for (const lesson of lessons) {
          const { lesson: walked, records } = ready(lesson);
          const lost = walked.stops.filter(({ row }) => row === -1);
          const wrong = records.filter(({ asExpected }) => !asExpected);
          missed += lost.length + wrong.length;
          print(
            `${lost.length + wrong.length === 0 ? paint.good('✓') : paint.bad('✕')} ${lesson.title}: ${walked.stops.length} stops`,
          );
          for (const { at } of lost)
            print(`    never reached: ${at.event} ${JSON.stringify(at.where)}${at.node === undefined ? '' : ` of ${at.node}`}`);
          for (const { variant } of wrong) print(`    not as expected: ${variant ?? 'the run'}`);
        }
        if (missed > 0) process.exitCode = 1;
        return;
      }
      if (wanted === undefined) {
        for (const [index, { title }] of lessons.entries()) print(`${String(index + 1).padStart(2)}  ${title}`);
        print('\nread one: npx lazurite learn 1');
        return;
      }
      const lesson = lessons.find(({ name }, index) => String(index + 1) === wanted || name === wanted);
      if (lesson === undefined)
        throw new ScenarioError(`there is no lesson '${wanted}'; they have the numbers 1 to ${lessons.length}`);
      const { lesson: walked, records } = ready(lesson);
      print(`${lesson.title}\n\n${lesson.intro}\n`);
      for (const { at, say, row } of walked.stops) {
        const record = records.find(({ variant }) => variant === (at.variant ?? lesson.switch.variants[0] ?? null)) ?? records[0];
        const { nodes = [], rows = [] } = record ?? {};
        for (const one of rows.slice(Math.max(0, row - 2), row + 1))
          print(paint.dim(`    ${(one.time / 1000).toFixed(1).padStart(8)} ms  ${nodes[one.node] ?? '-'}  ${one.words}`));
        print(`${say.trim()}\n`);
      }
      print(`${lesson.question.ask}`);
      for (const { text } of lesson.question.answers) print(`  - ${text}`);
      print('');
      for (const { text, right, why } of lesson.question.answers)
        print(`${right ? paint.good('✓') : paint.bad('✕')} ${text}: ${why}`);
      print(`\nThe switch: ${lesson.switch.look}`);
      for (const { variant, verdict, properties } of records)
        print(
          `  ${variant ?? 'the run'}: ${verdict}${
            verdict === 'violated'
              ? ` (${properties
                  .filter((one) => one.verdict === 'violated')
                  .map(({ name }) => name)
                  .join(', ')})`
              : ''
          }`,
        );
      print(`\nTry it: ${lesson.tryIt}`);
    });
}
