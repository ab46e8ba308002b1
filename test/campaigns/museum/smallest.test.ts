/** The smallest plan of each exhibit has at most two faults (one has three) and four nodes, and without any one of them the property holds. */
import { expect } from 'chai';
import { isBroken, minimize, sizeOf } from '../../../campaigns/index.ts';
import { anywhere, furtherScenes, scenes } from '../../../campaigns/museum/scenes.ts';
import { exhibits } from '../../../museum/index.ts';
import { runScenario, type ScenarioData } from '../../../scenarios/index.ts';
import { refuseMistakes } from '../../../scenarios/yaml.ts';

const breaks = (data: ScenarioData, property: string, exhibit?: string): boolean =>
  isBroken(runScenario(data, { maxSteps: 20_000, ...(exhibit === undefined ? {} : { exhibit }) }), property);

/** By itself, so that what shrinks and what judges it share no code. */
function* withoutOne(data: ScenarioData): Generator<{ readonly what: string; readonly rest: ScenarioData }> {
  for (const [at, { fault }] of data.faults.entries())
    yield { what: `fault ${at + 1}, ${fault.type}`, rest: { ...data, faults: data.faults.filter((_, index) => index !== at) } };
  for (const liar of Object.keys(data.byzantine))
    yield { what: `the lies of ${liar}`, rest: { ...data, byzantine: rid(data.byzantine, liar) } };
  if (Object.keys(data.validators).length === 1) return;
  for (const node of Object.keys(data.validators)) {
    const rest = withoutNode(data, node);
    if (!isTooSmall(rest)) yield { what: `node ${node}`, rest };
  }
}

/** With a third of the nodes lying nothing is promised, so such a plan is no smaller one. */
function liesTooMuch({ validators, byzantine }: ScenarioData): boolean {
  return 3 * Object.keys(byzantine).length >= Object.keys(validators).length;
}

function rid<Value>(record: Readonly<Record<string, Value>>, name: string): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}

type Raft = NonNullable<ScenarioData['raft']>;

function withoutMember({ members, changes, ...others }: Raft, node: string, nodes: readonly string[]): Raft {
  if (changes === undefined) return others;
  return {
    ...others,
    members: (members ?? nodes).filter((other) => other !== node),
    changes: changes.filter(({ add, remove }) => add !== node && remove !== node),
  };
}

/** A cluster of one member is refused, so it is no smaller plan. */
function isTooSmall({ raft }: ScenarioData): boolean {
  let count = raft?.members?.length ?? 2;
  const counts = (raft?.changes ?? []).map(({ add }) => (count += add === undefined ? -1 : 1));
  return Math.min(raft?.members?.length ?? 2, ...counts) < 2;
}

/** Faults that strike others too go on; those that were of this node alone, or waited for it, are gone. */
function withoutNode(data: ScenarioData, node: string): ScenarioData {
  const faults = data.faults.flatMap(({ trigger, fault }): ScenarioData['faults'] => {
    const awaited = 'point' in trigger ? trigger.point.split(/[+@]/)[0] : 'node' in trigger ? trigger.node : undefined;
    if (awaited === node || ('node' in fault && fault.node === node)) return [];
    if (fault.type === 'message') return fault.from === node || fault.to === node ? [] : [{ trigger, fault }];
    if ('nodes' in fault) return [{ trigger, fault: { ...fault, nodes: fault.nodes.filter((other) => other !== node) } }];
    if (fault.type !== 'partition') return [{ trigger, fault }];
    return [{ trigger, fault: { ...fault, groups: fault.groups.map((group) => group.filter((other) => other !== node)) } }];
  });
  // A rule for all nodes names none; one for this node alone is gone with it.
  const application = data.application?.flatMap((rule) => {
    const nodes = rule.nodes?.filter((other) => other !== node);
    if (nodes === undefined) return [rule];
    return nodes.length === 0 ? [] : [{ ...rule, nodes }];
  });
  const { validators, scripts, byzantine, raft } = data;
  return {
    ...data,
    ...(application === undefined ? {} : { application }),
    ...(raft === undefined ? {} : { raft: withoutMember(raft, node, Object.keys(validators)) }),
    validators: rid(validators, node),
    scripts: rid(scripts, node),
    byzantine: rid(byzantine, node),
    faults,
  };
}

/** This one needs a lock that no other node has, a death, and a log that has lost its end. */
const needsThree: readonly string[] = ['signer-instead-of-log'];

/** One liar among any others breaks these, so a node less would do. */
const brokenByAnyLiar: readonly string[] = ['extension-unverified', 'extension-signature-unchecked'];

describe("an exhibit's smallest plan", function () {
  // The longest takes 14 s on a machine that others use too.
  this.timeout(180_000);
  for (const { name, expected } of exhibits) {
    const [property = ''] = expected;
    const most = needsThree.includes(name) ? 3 : 2;
    it(`${name} breaks ${property} with at most ${most} faults and four nodes, each of them needed`, () => {
      const stories = [
        scenes[name] ?? anywhere,
        ...furtherScenes.filter(({ exhibit }) => exhibit === name).map(({ scene }) => scene),
      ];
      const found = stories
        .filter(({ data }) => breaks(data, property, name))
        .map(({ data }) => minimize(data, { exhibit: name }, property));
      expect(found).to.not.deep.equal([]);
      const sizes = found.map(({ data }) => sizeOf(data));
      expect(Math.min(...sizes.map(({ faults }) => faults))).to.be.at.most(most);
      expect(Math.max(...sizes.map(({ nodes }) => nodes))).to.be.at.most(4);
      for (const { data, isMinimal } of found) {
        expect(isMinimal).to.equal(true);
        refuseMistakes(data);
        expect(breaks(data, property, name)).to.equal(true);
        expect(breaks(data, property), 'the honest node').to.equal(false);
        for (const { what, rest } of withoutOne(data)) {
          const isExcused = brokenByAnyLiar.includes(name) && liesTooMuch(rest);
          if (!isExcused) expect(breaks(rest, property, name), `without ${what}`).to.equal(false);
        }
      }
    });
  }
});
