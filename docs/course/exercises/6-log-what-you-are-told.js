// Exercise 6: log what you are told.
//
// `admit` decides what happens to an input before it is applied: `log` (framed, then applied), `pass` (applied, and forgotten by a crash)
// or `drop`. This node takes its number from the application and does not write it down.
import { rollcall } from '../rollcall.js';

export const protocol = {
  ...rollcall,
  name: 'forgets-its-number',
  admit: (state, input) => (input.type === 'drawn' ? 'pass' : rollcall.admit(state, input)),
};
