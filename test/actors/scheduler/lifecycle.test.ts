import { expect } from 'chai';
import { type StateValue, transition } from 'xstate';
import { type Lifecycle, lifecycle, supervisorActor } from '../../../actors/node/index.ts';

describe("a node's lifecycle", () => {
  const events = ['boot', 'recovered', 'replayed', 'abstain', 'rejoin', 'corrupt'];
  for (const state of Object.keys(lifecycle.states) as Lifecycle[]) {
    it(`moves from ${state} as XState's interpreter does`, () => {
      for (const type of events) {
        const before = lifecycle.resolveState({ value: state as StateValue, context: {} });
        const [after] = transition(lifecycle, before, { type });
        const step = supervisorActor.receive({ lifecycle: state, storedHeight: 0 } as never, { type } as never, '');
        expect((step.state as { readonly lifecycle: string }).lifecycle, `${state} ${type}`).to.equal(after.value);
      }
    });
  }
});
