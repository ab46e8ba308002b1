/** Names of any kind in every form of output: each is read by a consumer of its own, which finds what was put in, and nothing else acts. */
import { createRequire } from 'node:module';
import { expect } from 'chai';
import fc from 'fast-check';
import { marked, type Tokens } from 'marked';
import { SaxesParser } from 'saxes';
import { Parser } from 'tap-parser';
import { coverageOf } from '../../../apps/cli/coverage.ts';
import { fuzzText } from '../../../apps/cli/print-fuzz.ts';
import { runText } from '../../../apps/cli/print-run.ts';
import { type Case, formats } from '../../../apps/cli/report-formats.ts';
import { type RunDone, runUnit } from '../../../apps/cli/run-unit.ts';
import { paintFor } from '../../../apps/cli/terminal.ts';
import { printed, shown, visible } from '../../../apps/output/escape.ts';
import { exported } from '../../../apps/page/export.ts';
import { recordOf } from '../../../apps/page/record/record-run.ts';
import { nothingRun } from '../../../campaigns/index.ts';
import { event, mochaSource, type Scenario, scenario, scenarioSource } from '../../../scenarios/index.ts';
import { formatScenario, parseScenario } from '../../../scenarios/yaml.ts';

const require = createRequire(import.meta.url);
const ts = require('@swc/wasm-typescript') as { transformSync(source: string, options: object): { readonly code: string } };

/** Pieces that end or begin something in some form of output, and any text between them. */
const pieces = [
  ...[
    '\n::error::x',
    '\r\n',
    '\t',
    '\u001b[31mRED\u001b[0m',
    '\u001b]0;title\u0007',
    '\u0000',
    '\u0085',
    '\u2028',
    '\u202e',
    '\ufeff',
    '\ud83d',
    '\ude00',
  ],
  ...[
    '</script><script>',
    '<!--',
    ']]>',
    '&#10;',
    '&amp;',
    '"',
    "'",
    '`$',
    '{1}`',
    '\\',
    '|',
    '#',
    '# SKIP',
    '%0A',
    '%%',
    ';',
    ':',
    '::',
    '##[group]',
    '---',
    '...',
  ],
  ...[
    'ok 1',
    'not ok',
    '\nnot ok 9',
    'end',
    '- ',
    '{',
    '}',
    '*a',
    '&a',
    '!!',
    '![x](http://x)',
    '[x](y)',
    '<br>',
    '~~',
    '**',
    '😀',
    'é',
  ],
];
const name = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 6 })), { minLength: 1, maxLength: 8 })
  .map((parts) => parts.join(''));
const runs = { seed: 20, numRuns: 200 };

const hostileCase = fc.record({
  suite: name,
  name,
  verdict: fc.constantFrom('held', 'violated', 'undecided'),
  isRight: fc.boolean(),
  message: name,
  file: name,
  ms: fc.nat(5000),
  token: fc.constant('t1.x'),
}) satisfies fc.Arbitrary<Case>;
const cases = fc.array(hostileCase, { minLength: 1, maxLength: 4 });

/** Signs that a terminal or a reader of lines acts upon. */
const acts = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const actsButLines = (text: string): boolean => acts.test(text.replaceAll('\n', ''));

/** What XML has no place for is a question mark. */
const inXml = (text: string): string => text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '?');

function attributesIn(text: string, element: string): readonly Readonly<Record<string, string>>[] {
  const found: Readonly<Record<string, string>>[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', (tag) => {
    if (tag.name === element) found.push(tag.attributes);
  });
  parser.write(text).close();
  return found;
}

