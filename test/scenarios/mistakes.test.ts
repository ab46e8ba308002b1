/** All mistakes of a file at once: syntax, form and meaning together, each with its place, what was expected, and what may have been meant. */
import { expect } from 'chai';
import { ScenarioError } from '../../scenarios/index.ts';
import { parseScenario } from '../../scenarios/yaml.ts';

function mistakes(text: string): readonly string[] {
  try {
    parseScenario(text, 'x.yaml');
  } catch (error) {
    if (error instanceof ScenarioError) return error.message.split('\n').map((line) => line.replace(/^x\.yaml:/, ''));
    throw error;
  }
  return [];
}

const cases: Readonly<Record<string, { readonly text: string; readonly told: readonly string[] }>> = {
  'names, and a time among them': {
    text: `scenario: typos
validators: { A: 1, B: 1, C: 1, D: 1 }
nodes:
  B:
    - waitUntil: { event: vote.casted, where: { type: prevot, hieght: 2 } }
    - crash: { after: wal.flsh }
    - restart: { after: 2 seconds }
  E:
    - crash:
`,
    told: [
      "5:27: no event is called 'vote.casted'; did you mean 'vote.cast'?",
      "5:55: no type of vote.cast is called 'prevot'; did you mean 'prevote'?",
      "5:63: no field of vote.cast is called 'hieght'; did you mean 'height'?",
      "6:23: no site is called 'wal.flsh'; did you mean 'wal.flush'?",
      "7:25: 'after': expected a time, and found '2 seconds'; write '2s'",
      "8:3: no node is called 'E'; there are A, B, C, D",
    ],
  },
  'lists and maps that may not be empty, and times that must pass': {
    text: `scenario: nothing
validators: { A: 1, B: 1 }
timeouts: [{ from: 2 }, { propose: 0s }]
faults:
  - { at: { time: 1s }, fault: { type: rule, from: [], fate: lost } }
  - { at: { time: 1s }, fault: { type: rule, to: [], fate: twice } }
`,
    told: [
      '3:12: this rule changes nothing: it sets propose, prevote, precommit, growth, rebroadcast, status, statusOnDecision',
      "3:36: 'propose' must be longer than 0",
      "5:52: 'from' is empty: leave it out to mean everybody",
      "6:50: 'to' is empty: leave it out to mean everybody",
    ],
  },
  'an item that is not indented as the others': {
    text: 'scenario: x\nvalidators: { A: 1 }\nseed: forty\nnodes:\n  A:\n  - waitUntil: { event: vote.cast }\n   - crash: { after: publish }\n  - restart: { after: 2s }\nmustReach: [wal.tron-tail-cut]\n',
    told: [
      "3:7: 'seed': expected a whole number, and found 'forty'",
      '7:4: All sequence items must start at the same column',
      "9:13: no mark is called 'wal.tron-tail-cut'; did you mean 'wal.torn-tail-cut'?",
    ],
  },
  'values of the wrong kind': {
    text: `scenario: types
validators: { A: "1", B: 1.5, C: -1, D: }
seed: forty
nodes:
  B: crash
until: 50
expect:
  - decide: 5
  - agreement
  - agrement
`,
    told: [
      "2:18: 'A': expected a whole number, and found '1'; write 1 without quotes",
      "2:26: 'B': expected a whole number, and found 1.5",
      "2:34: 'C': at least 0",
      "2:41: 'D': expected a whole number, and found nothing",
      "3:7: 'seed': expected a whole number, and found 'forty'",
      "5:6: 'B': expected a list, and found 'crash'",
      "6:8: 'until': expected { time: ... } or { height: ... }, and found 50; write { time: 50 } or { height: 50 }",
      "8:5: 'decide' is not known here; did you mean 'decides'?",
      "10:5: no property is called 'agrement'; did you mean 'agreement'?",
    ],
  },
  tabs: { text: 'scenario: tabs\nvalidators:\n\tA: 1\n', told: ['3:1: a tab cannot indent a line; write spaces'] },
  'a list in place of a scenario': { text: '- a list\n', told: ["1:1: 'a scenario': expected a map, and found a list"] },
  nothing: {
    text: '',
    told: ["1:1: 'a scenario': expected a map (`name: value`) such as { scenario: ..., validators: ... }, and found nothing"],
  },
  'steps: their order, and what they take': {
    text: `scenario: order of steps
validators: { A: 1, B: 1, C: 1, D: 1 }
nodes:
  B:
    - restart: { after: 2s }
    - crash: { after: publish }
    - crash: { after: publish }
  C:
    - crash: { before: publish, after: wal.flush }
    - restart: 2s
  D:
    - crash: publish
    - wait: 2s
    - kill: { torn: wal.flush }
    - restart: { after: -2s }
    - stayDown:
    - restart: { after: 2s }
`,
    told: [
      '5:16: B is up here: `restart` must come after `crash` or `kill`',
      '7:14: B is down here: `restart` it before it dies again',
      '9:14: give one of before, after, torn, and not before and after together',
      "10:16: 'restart': expected a map (`name: value`) such as { after: ... }, and found '2s'; write { after: 2s }",
      "12:14: 'crash': expected nothing, { before: ... }, { after: ... } or { torn: ... }, and found 'publish'; write { before: publish }, { after: publish } or { torn: publish }",
      "13:7: 'wait' is not known here; there are startsLate, neverStarts, waitUntil, never, expect, crash, kill, restart, isolate, flipBit, wipe, failFsync, stayDown",
      "15:25: 'after': expected a time, and found '-2s'; write 500, '500ms', '5s' or '2m'",
      '17:7: D stays down: `stayDown` is the last step of a script',
    ],
  },
  'a name twice, and faults': {
    text: `scenario: one validator twice
validators: { A: 1, B: 1, A: 1, C: 0 }
proposers: { "3": B, "3.0": Z }
network: { delay: 5 ms, loss: 5 }
faults:
  - { at: 100ms, fault: { type: partion, groups: [[A],[B]] } }
  - { at: { time: 100ms }, fault: { type: partition, groups: [[A, B],[B]], oneWay: false } }
  - { at: { time: 100ms }, fault: { type: crash, node: A } }
  - { at: { time: 100ms }, fault: { type: drift, node: Q, perMille: 3 } }
`,
    told: [
      '2:27: this name is in the map already; remove one of the two',
      "3:14: '3': write 'height.round'",
      "3:29: no node is called 'Z'; there are A, B, C",
      "4:19: 'delay': expected a time, and found '5 ms'; write '5ms'",
      "4:31: 'loss': at most 1",
      "6:11: 'at': expected { time: ... }, { event: ... }, { node: ..., site: ..., phase: ..., nth: ... } or { point: ... }, and found '100ms'; write { time: 100ms }",
      "6:33: no fault is called 'partion'; did you mean 'partition'?",
      '7:35: this partition can do nothing: B is in two groups, or twice in one',
      "8:35: 'nodes' is missing: expected a list",
      "8:50: 'node' is not known here; did you mean 'nodes'?",
      "9:35: no node is called 'Q'; there are A, B, C",
    ],
  },
  'a protocol that is not known, among others': {
    text: 'scenario: x\nprotocol: rafft\nvalidators: { A: 1 }\nseed: -1\n',
    told: [
      "2:11: no protocol is called 'rafft'; known are tendermint, raft (one of your own is known once the scenario file that brings it was loaded: name that file with --in FILE)",
      "4:7: 'seed': at least 0",
    ],
  },
  'a later set with a stranger': {
    text: 'scenario: x\nvalidators: { A: 1 }\nvalidatorSets: [{ from: 3, powers: { Q: 1 } }]\nvariants: [{ nam: y }]\n',
    told: [
      "3:38: no validator is called 'Q'; there are A",
      "4:14: 'nam' is not known here; did you mean 'name'?",
      "4:12: 'name' is missing: expected a text",
    ],
  },
};

describe('all mistakes of a YAML file at once', () => {
  for (const [what, { text, told }] of Object.entries(cases))
    it(what, () => {
      // Protocols that other tests of this process brought are known too.
      const own = mistakes(text).map((line) => line.replace(/(known are tendermint, raft)(?:, [\w-]+)+/, '$1'));
      expect([...own].sort()).to.deep.equal([...told].sort());
    });

  it('in the order in which they are in the file', () => {
    const lines = mistakes(cases['values of the wrong kind']?.text ?? '').map((line) => Number.parseInt(line, 10));
    expect(lines).to.deep.equal([...lines].sort((a, b) => a - b));
  });

  it('and none that follows from another: a step that is wrong in its form is still a death or a restart', () => {
    const text =
      'scenario: x\nvalidators: { A: 1 }\nnodes:\n  A:\n    - crash: publish\n    - restart: 2s\n    - crash:\n    - restart: { after: 1s }\n';
    expect(mistakes(text).map((line) => Number.parseInt(line, 10))).to.deep.equal([5, 6]);
  });
});
