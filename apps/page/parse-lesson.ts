/**
 * Lessons: Markdown with fenced blocks of YAML. `scenario` is what runs. Each `stop` is a moment with a head, words and claims. `question`
 * asks for a prediction after a stop. `rule` is the conclusion. `now` is a task to do by hand, with the goal that the page checks. The same
 * text serves the page and the terminal.
 */
import { parse } from 'yaml';
import { type ScenarioData, ScenarioError } from '../../scenarios/index.ts';
import { parseScenario } from '../../scenarios/yaml.ts';
import type { Lesson, LessonStop, StopPlace } from './lesson.ts';
import { conditionsOf } from './story/goal.ts';
import { LessonSentences, type WrittenSentence } from './story/lesson-sentences.ts';

/** Throws `ScenarioError` naming the file and all that is wrong with it. */
export function parseLesson(text: string, file: string): Lesson {
  const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, kind = '', body = '']) => ({ kind, body }));
  const wrong: string[] = [];
  const bodyOf = (kind: string): string => {
    const found = blocks.find((block) => block.kind === kind)?.body;
    if (found === undefined) wrong.push(`a lesson needs a block \`\`\`${kind}`);
    return found ?? '';
  };
  const read = <Shape>(kind: string): Partial<Shape> => (parse(bodyOf(kind)) as Partial<Shape> | null) ?? {};
  const scenario = bodyOf('scenario');
  const question = read<WrittenQuestion>('question');
  const now = read<WrittenTask>('now');
  const rule = (parse(bodyOf('rule')) as readonly WrittenSentence[] | null) ?? [];
  const written = blocks.filter(({ kind }) => kind === 'stop').map(({ body }) => parse(body) as WrittenStop);
  if (written.length === 0) wrong.push('a lesson needs at least one block ```stop');
  if (wrong.length > 0) throw new ScenarioError(wrong.map((one) => `${file}: ${one}`).join('\n'));
  const data = parseScenario(scenario, file);
  const nodes = [...Object.keys(data.validators), ...data.fullNodes];
  const sentences = new LessonSentences(nodes, wrong);
  const stops = written.map(({ at, node, head, say, next }, index): LessonStop => {
    const about = node ?? ('heard' in at ? at.from : (at.node ?? ''));
    if (!nodes.includes(about)) wrong.push(`stop ${index + 1} speaks of no node: give it \`node\``);
    return {
      at: 'heard' in at ? at : { ...at, where: at.where ?? {} },
      node: about,
      head: sentences.one(head, about),
      say: sentences.all(say ?? [], about),
      ...(next === undefined ? {} : { next }),
      row: -1,
    };
  });
  const about = stops[0]?.node ?? '';
  const answers = (question.answers ?? []).map(({ text: answer, right, why }) => ({
    text: answer,
    right,
    why: sentences.one(why, about),
  }));
  if (answers.filter(({ right }) => right).length !== 1) wrong.push('exactly one answer of the question must be right');
  const lesson: Lesson = {
    name: file.replace(/^.*\//, '').replace(/\.md$/, ''),
    title: /^# (.+)$/m.exec(text)?.[1] ?? file,
    about: sentences.one({ rule: aboutIn(text) }, about),
    data,
    stops,
    question: { after: (question.after ?? 1) - 1, ask: question.ask ?? '', answers },
    rule: sentences.all(rule, about),
    now: {
      text: now.do ?? '',
      variant: now.variant ?? data.variants[0]?.name ?? null,
      goal: conditionsOf(now.goal ?? {}, nodes, wrong),
      solution: solutionOf(scenario, now.solution ?? [], file),
    },
  };
  if (wrong.length > 0) throw new ScenarioError(wrong.map((one) => `${file}: ${one}`).join('\n'));
  return lesson;
}

interface WrittenStop {
  readonly at: StopPlace;
  readonly node?: string;
  readonly head: WrittenSentence;
  readonly say?: readonly WrittenSentence[];
  readonly next?: string;
}

interface WrittenQuestion {
  readonly after: number;
  readonly ask: string;
  readonly answers: readonly { readonly text: string; readonly right: boolean; readonly why: WrittenSentence }[];
}

interface WrittenTask {
  readonly do: string;
  readonly variant: string;
  readonly goal: Readonly<Record<string, string>>;
  readonly solution: readonly unknown[];
}

/** The paragraph under the title. */
function aboutIn(text: string): string {
  const words = text
    .replace(/^# .+$/m, '')
    .replace(/^```[\s\S]*?^```$/gm, '')
    .trim();
  return words.replace(/\s+/g, ' ');
}

/** The faults of a solution, read as those of a scenario are. */
function solutionOf(scenario: string, faults: readonly unknown[], file: string): ScenarioData['faults'] {
  if (faults.length === 0) return [];
  const written = parse(scenario) as Readonly<Record<string, unknown>>;
  return parseScenario(JSON.stringify({ ...written, faults }), `${file} (solution)`).faults;
}