describe('hostile names', function () {
  this.timeout(300_000);

  it('JUnit: an XML parser reads each case with its name', () => {
    fc.assert(
      fc.property(cases, (all) => {
        const text = formats.junit(all);
        expect(actsButLines(text)).to.equal(false);
        expect(text).to.not.match(/^\s*::/m);
        const names = attributesIn(text, 'testcase').map((one) => one['name']);
        expect([...names].sort()).to.deep.equal(all.map((one) => inXml(one.name)).sort());
      }),
      runs,
    );
  });

  it('TAP: a parser counts as many points as there are cases, all of them failed that are, and none skipped', () => {
    fc.assert(
      fc.property(cases, (all) => {
        const text = formats.tap(all);
        expect(actsButLines(text)).to.equal(false);
        const parsed = new Parser({ strict: true });
        parsed.end(text);
        const { count, fail, skip, todo, bailout, failures } = parsed.results as NonNullable<typeof parsed.results>;
        const wrong = all.filter((one) => !one.isRight || one.verdict === 'undecided').length;
        expect({ count, fail, skip, todo, bailout, failures: failures.length }).to.deep.equal({
          ...{ count: all.length, fail: wrong, skip: 0, todo: 0 },
          ...{ bailout: false, failures: wrong },
        });
      }),
      runs,
    );
  });

  it('GitHub: a command a line, which its runner reads back', () => {
    const data = (text: string): string => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
    fc.assert(
      fc.property(cases, (all) => {
        const lines = formats.github(all).split('\n');
        expect(lines.some((line) => acts.test(line))).to.equal(false);
        const wrong = all.filter((one) => !one.isRight);
        expect(lines).to.have.length(wrong.length + 1);
        for (const [index, one] of wrong.entries()) {
          const [, properties = '', message = ''] = /^::error (.*?)::(.*)$/.exec(lines[index] ?? '') ?? [];
          const title = properties.split(',').find((property) => property.startsWith('title=')) ?? '';
          const told = data(title.slice('title='.length).replaceAll('%3A', ':').replaceAll('%2C', ','));
          const keepsLines = (text: string): string =>
            text
              .split(/(\r|\n)/)
              .map((part) => (/^[\r\n]$/.test(part) ? part : visible(part)))
              .join('');
          expect(told).to.equal(keepsLines(`${one.suite}: ${one.name}`));
          expect(data(message)).to.equal(keepsLines(`${one.message}\nnpx lazurite replay t1.x`));
        }
      }),
      runs,
    );
  });

  it('step summary: a reader of Markdown finds one table with a row for each case, and no link, image or style', () => {
    fc.assert(
      fc.property(cases, (all) => {
        const text = formats.summary(all);
        expect(actsButLines(text)).to.equal(false);
        const tokens = marked.lexer(text, { gfm: true });
        expect(tokens.map(({ type }) => type)).to.deep.equal(['table']);
        const { rows } = tokens[0] as Tokens.Table;
        expect(rows).to.have.length(all.length);
        for (const row of rows) {
          expect(row).to.have.length(5);
          const kinds = row.flatMap((cell) => cell.tokens.map(({ type }) => type));
          expect(kinds.filter((type) => !['text', 'escape', 'html', 'br', 'link'].includes(type))).to.deep.equal([]);
          const html = row.flatMap((cell) => cell.tokens.filter(({ type }) => type === 'html').map(({ raw }) => raw));
          expect(html.filter((raw) => raw !== '<br>')).to.deep.equal([]);
        }
      }),
      runs,
    );
  });

  it('NDJSON: a line for each case, which is the case', () => {
    fc.assert(
      fc.property(cases, (all) => {
        const text = formats.ndjson(all);
        expect(actsButLines(text)).to.equal(false);
        expect(text.split('\n').map((line) => JSON.parse(line) as unknown)).to.deep.equal(all);
      }),
      runs,
    );
  });

  it('terminal: no sign acts but line breaks, no line begins a command, and colours are those of the command', () => {
    fc.assert(
      fc.property(name, fc.boolean(), (text, hasColours) => {
        const line = printed(text, hasColours);
        const own = new RegExp(`${String.fromCharCode(27)}\\[(2|22|31|32|39)m`, 'g');
        expect(actsButLines(hasColours ? line.replace(own, '') : line)).to.equal(false);
        expect(line).to.not.match(/^\s*(::|##\[)/m);
        expect(visible(text)).to.not.match(/\n/);
        expect(acts.test(visible(text))).to.equal(false);
      }),
      runs,
    );
  });

  describe('of a scenario', () => {
    const story = (texts: readonly [string, string, string]): Scenario =>
      scenario(texts[0], { A: 1, B: 1, C: 1, D: 1 })
        .describe(texts[1])
        .node('B', (b) =>
          b
            .waitUntil(event('publish', { type: 'prevote' }), { as: texts[2] })
            .crash()
            .restart({ after: '50ms' })
            .expect(event('publish', { height: 1000 }), { within: '1ms', as: texts[2] }),
        )
        .variants({ name: texts[2] })
        .until({ time: '150ms' });
    const few = { seed: 20, numRuns: 15 };
    const three = fc.tuple(name, name, name);

    it('what run and fuzz print has as many lines as with a plain name', async () => {
      const report = async (texts: readonly [string, string, string]): Promise<RunDone> =>
        (await runUnit({ file: '', data: story(texts).data }))();
      const lines = (one: RunDone): number =>
        runText(
          shown(one.run),
          paintFor(() => 'never'),
        ).split('\n').length;
      const plain = lines(await report(['x', 'y', 'z']));
      const fuzzed = ([name, error, mark]: readonly [string, string, string]): string => {
        const campaign = { ...nothingRun, lost: [{ unit: name, error }], isInterrupted: false };
        const outcome = {
          first: 1,
          campaign,
          found: [],
          again: [],
          missed: [mark],
          idle: undefined,
          coverage: coverageOf(campaign, undefined),
        };
        return fuzzText(
          visible(name),
          shown(outcome),
          paintFor(() => 'never'),
        );
      };
      const plainFuzz = fuzzed(['x', 'y', 'z']).split('\n').length;
      await fc.assert(
        fc.asyncProperty(three, async (texts) => {
          const one = await report(texts);
          const text = runText(
            shown(one.run),
            paintFor(() => 'never'),
          );
          expect(text.split('\n').length).to.equal(plain);
          expect(actsButLines(text)).to.equal(false);
          expect(actsButLines(fuzzed(texts))).to.equal(false);
          expect(fuzzed(texts).split('\n').length).to.equal(plainFuzz);
        }),
        few,
      );
    });

    it('SVG is XML, and Mermaid has a line for each arrow and note', () => {
      fc.assert(
        fc.property(three, (texts) => {
          const record = recordOf(story(texts).data);
          const svg = exported(record, 'svg');
          expect(attributesIn(svg, 'text').length).to.be.greaterThan(4);
          const mermaid = exported(record, 'mermaid');
          expect(actsButLines(mermaid)).to.equal(false);
          const [, title = '', , kind, ...lines] = mermaid.trimEnd().split('\n');
          expect(title).to.match(/^title: ".*"$/);
          expect(kind).to.equal('sequenceDiagram');
          for (const line of lines)
            expect(line).to.match(
              /^ {2}(participant n\d as [^;]*|n\d(->>|-x)n\d: ([^;#]|#\d+;)*|Note over n\d: ([^;#]|#\d+;)*)$/,
            );
        }),
        few,
      );
    });

    it('YAML and TypeScript say the same scenario, without a sign that an editor hides', () => {
      fc.assert(
        fc.property(three, (texts) => {
          // Halves of surrogate pairs are no text: YAML cannot say them.
          const { data } = story(texts.map((text) => text.replace(/\p{Cs}/gu, '?')) as [string, string, string]);
          const yaml = formatScenario(data);
          expect(actsButLines(yaml)).to.equal(false);
          expect(formatScenario(parseScenario(yaml, 'it.yaml'))).to.equal(yaml);
          expect(parseScenario(yaml, 'it.yaml').name).to.equal(data.name);
          for (const source of [scenarioSource(data), mochaSource(data, ['agreement'])]) {
            expect(actsButLines(source)).to.equal(false);
            expect(() => ts.transformSync(source, { mode: 'strip-only', module: true })).to.not.throw();
          }
        }),
        { seed: 20, numRuns: 100 },
      );
    });
  });
});
