// Exercise 5: flush before you speak.
//
// A node of the roll call (../rollcall.js) that sends its number at once. `send` leaves without waiting for anything; `say` is framed in
// the log, leaves when its frame is durable, and is fed back to the node, so that it knows its own number.
import { rollcall } from '../rollcall.js';

export const protocol = {
  ...rollcall,
  name: 'speaks-first',
  step: (state, input) => {
    const { state: next, outputs } = rollcall.step(state, input);
    return { state: next, outputs };
  },
};
