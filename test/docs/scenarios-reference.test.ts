/** docs/reference/scenarios.md says all of the language, and its examples are right: parsed, compiled, and the same in both spellings. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { z } from 'zod';
import { type Example, examplesOf } from '../../dev/tools/reference/scenario-examples.ts';
import { gapsInScenarios } from '../../dev/tools/reference/scenario-gaps.ts';
import { Scenario } from '../../scenarios/index.ts';
import type { ScenarioData } from '../../scenarios/model.ts';
import { scenarioSchema } from '../../scenarios/schema.ts';
import { count, duration } from '../../scenarios/schema-words.ts';
import { newScript } from '../../scenarios/script.ts';

const root = resolve(import.meta.dirname, '../..');
const page = readFileSync(join(root, 'docs/reference/scenarios.md'), 'utf8');

describe('the reference of the scenario language', function () {
  this.timeout(60_000);
  let folder: string;
  let examples: readonly Example[];
  const fileOf = (index: number): string => join(folder, `example-${index}.ts`);

  before(() => {
    examples = examplesOf(scenarioSchema);
    folder = mkdtempSync(join(tmpdir(), 'lazurite-reference-'));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/lazurite'));
    for (const [index, { source }] of examples.entries()) writeFileSync(fileOf(index), source);
  });
  after(() => rmSync(folder, { recursive: true }));

  it('says of each key what it means, its default and its unit, with an example', () => {
    expect(gapsInScenarios(scenarioSchema, page)).to.deep.equal([]);
  });

  it('misses a key that nobody described', () => {
    const planted = z.strictObject({ grace: duration.optional(), tries: count.optional().describe('how often (default: 1)') });
    expect(gapsInScenarios(planted, page, [])).to.deep.equal([
      'grace: no description',
      'grace: its description ends without (default: ...)',
      "grace: no example of 'grace' uses it",
      'grace: no entry on the page',
      "tries: no example of 'tries' uses it",
      'tries: no entry on the page',
    ]);
  });

  it('misses a kind of fault whose keys have the names of others', () => {
    const kind = z.strictObject({
      type: z.literal('nap').describe('the kind of fault'),
      node: z.string().describe('the node that the fault strikes'),
    });
    const other = z.strictObject({ type: z.literal('wink').describe('the kind of fault') });
    const fault = z.discriminatedUnion('type', [kind, other]).describe('what strikes');
    const planted = z.strictObject({ faults: z.array(z.strictObject({ fault })).describe('faults') });
    const gaps = gapsInScenarios(planted, page, []).filter((gap) => gap.endsWith('no entry on the page'));
    expect(gaps).to.deep.equal([
      'faults[].fault<nap>.type: no entry on the page',
      'faults[].fault<nap>.node: no entry on the page',
      'faults[].fault<wink>.type: no entry on the page',
    ]);
  });

  it('misses an entry that the page lost', () => {
    const [lost] = /\n\| `gst\.bound` \|.*/.exec(page) ?? [''];
    expect(gapsInScenarios(scenarioSchema, page.replace(lost, ''))).to.deep.equal(['gst.bound: no entry on the page']);
  });

  it('names each method of a scenario and of a script', () => {
    const methods = [Scenario.prototype, Object.getPrototypeOf(newScript()) as object].flatMap((prototype) =>
      Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, { value }]) =>
        typeof value === 'function' && name !== 'constructor' ? [name] : [],
      ),
    );
    expect(methods.filter((name) => !page.includes(`.${name}(`))).to.deep.equal([]);
  });

  it('has examples that mean the same in TypeScript', async () => {
    for (const [index, { section, data }] of examples.entries()) {
      const { default: made } = (await import(pathToFileURL(fileOf(index)).href)) as { readonly default: { data: ScenarioData } };
      expect(JSON.parse(JSON.stringify(made.data)), section).to.deep.equal(JSON.parse(JSON.stringify(data)));
    }
  });

  it('has examples that compile', () => {
    const config = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: {
        isolatedDeclarations: false,
        declaration: false,
        rootDir: '/',
        typeRoots: [join(root, 'node_modules/@types')],
        types: ['node'],
      },
      include: [join(folder, '*.ts')],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
    const { status, stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      encoding: 'utf8',
    });
    expect(status, stdout).to.equal(0);
  });
});
