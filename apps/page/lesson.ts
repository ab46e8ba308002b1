/**
 * Lessons: Markdown with fenced blocks. `scenario` (YAML) is what runs; each `stop` (YAML) a moment with words; `question` a question with an
 * explanation for each answer; `switch` the variants to compare; `try` what to do by hand. The same text serves the page and the terminal.
 */
import { parse } from 'yaml';
import { type Moment, type ScenarioData, ScenarioError } from '../../scenarios/index.ts';
import { parseScenario } from '../../scenarios/yaml.ts';

export interface LessonStop {
  readonly at: Moment & { readonly node?: string; readonly variant?: string };
  readonly say: string;
  /** The row of the variant's run at which it is reached; -1: it never is. Found when the lesson is prepared. */
  readonly row: number;
}

export interface LessonAnswer {
  readonly text: string;
  readonly right: boolean;
  readonly why: string;
}

export interface Lesson {
  readonly name: string;
  readonly title: string;
  readonly intro: string;
  readonly data: ScenarioData;
  readonly stops: readonly LessonStop[];
  readonly question: { readonly ask: string; readonly answers: readonly LessonAnswer[] };
  /** The variants that the switch goes between, and what to look at. */
  readonly switch: { readonly variants: readonly string[]; readonly look: string };
  readonly tryIt: string;
}

/** Throws `ScenarioError` naming the file for a block that is missing or not understood. */
export function parseLesson(text: string, file: string): Lesson {
  const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, kind = '', body = '']) => ({ kind, body }));
  const bodyOf = (kind: string): string => {
    const found = blocks.find((block) => block.kind === kind);
    if (found === undefined) throw new ScenarioError(`${file}: a lesson needs a block \`\`\`${kind}`);
    return found.body;
  };
  const stops = blocks.filter(({ kind }) => kind === 'stop').map(({ body }) => parse(body) as LessonStop);
  if (stops.length === 0) throw new ScenarioError(`${file}: a lesson needs at least one block \`\`\`stop`);
  const question = parse(bodyOf('question')) as Lesson['question'];
  if (question.answers.filter(({ right }) => right).length !== 1)
    throw new ScenarioError(`${file}: exactly one answer of the question must be right`);
  const title = /^# (.+)$/m.exec(text)?.[1] ?? file;
  const intro = text
    .replace(/^# .+$/m, '')
    .replace(/^```[\s\S]*?^```$/gm, '')
    .trim();
  return {
    name: file.replace(/^.*\//, '').replace(/\.md$/, ''),
    title,
    intro,
    data: parseScenario(bodyOf('scenario'), file),
    stops: stops.map(({ at, say }) => ({ at: { ...at, where: at.where ?? {} }, say, row: -1 })),
    question,
    switch: parse(bodyOf('switch')) as Lesson['switch'],
    tryIt: bodyOf('try').trim(),
  };
}
