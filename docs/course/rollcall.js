// The smallest protocol with something to lose. At each height every node says one number, which its application draws anew each time it
// is asked. A height is decided when all have spoken. A node that forgets what it said says another number: the others saw two.
import { PayloadError } from 'lazurite';

const bytesOf = (value) => new TextEncoder().encode(JSON.stringify(value));
const read = (bytes) => JSON.parse(new TextDecoder().decode(bytes));
const lettersOf = (bytes) => String.fromCharCode(...bytes);
const signatureIn = (add) => Uint8Array.from(add.signature, (letter) => letter.charCodeAt(0));

function step(state, input) {
  const { self, members } = state.config;
  switch (input.type) {
    case 'start': {
      const kept = state.early.map((early) => ({ type: 'resume', input: early }));
      const ask = { type: 'ask', key: `number/${input.height}`, request: { height: input.height } };
      const timer = { type: 'setTimer', timer: 'again', delay: 100 };
      return {
        state: { ...state, height: input.height, numbers: {}, early: [], own: undefined },
        outputs: [timer, ask, ...kept],
      };
    }
    case 'drawn': {
      if (state.own !== undefined || input.height !== state.height) return { state, outputs: [] };
      return {
        state,
        outputs: [{ type: 'say', message: { type: 'add', height: state.height, from: self, amount: input.amount } }],
      };
    }
    case 'again': {
      // Somebody may have been down when it was said.
      const said = state.own === undefined ? [] : [{ type: 'announce', data: state.own }];
      return { state, outputs: [...said, { type: 'setTimer', timer: 'again', delay: 100 }] };
    }
    case 'add': {
      if (input.height > state.height) return { state: { ...state, early: [...state.early, input] }, outputs: [] };
      const numbers = { ...state.numbers, [input.from]: input.amount };
      const own = input.from === self ? input : state.own;
      const isDecided = members.every((name) => name in numbers);
      const sum = Object.values(numbers).reduce((a, b) => a + b, 0);
      const finish = { type: 'finish', decision: { height: state.height, numbers, sum } };
      return { state: { ...state, numbers, own }, outputs: isDecided ? [finish] : [] };
    }
    case 'blocks': {
      // A peer has decided this height without us, and sends what it decided.
      const block = input.blocks.find(({ height }) => height === state.height);
      return { state, outputs: block === undefined ? [] : [{ type: 'finish', decision: block }] };
    }
    case 'status': {
      const request = { type: 'sync.request', height: state.height, count: 4 };
      return { state, outputs: input.height >= state.height ? [{ type: 'send', to: [input.peer], data: request }] : [] };
    }
  }
}

function admit(state, input) {
  switch (input.type) {
    case 'status':
      return 'pass'; // it changes nothing that is compared
    case 'add':
      if (input.height > state.height) return 'pass'; // it waits in the state for its height
      return input.height < state.height || input.from in state.numbers ? 'drop' : 'log';
    case 'blocks':
      return input.blocks.some(({ height }) => height === state.height) ? 'log' : 'drop';
    default:
      return 'log';
  }
}

/** No node may let two numbers of one height leave, over all its lives. */
const oneNumber = {
  name: 'one-number',
  says: 'over all lives a node says one number a height',
  hint: 'what it said must be durable before it leaves, and must come back',
  monitor: () => ({
    watches: ['effect transmit'],
    start: { said: {}, violations: [] },
    look: (memory, { effect, node, index }) => {
      const { type, from, height, amount } = effect.data;
      if (type !== 'add' || from !== node) return memory;
      const { said, violations } = memory;
      const key = `${node} ${height}`;
      if (said[key] === undefined) return { said: { ...said, [key]: amount }, violations };
      if (said[key] === amount) return memory;
      const message = `${node} said ${said[key]} and ${amount} at height ${height}`;
      return { said, violations: [...violations, { message, event: index, nodes: [node], height }] };
    },
    finish: ({ said, violations }) => {
      if (violations.length > 0) return { verdict: 'violated', violations };
      const isUnheard = Object.keys(said).length === 0;
      return isUnheard ? { verdict: 'undecided', violations, reason: 'nobody spoke' } : { verdict: 'held', violations };
    },
    // The number of an event changes no later verdict: runs that differ in nothing else are judged once.
    relevant: ({ said, violations }) => ({ said, found: violations.map(({ message }) => message) }),
  }),
};

export const rollcall = {
  name: 'rollcall',
  start: (config) => ({ config, height: 0, numbers: {}, early: [], own: undefined }),
  follower: (config) => config,
  begin: (_config, height) => ({ type: 'start', height }),
  step,
  position: ({ height }) => ({ height, round: 0 }),
  admit,
  elapsed: () => ({ type: 'again' }),
  timerOf: (input) => (input.type === 'again' ? 'again' : undefined),
  answers: (input) => (input.type === 'drawn' ? `number/${input.height}` : undefined),
  receive: (data, from, verify) => {
    if (data.type === 'status') return { ...data, peer: from };
    if (data.type === 'sync.response') return { type: 'blocks', blocks: data.blocks };
    if (data.type !== 'add') return undefined;
    const { signature, ...message } = data;
    return verify(data.from, bytesOf(message), signatureIn(data)) ? data : undefined;
  },
  needsJudgement: () => false,
  toSign: bytesOf,
  asInput: (message, signature) => ({ ...message, signature: lettersOf(signature) }),
  signatureOf: signatureIn,
  asWire: (input) => input,
  signedKind: () => 1,
  encode: bytesOf,
  decode: (bytes) => {
    try {
      return read(bytes);
    } catch {
      throw new PayloadError('not an input of the roll call');
    }
  },
  encodeDecision: bytesOf,
  decodeDecision: read,
  proves: () => true,
  isQuorum: (names) => names.length > 1,
  leftOut: ['early'],
  summary: ({ numbers }) => ({ numbers: Object.keys(numbers).length }),
};

/** Draws another number each time it is asked, as a mempool would. */
export const host = {
  start: () => 0,
  answer: (_total, { height }, nonce) => ({
    type: 'drawn',
    height,
    amount: [...nonce].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 997, 7),
  }),
  judge: (_total, input) => input,
  execute: (total, { sum }) => total + sum,
  digest: (total) => total,
};

/** The surroundings of the definition: its host, each node's configuration, which messages are a node's own, and what is judged. */
export const surroundings = {
  host,
  configuration: (self, members) => ({ self, members }),
  isOwnMessage: (data, node) => data.type === 'add' && data.from === node,
  properties: [oneNumber],
  // All must speak: a node that stays away stops everybody.
  tolerates: 'restarts',
};
