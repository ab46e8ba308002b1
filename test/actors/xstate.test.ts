/** `lazurite/xstate`: its examples and its charts. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import { createActor } from 'xstate';
import { lifecycle, roundChart } from '../../actors/xstate.ts';

const root = resolve(import.meta.dirname, '../..');

describe('the examples of lazurite/xstate', function () {
  this.timeout(60_000);
  const source = readFileSync(join(root, 'actors/xstate.ts'), 'utf8');
  const examples = [...source.matchAll(/^ \* ```ts\n([\s\S]*?)^ \* ```$/gm)].map(([, code = '']) => code.replace(/^ \* ?/gm, ''));
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-xstate-'));
    mkdirSync(join(folder, 'node_modules'));
    symlinkSync(root, join(folder, 'node_modules/lazurite'));
    symlinkSync(join(root, 'node_modules/xstate'), join(folder, 'node_modules/xstate'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    for (const [index, code] of examples.entries()) writeFileSync(join(folder, `${index}.ts`), code);
  });
  after(() => rmSync(folder, { recursive: true }));

  const node = (...args: readonly string[]): string =>
    execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });

  it('print what they say: one of the round chart, one of the lifecycle, one of a node that decides a height', () => {
    expect(examples).to.have.length(3);
    for (const [index, code] of examples.entries()) {
      const printed = node('--import', join(root, 'dev/strip-types.js'), '--conditions=lazurite-source', `${index}.ts`);
      const promised = [...code.matchAll(/^\/\/ prints (.*)$/gm)].map(([, line]) => line);
      expect(printed.trimEnd().split('\n')).to.deep.equal(promised);
    }
  });

  it('have the types that a project in strict mode asks for', () => {
    const compilerOptions = {
      ...{ target: 'es2023', lib: ['es2023'], module: 'nodenext', strict: true, noUncheckedIndexedAccess: true, noEmit: true },
      ...{ types: ['node'], typeRoots: [join(root, 'node_modules/@types')], customConditions: ['lazurite-source'] },
      ...{ skipLibCheck: true, allowImportingTsExtensions: true },
    };
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: examples.map((_, index) => `${index}.ts`) }),
    );
    node(join(root, 'node_modules/typescript/bin/tsc'), '-p', '.');
  });

  it('are those that the documents show', () => {
    expect(readFileSync(join(root, 'docs/guide/xstate.md'), 'utf8')).to.contain(
      examples.find((code) => code.includes('nodeLogic')),
    );
  });
});

describe('the charts of lazurite/xstate', () => {
  it('run one round from its start to the decision, and end there', () => {
    const done: string[] = [];
    const actions = { propose: () => done.push('propose'), lock: () => done.push('lock'), decide: () => done.push('decide') };
    const actor = createActor(roundChart.provide({ actions })).start();
    const events = [
      'newRoundProposer',
      'proposeValue',
      'proposal',
      'proposalAndPolkaCurrent',
      'proposalAndPrecommitValue',
    ] as const;
    const steps = events.map((type) => {
      actor.send({ type });
      return actor.getSnapshot().value;
    });
    expect(steps).to.deep.equal(['propose', 'propose', 'prevote', 'precommit', 'commit']);
    expect(done).to.deep.equal(['propose', 'lock', 'decide']);
    expect(actor.getSnapshot().status).to.equal('done');
  });

  it('run a life to its end where the log is corrupt', () => {
    const actor = createActor(lifecycle).start();
    actor.send({ type: 'boot', life: 1 });
    actor.send({ type: 'corrupt', reason: 'damage in the middle' });
    expect([actor.getSnapshot().value, actor.getSnapshot().status]).to.deep.equal(['halted', 'done']);
  });

  it('have the states that their types name, and no others', () => {
    expect(Object.keys(roundChart.states)).to.have.members(['unstarted', 'propose', 'prevote', 'precommit', 'commit']);
    const lives = ['down', 'recovering', 'delayed', 'replaying', 'running', 'abstaining', 'halted'];
    expect(Object.keys(lifecycle.states)).to.have.members(lives);
  });
});
