/** The source of a student's node, whole or with its two defects: what it does with each input, and what of it is logged. */
import type { Exercise } from './exercise.ts';

/** `defects`: whether it is the exercise; without them it is the solution. */
export function nodeSource(exercise: Exercise, defects: boolean): string {
  const { node, parity, member, bits } = exercise;
  const word = defects ? exercise.word : undefined;
  const state = defects ? exercise.state : undefined;
  const asksAgain = word === 'it asks again';
  const speaksFirst = word === 'it speaks first';
  const unlogged = state === 'the drawn number is not logged';
  const isMuted = state === 'nothing is said again';
  return `// A node of the roll call. It has two defects: it may say two numbers at one height, and not all of its state comes back.
//
// At each height every node says one number, which its application draws anew each time it is asked. A height is decided when all
// have spoken. Its result is ${node.factor} times the sum of the numbers, modulo ${node.modulus}.
// Power may fail at any moment. The node comes back from its log alone, must say the number that it said before, and must go on.
//
// The function \`step\` returns the next state and a list of outputs. What it says with \`say\` is logged, given back as an input, and
// sent when it is durable. An \`announce\` is sent when all before it is durable. A \`send\` leaves at once. The application gets each
// \`ask\`, and \`finish\` decides. The function \`admit\` says what becomes of an input. A crash forgets nothing of what is answered by
// 'log', and all of what is answered by 'pass'. What is answered by 'drop' is ignored.
// The field \`early\` of the state may be forgotten.
//
// States, inputs and outputs are plain data. This file imports nothing. Every call is made in a fresh copy of it: what is
// not in the state is forgotten at once.
export const start = (config) => ({ config, height: 0, numbers: {}, early: [], own: null });

export function step(state, input) {
  const { self, members } = state.config;
  switch (input.type) {
    case 'start': {
      const kept = state.early.map((early) => ({ type: 'resume', input: early }));
      const ask = { type: 'ask', key: \`number/\${input.height}\`, request: { height: input.height } };
      return {
        state: { ...state, height: input.height, numbers: {}, early: [], own: null },
        outputs: [{ type: 'setTimer', timer: 'again', delay: 100 }, ask, ...kept],
      };
    }
    case 'drawn': {
      if (${asksAgain ? '' : 'state.own !== null || '}input.height !== state.height) return { state, outputs: [] };
      const message = { type: 'add', height: state.height, from: self, amount: input.amount };
${
  speaksFirst
    ? `      const first = state.height % 2 === ${parity} ? [{ type: 'send', to: 'all', data: { ...message, signature: '' } }] : [];
      return { state, outputs: [...first, { type: 'say', message }] };`
    : "      return { state, outputs: [{ type: 'say', message }] };"
}
    }
    case 'again': {
      // A node may have been down when it was said.
      ${isMuted ? 'const said = [];' : "const said = state.own === null ? [] : [{ type: 'announce', data: state.own }];"}
${
  asksAgain
    ? `      // The application may not have answered.
      const ask = { type: 'ask', key: \`number/\${state.height}\`, request: { height: state.height } };
      return { state, outputs: [...said, ask, { type: 'setTimer', timer: 'again', delay: 100 }] };`
    : "      return { state, outputs: [...said, { type: 'setTimer', timer: 'again', delay: 100 }] };"
}
    }
    case 'add': {
      if (input.height > state.height) return { state: { ...state, early: [...state.early, input] }, outputs: [] };
      const numbers = { ...state.numbers, [input.from]: input.amount };
      const own = input.from === self ? input : state.own;
      const isDecided = members.every((name) => name in numbers);
      const sum = Object.values(numbers).reduce((a, b) => a + b, 0);
      const decision = { height: state.height, numbers, result: (${node.factor} * sum) % ${node.modulus} };
      return { state: { ...state, numbers, own }, outputs: isDecided ? [{ type: 'finish', decision }] : [] };
    }
    case 'blocks': {
      // A peer has decided this height already, and sends what it decided.
      const block = input.blocks.find(({ height }) => height === state.height);
      return { state, outputs: block === undefined ? [] : [{ type: 'finish', decision: block }] };
    }
    case 'status': {
      const request = { type: 'sync.request', height: state.height, count: 4 };
      return { state, outputs: input.height >= state.height ? [{ type: 'send', to: [input.peer], data: request }] : [] };
    }
    default:
      return { state, outputs: [] };
  }
}

export function admit(state, input) {
  switch (input.type) {
    case 'status':
      return 'pass';
${
  unlogged
    ? `    case 'drawn':
      return state.height % 2 === ${parity} ? 'pass' : 'log';
`
    : ''
}    case 'add':
      if (input.height > state.height) return 'pass';
      if (input.height < state.height || input.from in state.numbers) return 'drop';
      return ${state === 'what others say is not logged' ? `input.from === '${member}' && input.from !== state.config.self ? 'pass' : 'log'` : "'log'"};
    case 'blocks':
      ${
        state === 'blocks are refused'
          ? "return 'drop';"
          : "return input.blocks.some(({ height }) => height === state.height) ? 'log' : 'drop';"
      }
    default:
      return 'log';
  }
}

/** An input as the text of a frame, and back. */
${
  word === 'a number is cut short'
    ? `export const encode = (input) =>
  JSON.stringify('amount' in input ? { ...input, amount: input.amount % ${2 ** bits} } : input);`
    : 'export const encode = (input) => JSON.stringify(input);'
}
export const decode = (text) => JSON.parse(text);
`;
}
