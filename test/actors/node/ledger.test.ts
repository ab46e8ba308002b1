/** The ledger, against maps that change in place. */
import { expect } from 'chai';
import fc from 'fast-check';
import {
  emptyLedger,
  type Ledger,
  withMessage,
  withoutRequest,
  withoutTimer,
  withRequest,
  withTimer,
} from '../../../actors/node/ledger.ts';

type Act =
  | { readonly type: 'armed'; readonly name: string; readonly delay: number }
  | { readonly type: 'disarmed' | 'answered'; readonly name: string }
  | { readonly type: 'asked'; readonly name: string; readonly request: number }
  | { readonly type: 'said'; readonly data: string };

const name = fc.constantFrom('a', 'b', 'c');
const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant('armed' as const), name, delay: fc.nat({ max: 9 }) }),
    fc.record({ type: fc.constantFrom('disarmed' as const, 'answered' as const), name }),
    fc.record({ type: fc.constant('asked' as const), name, request: fc.nat({ max: 9 }) }),
    fc.record({ type: fc.constant('said' as const), data: name }),
  ),
  { maxLength: 30 },
);

/** Frozen to its lists: a reducer that changes its argument throws. */
function frozen(ledger: Ledger): Ledger {
  for (const list of Object.values(ledger)) Object.freeze(list);
  return Object.freeze(ledger);
}

function after(ledger: Ledger, act: Act): Ledger {
  switch (act.type) {
    case 'armed':
      return frozen(withTimer(ledger, act.name, act.delay));
    case 'disarmed':
      return frozen(withoutTimer(ledger, act.name));
    case 'asked':
      return frozen(withRequest(ledger, act.name, act.request));
    case 'answered':
      return frozen(withoutRequest(ledger, act.name));
    case 'said':
      return frozen(withMessage(ledger, { type: act.data }));
  }
}

/** The same by maps: setting a key anew moves it to the end. */
function modelOf(all: readonly Act[]): Ledger {
  const timers = new Map<string, number>();
  const requests = new Map<string, unknown>();
  const words: { type: string }[] = [];
  for (const act of all) {
    if (act.type === 'armed' || act.type === 'disarmed') timers.delete(act.name);
    if (act.type === 'armed') timers.set(act.name, act.delay);
    if (act.type === 'asked' || act.type === 'answered') requests.delete(act.name);
    if (act.type === 'asked') requests.set(act.name, act.request);
    if (act.type === 'said') words.push({ type: act.data });
  }
  return {
    timers: [...timers].map(([timer, delay]) => ({ timer, delay })),
    requests: [...requests].map(([key, request]) => ({ key, request })),
    messages: words,
  };
}

const options = { seed: 7, numRuns: 300 };

describe('the ledger', () => {
  it('has what was armed, asked and said last, in the order of setting, whatever came before', () => {
    fc.assert(
      fc.property(acts, (all) => {
        expect(all.reduce(after, frozen(emptyLedger))).to.deep.equal(modelOf(all));
      }),
      options,
    );
  });

  it('is the same value when a timer that is not armed elapses, or a question that is not open is answered', () => {
    fc.assert(
      fc.property(acts, (all) => {
        const ledger = all.reduce(after, frozen(emptyLedger));
        expect(withoutTimer(ledger, 'nobody')).to.equal(ledger);
        expect(withoutRequest(ledger, 'nobody')).to.equal(ledger);
      }),
      options,
    );
  });

  it('keeps all that was said, oldest first, also what was said twice', () => {
    const [vote, certificate] = [{ type: 'vote' }, { type: 'certificate' }];
    const ledger = [vote, certificate, vote].reduce(withMessage, emptyLedger);
    expect(ledger.messages).to.deep.equal([vote, certificate, vote]);
    expect(emptyLedger).to.deep.equal({ timers: [], requests: [], messages: [] });
  });

  it('takes the newest delay of a timer and the newest request of a key, and puts both last', () => {
    const timers = withTimer(withTimer(withTimer(emptyLedger, 'a', 1), 'b', 2), 'a', 3);
    expect(timers.timers).to.deep.equal([
      { timer: 'b', delay: 2 },
      { timer: 'a', delay: 3 },
    ]);
    const questions = withRequest(withRequest(withRequest(timers, 'x', 'one'), 'y', 'two'), 'x', 'three');
    expect(questions.requests).to.deep.equal([
      { key: 'y', request: 'two' },
      { key: 'x', request: 'three' },
    ]);
    expect(withoutRequest(withoutTimer(questions, 'b'), 'y')).to.deep.equal({
      timers: [{ timer: 'a', delay: 3 }],
      requests: [{ key: 'x', request: 'three' }],
      messages: [],
    });
  });
});
