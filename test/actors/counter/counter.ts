/**
 * The smallest protocol with something to lose: at each height every node says one number, which its application draws anew
 * each time it is asked, and the height is decided when all have spoken. A node that forgets what it said says another.
 */
import { type Application, type NodeDefinition, type Output, PayloadError } from '../../../actors/node/definition.ts';

export interface CounterConfig {
  readonly self: string;
  readonly names: readonly string[];
}

export interface CounterState {
  readonly config: CounterConfig;
  readonly height: number;
  readonly numbers: Readonly<Record<string, number>>;
  /** Numbers of the next height, which came early. */
  readonly early: readonly Add[];
}

export interface Add {
  readonly type: 'add';
  readonly height: number;
  readonly from: string;
  readonly amount: number;
  readonly signature: string;
}

export type CounterInput =
  | Add
  | { readonly type: 'start'; readonly height: number }
  /** `note`: words of the application that take up room in the log. */
  | { readonly type: 'drawn'; readonly height: number; readonly amount: number; readonly note?: string }
  | { readonly type: 'again' };

type Said = Omit<Add, 'signature'>;

const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** A note follows the rest as it is, a byte a letter. */
function encode(input: CounterInput): Uint8Array {
  if (input.type !== 'drawn' || input.note === undefined) return bytesOf(input);
  const { note, ...rest } = input;
  return Uint8Array.from(`${JSON.stringify(rest)}\n${note}`, (c) => c.charCodeAt(0));
}

function decode(bytes: Uint8Array): CounterInput {
  const end = bytes.indexOf(10);
  const value = JSON.parse(new TextDecoder().decode(end === -1 ? bytes : bytes.subarray(0, end))) as CounterInput;
  if (typeof value !== 'object' || !['add', 'start', 'drawn', 'again'].includes(value.type))
    throw new PayloadError('not an input of the counter');
  return value;
}

function step(state: CounterState, input: CounterInput): { state: CounterState; outputs: Output<CounterInput, Said>[] } {
  const { self, names } = state.config;
  switch (input.type) {
    case 'start': {
      const { height } = input;
      const kept = state.early.map((early): Output<CounterInput, Said> => ({ type: 'resume', input: early }));
      const ask = { type: 'ask', key: `number/${height}`, request: { height } } as const;
      const timer = { type: 'setTimer', timer: 'again', delay: 200 } as const;
      return { state: { ...state, height, numbers: {}, early: [] }, outputs: [timer, ask, ...kept] };
    }
    case 'drawn':
      return {
        state,
        outputs: [{ type: 'say', message: { type: 'add', height: state.height, from: self, amount: input.amount } }],
      };
    case 'again':
      return { state, outputs: [{ type: 'setTimer', timer: 'again', delay: 200 }] };
    case 'add': {
      if (input.height > state.height) return { state: { ...state, early: [...state.early, input] }, outputs: [] };
      const numbers = { ...state.numbers, [input.from]: input.amount };
      const sum = Object.values(numbers).reduce((a, b) => a + b, 0);
      const isDecided = names.every((name) => name in numbers);
      return {
        state: { ...state, numbers },
        outputs: isDecided ? [{ type: 'finish', decision: { height: state.height, sum } }] : [],
      };
    }
  }
}

export const counter: NodeDefinition<CounterConfig, CounterState, CounterInput, Said> = {
  name: 'counter',
  start: (config) => ({ config, height: 0, numbers: {}, early: [] }),
  follower: (config) => config,
  proves: () => true,
  isQuorum: () => true,
  begin: (_config, height) => ({ type: 'start', height }),
  step,
  position: ({ height }) => ({ height, round: 0 }),
  admit: (state, input) => {
    if (input.type !== 'add') return input.type === 'drawn' && state.config.self in state.numbers ? 'drop' : 'log';
    if (input.height > state.height) return 'pass';
    return input.height < state.height || input.from in state.numbers ? 'drop' : 'log';
  },
  elapsed: () => ({ type: 'again' }),
  timerOf: (input) => (input.type === 'again' ? 'again' : undefined),
  answers: (input) => (input.type === 'drawn' ? `number/${input.height}` : undefined),
  receive: (data, _from, verify) => {
    if (data.type !== 'add') return undefined;
    const add = data as Add;
    const { signature, ...message } = add;
    return verify(
      add.from,
      bytesOf(message),
      Uint8Array.from(signature, (c) => c.charCodeAt(0)),
    )
      ? add
      : undefined;
  },
  needsJudgement: () => false,
  toSign: bytesOf,
  asInput: (message, signature) => ({ ...message, signature: String.fromCharCode(...signature) }),
  signatureOf: (input) => Uint8Array.from((input as Add).signature, (c) => c.charCodeAt(0)),
  asWire: (input) => input,
  signedKind: () => 1,
  encode,
  decode,
  encodeDecision: bytesOf,
  decodeDecision: (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as unknown,
  leftOut: ['early'],
  summary: ({ numbers }) => ({ numbers: Object.keys(numbers).length }),
};

/** Draws another number each time it is asked. */
export const counterApplication: Application<number, CounterInput> = {
  start: () => 0,
  answer: (_total, request, nonce) => {
    const amount = [...nonce].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 997, 7);
    return { type: 'drawn', height: (request as { height: number }).height, amount };
  },
  judge: (_total, input) => input,
  execute: (total, decision) => total + (decision as { sum: number }).sum,
  digest: (total) => total,
};
