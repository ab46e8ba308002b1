/**
 * The judge's own roll call: all of a node but what a student writes. It speaks the student's `start`, `step`, `admit`, `encode` and `decode`, each
 * call in a fresh copy. The application draws numbers under a key, so that a number that nobody drew is known.
 */
import { type Application, type NodeDefinition, type Output, PayloadError } from '../../actors/node/index.ts';
import type { WireData } from '../../core/effects.ts';
import { numberOf } from './exercise.ts';
import type { Copy } from './sandbox.ts';

export interface Config {
  readonly self: string;
  readonly members: readonly string[];
}

export interface Decided {
  readonly height: number;
  readonly numbers: Readonly<Record<string, number>>;
  readonly result: number;
}

type State = Readonly<Record<string, unknown>>;
export type Input = Readonly<Record<string, unknown>> & { readonly type: string };

/** A definition whose five functions are the student's. `name` must be its own among all protocols of this process. */
export function rollCall(fresh: () => Copy, name: string): NodeDefinition<Config, State, Input, Input> {
  return {
    name,
    start: (config) => fresh().call('start', [config]) as State,
    follower: (config) => config,
    begin: (_config, height) => ({ type: 'start', height }),
    step: (state, input) => {
      const { state: next, outputs } = fresh().call('step', [state, input]) as {
        readonly state: State;
        readonly outputs: unknown;
      };
      if (!Array.isArray(outputs)) throw new Error('step(state, input) returns { state, outputs }, and outputs is a list');
      return { state: next, outputs: outputs as Output<Input, Input>[] };
    },
    position: ({ height }) => ({ height: typeof height === 'number' ? height : 0, round: 0 }),
    admit: (state, input) => {
      const said = fresh().call('admit', [state, input]);
      if (said !== 'log' && said !== 'pass' && said !== 'drop')
        throw new Error("admit(state, input) returns 'log', 'pass' or 'drop'");
      return said;
    },
    elapsed: () => ({ type: 'again' }),
    timerOf: ({ type }) => (type === 'again' ? 'again' : undefined),
    answers: ({ type, height }) => (type === 'drawn' ? `number/${height as number}` : undefined),
    receive,
    needsJudgement: () => false,
    toSign: bytesOf,
    asInput: (message, signature) => ({ ...message, signature: String.fromCharCode(...signature) }),
    signatureOf,
    asWire: (input) => input as unknown as WireData,
    signedKind: () => 1,
    encode: (input) => new TextEncoder().encode(String(fresh().call('encode', [input]))),
    decode: (bytes) => {
      try {
        return fresh().call('decode', [new TextDecoder().decode(bytes)]) as Input;
      } catch {
        throw new PayloadError('not an input of the roll call');
      }
    },
    encodeDecision: bytesOf,
    decodeDecision: (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as unknown,
    proves: () => true,
    isQuorum: (names) => names.length > 1,
    leftOut: ['early'],
    summary: ({ numbers }) => ({ numbers: Object.keys(numbers ?? {}).length }),
  };
}

type Receive = NodeDefinition<Config, State, Input, Input>['receive'];

/** What another node says, its signature checked; the student's code does not see what is refused. */
const receive: Receive = (data, from, verify) => {
  const wire = data as unknown as Input;
  if (wire.type === 'status') return { ...wire, peer: from };
  if (wire.type === 'sync.response') return { type: 'blocks', blocks: wire['blocks'] };
  if (wire.type !== 'add') return undefined;
  const { signature, ...message } = wire;
  return typeof signature === 'string' && verify(String(wire['from']), bytesOf(message), signatureOf(wire)) ? wire : undefined;
};

function bytesOf(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function signatureOf({ signature }: Input): Uint8Array {
  return Uint8Array.from(String(signature), (letter) => letter.charCodeAt(0));
}

/** Draws another number each time it is asked. Only with the key can a number be made that `isDrawn` accepts. */
export function drawingHost(key: string): Application<number, Input> {
  return {
    start: () => 0,
    answer: (_total, request, nonce) => {
      const { height } = (request ?? {}) as { readonly height?: number };
      const drawn = numberOf(`${key} draw ${nonce}`, 1000);
      return { type: 'drawn', height, amount: drawn * seals + sealOf(key, nodeIn(nonce), height ?? 0, drawn) };
    },
    judge: (_total, input) => input,
    execute: (total, decision) => total + ((decision as Partial<Decided> | undefined)?.result ?? 0),
    digest: (total) => total,
  };
}

/** Whether the application of this node drew this number for this height. */
export function isDrawn(key: string, node: string, height: number, amount: number): boolean {
  return amount % seals === sealOf(key, node, height, Math.floor(amount / seals));
}

const seals = 10_000;

function sealOf(key: string, node: string, height: number, drawn: number): number {
  return numberOf(`${key} seal ${node} ${height} ${drawn}`, seals);
}

/** `B+1.3` is the third question of B's second life. */
function nodeIn(nonce: string): string {
  return /^\w+/.exec(nonce)?.[0] ?? '';
}
