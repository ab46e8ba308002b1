/**
 * Nothing that actors share is changed: runs with every state, message and effect frozen. Five scenarios and five seeds; the whole library and 100
 * seeds with `LAZURITE_FREEZE=1`.
 */
import { expect } from 'chai';
import type { ActorSpec, NodeSpec } from '../../actors/scheduler/index.ts';
import type { Message } from '../../core/effects.ts';
import { Freezer, findingsOf, libraryCases, seedCases } from '../../dev/frozen.ts';
import { wrapActor } from '../../museum/wrap.ts';
import { runScenario, scenario } from '../../scenarios/index.ts';

const isWhole = process.env['LAZURITE_FREEZE'] === '1';
/** A crash during replay, a lost log, a liar, a change of the set, Raft. */
const few = /^(04|15|18|20|25)/;
const library = (await libraryCases()).filter(({ name }) => isWhole || few.test(name));
const seeds = await seedCases(isWhole ? 100 : 5);

describe('what actors share', () => {
  for (const { name, findings } of [...library, ...seeds])
    it(`is not changed in ${name}`, () => {
      expect(findings()).to.deep.equal([]);
    });

  it('was frozen in at least five scenarios and five seeds', () => {
    expect(library.length).to.be.at.least(isWhole ? 50 : 5);
    expect(seeds.length).to.equal(isWhole ? 100 : 5);
  });
});

type Changes = (state: never, message: never) => void;
const { data } = scenario('four', { A: 1, B: 1, C: 1, D: 1 })
  .fault({ time: '300ms' }, { type: 'crash', nodes: ['B'], restartMs: 100 })
  .until({ time: '1s' });

/** What is found in a run in which an actor changes something before it does what it should. */
function foundBy(actor: string, changes: Changes): readonly string[] {
  const freezer = new Freezer();
  const broken = (spec: NodeSpec): NodeSpec =>
    wrapActor(spec, actor, (receive) => (state, message, from) => {
      changes(state as never, message as never);
      return receive(state, message, from);
    });
  runScenario(data, { wrap: (spec) => freezer.wrap(broken(spec)) });
  freezer.checkAll('after the run');
  return freezer.findings;
}

