/** Every sentence that the page makes of a run, held against the run: lessons, the library with each variant, and each broken node of the museum. */
import { join } from 'node:path';
import { expect } from 'chai';
import { loadScenario, scenarioFiles } from '../../../apps/cli/load-scenario.ts';
import { questionAt } from '../../../apps/page/interface/quiz.ts';
import { variantOf } from '../../../apps/page/lesson.ts';
import { lessonsThatShip } from '../../../apps/page/lessons.ts';
import { prepared } from '../../../apps/page/prepare-lesson.ts';
import type { PageRecord } from '../../../apps/page/record/page-record.ts';
import { recorded } from '../../../apps/page/record/record-run.ts';
import { beatsOf } from '../../../apps/page/story/beats.ts';
import { claimed, plain, rule, type Sentence } from '../../../apps/page/story/claim.ts';
import { terms } from '../../../apps/page/story/glossary.ts';
import { complaintsAbout } from '../../../apps/page/story/marked-words.ts';
import { narrate } from '../../../apps/page/story/narrate.ts';
import { anywhere, scenes } from '../../../campaigns/museum/scenes.ts';
import { exhibits } from '../../../museum/index.ts';
import type { RunOptions, ScenarioData } from '../../../scenarios/index.ts';
import { Evidence } from './evidence.ts';

interface Witnessed {
  readonly record: PageRecord;
  readonly evidence: Evidence;
}

function witnessed(data: ScenarioData, options: RunOptions): Witnessed {
  const evidence = new Evidence(data);
  const { record } = recorded(data, { ...options, listener: (event, observer) => evidence.observe(event, observer) });
  return { record, evidence };
}

/** The moments of the story, and the first thousand rows of those kinds that have a sentence of their own. */
function rowsToRead(record: PageRecord): readonly number[] {
  const told = record.rows.flatMap(({ kind, words }, at) =>
    /^(wal|said|message|death|restart|replay|stopped|decided)$/.test(kind) && !words.startsWith('boot') ? [at] : [],
  );
  return [...new Set([...beatsOf(record).map(({ row }) => row), ...told.slice(0, 1000)])];
}

function falseSentences({ record, evidence }: Witnessed, sentences: Iterable<Sentence>): readonly string[] {
  const found = new Set<string>();
  for (const sentence of sentences) {
    for (const complaint of complaintsAbout(sentence, record.nodes)) found.add(complaint);
    for (const claim of sentence.claims) {
      const refuted = evidence.refutes(claim, record);
      if (refuted !== undefined) found.add(`"${sentence.text}": ${refuted}`);
    }
  }
  return [...found].slice(0, 5);
}

function* narrated(record: PageRecord): Generator<Sentence> {
  for (const at of rowsToRead(record)) {
    const { head, more } = narrate(record, at);
    yield head;
    yield* more;
    for (const { why, isRight } of questionAt(record, at)?.answers ?? []) if (isRight || why.isRule === true) yield why;
  }
}

describe('the sentences of the page are true', function () {
  this.timeout(120_000);

  const root = join(import.meta.dirname, '../../..');
  for (const file of scenarioFiles([join(root, 'scenarios/library')]))
    it(`in each variant of ${file.replace(/^.*\//, '')}`, async () => {
      const { data } = await loadScenario(file);
      for (const variant of data.variants.length === 0 ? [undefined] : data.variants.map(({ name }) => name)) {
        const made = witnessed(data, variant === undefined ? {} : { variant });
        expect(falseSentences(made, narrated(made.record)), variant).to.deep.equal([]);
      }
    });

  for (const { name } of exhibits)
    it(`in the scene of the broken node ${name}`, () => {
      const { data } = scenes[name] ?? anywhere;
      const made = witnessed(data, { exhibit: name });
      expect(falseSentences(made, narrated(made.record))).to.deep.equal([]);
    });

  for (const lesson of lessonsThatShip())
    it(`in each stop of the lesson ${lesson.name}`, () => {
      const made = new Map<string | null, Evidence>();
      const ready = prepared(lesson, (variant) => {
        const evidence = new Evidence(lesson.data);
        made.set(variant, evidence);
        return recorded(lesson.data, {
          ...(variant === null ? {} : { variant }),
          listener: (event, observer) => evidence.observe(event, observer),
        });
      });
      const { stops, question, rule: last, about } = ready.lesson;
      const at = (variant: string | null): Witnessed => ({
        record: ready.records.find((one) => one.variant === variant) as PageRecord,
        evidence: made.get(variant) as Evidence,
      });
      for (const stop of stops) {
        const witness = at(variantOf(lesson, stop));
        expect(falseSentences(witness, [stop.head, ...stop.say])).to.deep.equal([]);
        expect(falseSentences(witness, narrated(witness.record))).to.deep.equal([]);
      }
      const asked = at(variantOf(lesson, stops[question.after]));
      expect(
        falseSentences(
          asked,
          question.answers.map(({ why }) => why),
        ),
      ).to.deep.equal([]);
      expect(falseSentences(at(variantOf(lesson, stops.at(-1))), [about, ...last])).to.deep.equal([]);
    });

  it('in the glossary, whose explanations are rules', () => {
    for (const { means } of terms) expect(complaintsAbout(rule(means), ['B', 'C', 'D'])).to.deep.equal([]);
  });

  describe('and a false one is noticed', () => {
    const { data } = scenes['no-wal'] ?? anywhere;
    const honest = witnessed(data, {});
    const kill = honest.record.rows.findIndex(
      ({ words, node }) => words.startsWith('✕ kill') && honest.record.nodes[node] === 'B',
    );
    const said = { node: 'B', what: 'precommit at 3.0', position: kill } as const;
    const planted: Readonly<Record<string, Sentence>> = {
      'a frame that is called durable and is not': claimed('The frame is durable.', { kind: 'durable', ...said }),
      'a frame that is called lost and was kept': claimed('The frame is lost.', { kind: 'lost', ...said }),
      'a vote that nobody has heard': claimed('C has heard it.', { kind: 'heard', by: ['C'], ...said }),
      'a vote that was not forgotten': claimed('B has forgotten it.', { kind: 'forgot', ...said }),
      'an order that was another': claimed('It was durable before it was said.', {
        kind: 'before',
        first: { node: 'B', is: 'durable', what: 'prevote at 3.0' },
        second: { node: 'B', is: 'said', what: 'prevote at 3.0' },
        position: kill,
      }),
      'a sentence without a claim': plain('B has its vote on the disk.'),
      'a sentence that says the opposite of its claim': claimed('The frame is durable.', { kind: 'durable', ...said, not: true }),
      'a rule that speaks of one node': { text: 'B never loses a durable frame.', claims: [], isRule: true },
    };
    for (const [what, sentence] of Object.entries(planted))
      it(what, () => expect(falseSentences(honest, [sentence])).to.have.length(1));
  });
});
