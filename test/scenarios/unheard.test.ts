/** Parts of a scenario that would change nothing are refused, with their place. A test that runs a scenario gets the same errors as a file. */
import { expect } from 'chai';
import { agreement, type Scenario, ScenarioError, scenario } from '../../scenarios/index.ts';
import { parseScenario } from '../../scenarios/yaml.ts';

const head = 'scenario: x\nvalidators: { A: 1, B: 1, C: 1, D: 1 }\n';
const raft = 'scenario: x\nprotocol: raft\nvalidators: { A: 1, B: 1, C: 1 }\n';

function messageOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
  return 'none';
}

describe('what nobody would take notice of is refused, with line and column', () => {
  const cases: readonly (readonly [yaml: string, words: string])[] = [
    [`${head}network: { links: { "A->A": { loss: 1 } } }\n`, '3:21: A sends nothing to itself'],
    [`${head}byzantine: { A: [{ role: two-votes, to: [A] }] }\n`, 'no node would receive this lie'],
    [`${head}proposers: { "0.0": A }\n`, '3:14: heights begin at 1'],
    [`${head}fullNodes: [E]\nproposers: { "1.0": E }\n`, 'E is a full node: it has no key and proposes nothing'],
    [`${head}fullNodes: [E, E]\n`, '3:16: E is named twice'],
    [`${head}fullNodes: [A]\n`, '3:13: A is a validator; a full node has a name of its own'],
    [`${head}validatorSets: [{ from: 1, powers: { A: 1 } }]\n`, 'another begins at 2 or later, not at 1'],
    [`${head}validatorSets: [{ from: 2, powers: { A: 0 } }]\n`, 'nobody has voting power'],
    [`${head}validatorSets: [{ from: 2, powers: { A: 1 } }, { from: 2, powers: { B: 1 } }]\n`, 'two sets begin at height 2'],
    [`${head}timeouts: [{ propose: 5s, nodes: [] }]\n`, 'no node is named'],
    [`${head}application: [{ does: fails, nodes: [] }]\n`, 'no node is named'],
    [`${head}application: [{ does: slow, by: 0 }]\n`, "'by' is 0: nothing would be slower"],
    [`${head}application: [{ does: fails, heights: [5, 3] }]\n`, 'its heights end before they begin'],
    [`${head}---\n${head}`, '3:1: a second document begins here'],
    [`${raft}proposers: { "1.0": A }\n`, 'raft chooses who proposes by itself'],
    [`${raft}byzantine: { A: two-votes }\n`, "'two-votes' changes Tendermint's messages; nodes of raft can be silent, late"],
    [`${raft}fullNodes: [D]\n`, 'each node of raft is a member'],
    [`${raft}validatorSets: [{ from: 2, powers: { A: 1 } }]\n`, 'the members of raft are the same for good'],
    ['scenario: x\nprotocol: raft\nvalidators: { A: 5, B: 1, C: 1 }\n', '3:18: each member of raft has one vote; write `A: 1`'],
    ['scenario: x\nprotocol: raft\nvalidators: { A: 1 }\n', 'one member alone replicates nothing'],
  ];
  for (const [yaml, words] of cases)
    it(words, () => {
      const told = messageOf(() => parseScenario(yaml, 'x.yaml'));
      expect(told).to.match(/^x\.yaml:\d+:\d+: /);
      expect(told).to.contain(words);
    });
});

describe('a scenario that a test runs is looked at as one in a file is', () => {
  // From JavaScript anything may come.
  type Loose = { readonly [Method in keyof Scenario]: (...given: readonly unknown[]) => Loose };
  const four = (): Loose => scenario('x', { A: 1, B: 1, C: 1, D: 1 }).until({ height: 3 }) as unknown as Loose;
  const cases: readonly (readonly [what: string, make: () => Loose, words: string])[] = [
    ['an application that does what there is not', () => four().application('slwo'), 'slwo'],
    ['an application as one object', () => four().application({ does: 'slow', by: '1s' }), 'application.0'],
    ['a role that there is not', () => four().byzantine('A', 'slient'), 'silent'],
    ['heights as a text', () => four().byzantine('A', 'silent', { heights: '3' }), 'heights'],
    ['a seed as a text', () => four().seed('7'), 'seed'],
    ['a link with a field that there is not', () => four().network({ dealy: '5ms' }), 'dealy'],
    ['more loss than all', () => four().network({ loss: 7 }), 'loss'],
    ['a topology that there is not', () => four().topology('rnig'), 'topology'],
    ['a policy that there is not', () => four().wal({ attest: 'strcit' }), 'strcit'],
    ['a power below 0', () => four().validators(2, { A: -1 }), 'validatorSets.0.powers.A'],
    ['a variant with a field that there is not', () => four().variants({ name: 'a', brek: 'no-fsync' }), 'brek'],
    ['properties as one text', () => four().variants({ name: 'a', break: 'no-fsync', expect: { fail: 'x' } }), 'fail'],
    ['checks in a list', () => four().expect([agreement()]), 'a list: leave its brackets out'],
    ['an end as a text', () => four().until('5s'), 'until() takes { time } or { height }'],
    ['two ends', () => four().until({ time: '5s', height: 3 }), 'until() takes { time } or { height }, one of the two'],
    ['a full node that is a validator', () => four().fullNodes('A'), 'A is a validator'],
  ];
  for (const [what, make, words] of cases) it(what, () => expect(messageOf(() => make().run())).to.contain(words));

  it('and runs where nothing is wrong', () => {
    expect((four() as unknown as Scenario).run().asExpected).to.equal(true);
  });
});

describe('what never came to its occasion is a complaint', () => {
  const four = scenario('x', { A: 1, B: 1, C: 1, D: 1 }).until({ height: 4 });
  const cases: readonly (readonly [what: string, story: Scenario, words: string])[] = [
    [
      'a lie at a height that was not reached',
      four.byzantine('A', 'two-votes', { heights: { from: 99 } }),
      "the lie 'two-votes' of A",
    ],
    ['a lie of a later round', four.byzantine('A', 'prevote-nil', { rounds: 9 }), "the lie 'prevote-nil' of A"],
    ['amnesia at a height without a lock', four.byzantine('A', 'amnesia', { heights: 99 }), "the lie 'amnesia' of A"],
    [
      'an application that is slow later',
      four.application('slow', { by: '1s', heights: 99 }),
      'rule 1 of the application (slow)',
    ],
    ['one that fails in a life that did not come', four.application('fails', { lives: 5 }), 'rule 1 of the application (fails)'],
  ];
  for (const [what, story, words] of cases)
    it(what, () => {
      const run = story.run({ record: false });
      expect(run.complaints.join('\n')).to.contain(words);
      expect(run.asExpected).to.equal(false);
    });

  it('and not where it came', () => {
    const said = four.byzantine('A', 'two-votes', { heights: 2 }).byzantine('A', 'amnesia', { heights: 3 });
    expect(said.run({ record: false }).complaints).to.deep.equal([]);
    expect(four.byzantine('A', 'silent').run({ record: false }).complaints).to.deep.equal([]);
    expect(four.application('slow', { by: '10ms', of: ['commit'], heights: 2 }).run({ record: false }).complaints).to.deep.equal(
      [],
    );
  });

  it('a second script of one node, which would replace the first', () => {
    const once = scenario('x', { A: 1, B: 1 }).node('B', (b) => b.crash().restart());
    const twice = (): unknown => once.node('B', (b) => b.kill().restart());
    expect(messageOf(twice)).to.contain("B has a script already; write all its steps in one .node('B', ...)");
  });
});