describe('a frozen run', () => {
  it('finds nothing in honest nodes', () => {
    expect(foundBy('wal', () => {})).to.deep.equal([]);
  });

  const breaches: readonly (readonly [what: string, actor: string, changes: Changes, found: RegExp])[] = [
    [
      'a field of its state',
      'consensus',
      (state: { mode: string }) => {
        state.mode = 'running';
      },
      /^consensus of A, on .*: Cannot assign to read only property 'mode'/,
    ],
    [
      'a list deep in its state',
      'consensus',
      ({ ledger }: { ledger: { messages: unknown[] } }) => ledger.messages.reverse().push(0),
      /consensus of .*: Cannot add property/,
    ],
    ['a map of its state', 'wal', ({ contents }: { contents: Map<unknown, unknown> }) => contents.clear(), /frozen map or set/],
    [
      'a message',
      'network',
      (_: unknown, message: { seen?: boolean }) => {
        message.seen = true;
      },
      /network of A, .*: Cannot add property seen/,
    ],
    [
      'bytes within a message',
      'wal',
      (_: unknown, { bytes }: { bytes?: Uint8Array }) => {
        if (bytes !== undefined && bytes.length > 100) bytes[100] = ~(bytes[100] as number);
      },
      /^wal of B, on 'disk.answer' from disk: \d+ bytes were changed/,
    ],
    [
      'bytes within its state',
      'consensus',
      ({ ledger }: { ledger: { messages: readonly { readonly signature?: Uint8Array }[] } }) => {
        const signature = ledger.messages[0]?.signature;
        if (signature !== undefined) signature[0] = ~(signature[0] as number);
      },
      /^consensus of .*: 8 bytes were changed/,
    ],
  ];
  for (const [what, actor, changes, found] of breaches)
    it(`finds an actor that changes ${what}`, () => {
      expect(foundBy(actor, changes).find((finding) => found.test(finding))).to.be.a('string');
    });

  it('finds bytes that were kept from an earlier message and changed later, by an actor that they do not belong to', () => {
    const freezer = new Freezer();
    const kept: Uint8Array[] = [];
    const receive = (state: unknown, { bytes }: { bytes?: Uint8Array }) => {
      if (bytes === undefined) kept[0]?.fill(7);
      else kept.push(bytes);
      return { state, effects: [] };
    };
    const [actor] = freezer.wrap({
      name: 'A',
      actors: [{ name: 'network', start: () => 0, receive }],
      position: () => undefined,
    }).actors;
    const receiveAs = actor?.receive as (state: unknown, message: unknown, from: string) => unknown;
    receiveAs(0, { type: 'first', bytes: Uint8Array.of(1, 2) }, 'B');
    receiveAs(0, { type: 'second' }, 'B');
    expect(freezer.findings).to.deep.equal([]);
    freezer.checkAll('after the run');
    expect(freezer.findings).to.deep.equal(['after the run: 2 bytes were changed after they had been shared']);
  });

  it('refuses what is no plain data, because it could be changed unseen', () => {
    const freezer = new Freezer();
    for (const value of [new Date(0), new Uint32Array(1), new WeakMap(), { deep: [new (class Kept {})()] }])
      expect(() => freezer.freeze(value)).to.throw(TypeError, 'which is no plain data');
    expect(
      freezer.freeze({ bytes: new Uint8Array(2), list: [1, new Map([['key', new Set([new Uint8Array(1)])]])] }),
    ).to.have.length(2);
  });

  it('freezes where an actor begins, what it returns and what its effects hold', () => {
    const effect = { type: 'observe', event: 'seen', detail: { list: [1] } } as const;
    const receive = (): unknown => ({ state: { next: [2] }, effects: [effect] });
    const actor = { name: 'network', start: () => ({ first: [0] }), receive } as unknown as ActorSpec;
    const [wrapped] = new Freezer().wrap({ name: 'A', actors: [actor], position: () => undefined }).actors;
    const begun = wrapped?.start(0) as { first: number[] };
    expect(Object.isFrozen(begun.first)).to.equal(true);
    const receiveAs = wrapped?.receive as unknown as (...all: unknown[]) => { state: { next: number[] } };
    const step = receiveAs(begun, { type: 'boot' }, 'B');
    for (const value of [step.state, step.state.next, effect, effect.detail, effect.detail.list])
      expect(Object.isFrozen(value)).to.equal(true);
  });

  it('reports an actor that behaves otherwise when it cannot change what it shares', () => {
    const wrap = (spec: NodeSpec): NodeSpec =>
      wrapActor(spec, 'network', (receive) => (state, message, from) => {
        try {
          (message as { seen?: boolean }).seen = true;
          return receive(state, message, from);
        } catch {
          return { state, effects: [] };
        }
      });
    expect(findingsOf(data, { wrap })).to.deep.equal(['the frozen run differs from the run as it is']);
  });

  it('reports bytes that are changed by the last step that could reach them, or by one that could not', () => {
    const kept: Uint8Array[] = [];
    const wrap = (spec: NodeSpec): NodeSpec =>
      wrapActor(spec, 'wal', (receive) => (state, message, from) => {
        const { bytes } = message as { readonly bytes?: Uint8Array };
        if (bytes !== undefined && bytes.length > 100) kept.push(bytes);
        if (message.type === 'advance' && kept.length > 5) kept.pop()?.fill(0);
        return receive(state, message, from);
      });
    expect(findingsOf(data, { wrap })).to.satisfy((all: string[]) => all.some((one) => /^after the run: \d+ bytes/.test(one)));
  });

  it('reports what changes a state outside of the actors', () => {
    const wrap = (spec: NodeSpec): NodeSpec => ({
      ...spec,
      position: (states) => {
        (states[0] as { seen?: boolean }).seen = true;
        return spec.position(states);
      },
    });
    const [found, ...others] = findingsOf(data, { wrap });
    expect(found).to.match(/^outside of the actors: TypeError: Cannot add property seen/);
    expect(others).to.deep.equal([]);
  });

  it('changes nothing in the course of a run', () => {
    const freezer = new Freezer();
    expect(runScenario(data, { wrap: freezer.wrap }).hash).to.equal(runScenario(data).hash);
  });

  it('freezes messages that come from other nodes, and the states in which actors begin', () => {
    const freezer = new Freezer();
    const states: unknown[] = [];
    const messages: Message[] = [];
    const watch = (spec: NodeSpec): NodeSpec =>
      wrapActor(spec, 'network', (receive) => (state, message, from) => {
        states.push(state);
        messages.push(message);
        return receive(state, message, from);
      });
    runScenario(data, { wrap: (spec) => freezer.wrap(watch(spec)) });
    expect([...states, ...messages].every((value) => Object.isFrozen(value))).to.equal(true);
    expect(messages.length).to.be.greaterThan(100);
  });
});
