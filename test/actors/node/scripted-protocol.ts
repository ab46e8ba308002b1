/**
 * A protocol whose inputs say themselves what follows from them: its state is the list of what was applied. So a test chooses every output, and
 * reads off in which order inputs were applied.
 */
import fc from 'fast-check';
import type { NodeDefinition, Output } from '../../../actors/node/definition.ts';
import { closedGate, type Gate } from '../../../actors/node/gate.ts';
import { emptyLedger } from '../../../actors/node/ledger.ts';
import type { ProtocolConfig, ProtocolDefinition, ProtocolInput } from '../../../actors/node/protocol-types.ts';
import type { Signer } from '../../../actors/node/signing.ts';
import {
  draftOf,
  feedAll,
  finished,
  type Held,
  type WriteAheadSetup,
  type WriteAheadState,
} from '../../../actors/node/write-ahead.ts';
import type { Effect, Step } from '../../../core/effects.ts';
import { frameHeaderBytes, frameKindOf, uint64At } from '../../../wal/format.ts';
import { birthPlan, type FrameKind, type LogWriter } from '../../../wal/index.ts';

export interface ScriptedConfig {
  readonly version: number;
}

export interface ScriptedMessage {
  readonly id: number;
  readonly outputs: readonly ScriptedOutput[];
}

export type ScriptedOutput = Output<ScriptedInput, ScriptedMessage>;

export interface ScriptedInput {
  readonly type: 'begin' | 'do' | 'own';
  readonly id: number;
  readonly outputs: readonly ScriptedOutput[];
  /** Own messages have one. */
  readonly signature?: readonly number[];
  /** The round in which the node is from here on. */
  readonly round?: number;
  /** What `admit` answers; default: `log`. */
  readonly admission?: 'log' | 'pass' | 'drop';
  /** The timer that has elapsed. */
  readonly timer?: string;
  /** The key of the question that it answers. */
  readonly answers?: string;
}

export interface ScriptedState {
  readonly height: number;
  readonly round: number;
  readonly applied: readonly string[];
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
export const encoded = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value));
export const decoded = <Value>(bytes: Uint8Array): Value => JSON.parse(decoder.decode(bytes)) as Value;
export interface ScriptedWire {
  readonly type: 'wire';
  readonly id: number;
  readonly signature: readonly number[] | undefined;
}
export const wireOf = ({ id, signature }: ScriptedInput): ScriptedWire => ({ type: 'wire', id, signature });

const scripted: NodeDefinition<ScriptedConfig, ScriptedState, ScriptedInput, ScriptedMessage> = {
  name: 'scripted',
  start: () => ({ height: 1, round: 0, applied: [] }),
  follower: (config) => config,
  begin: ({ version }, height) => ({ type: 'begin', id: height * 1000 + version, outputs: [] }),
  step: ({ height, round, applied }, input) => ({
    state: { height, round: input.round ?? round, applied: [...applied, `${input.type} ${input.id}`] },
    outputs: input.outputs,
  }),
  position: ({ height, round }) => ({ height, round }),
  admit: (_, { admission }) => admission ?? 'log',
  elapsed: (timer) => ({ type: 'do', id: 0, outputs: [], timer }),
  timerOf: ({ timer }) => timer,
  answers: ({ answers }) => answers,
  receive: (data) => data as unknown as ScriptedInput,
  needsJudgement: () => false,
  toSign: ({ id }) => encoded(id),
  asInput: ({ id, outputs }, signature) => ({ type: 'own', id, outputs, signature: [...signature] }),
  signatureOf: ({ signature = [] }) => Uint8Array.from(signature),
  asWire: wireOf,
  signedKind: ({ id }) => id % 7,
  encode: encoded,
  decode: decoded,
  encodeDecision: encoded,
  decodeDecision: decoded,
  proves: () => true,
  isQuorum: () => true,
  leftOut: [],
  summary: ({ applied }) => ({ applied: applied.length }),
};
export const scriptedDefinition = scripted as unknown as ProtocolDefinition;

export const asInput = (input: ScriptedInput): ProtocolInput => input as unknown as ProtocolInput;
export const does = (id: number, ...outputs: ScriptedOutput[]): ScriptedInput => ({ type: 'do', id, outputs });
export const says = (id: number, ...outputs: ScriptedOutput[]): ScriptedOutput => ({ type: 'say', message: { id, outputs } });

/** All signatures differ, so a node that signs twice is seen. */
export function countingSigner(): Signer & { readonly count: number } {
  let count = 0;
  return {
    scheme: 'counting',
    sign: (bytes) => {
      count += 1;
      return Uint8Array.of(count, bytes.length);
    },
    verify: () => true,
    get count() {
      return count;
    },
  };
}

export function setupWith(signer: Signer = countingSigner(), version = 1): WriteAheadSetup {
  return { definition: scriptedDefinition, config: { version } as unknown as ProtocolConfig, signer };
}

export const firstWriter: LogWriter = birthPlan(1, 2, 0, 5).writer;

/** A node at height 1 with an empty log of life 2; `gate` left out: nothing but the birth is durable. */
export function stateWith(changes: Partial<WriteAheadState> = {}): WriteAheadState {
  const gate: Gate<Held> = closedGate(firstWriter.life, firstWriter.sequence);
  return {
    mode: 'running',
    inner: { height: 1, round: 0, applied: [] } as never,
    position: { height: 1, round: 0 },
    ledger: emptyLedger,
    gate,
    writer: firstWriter,
    flushing: 0,
    lastSigned: { height: 0, round: 0, kind: 0 },
    owed: [],
    owedDecision: undefined,
    decided: undefined,
    replayed: 0,
    previous: undefined,
    ...changes,
  };
}

export const appliedIn = ({ inner }: Pick<WriteAheadState, 'inner'>): readonly string[] =>
  (inner as unknown as ScriptedState).applied;

export interface Frame {
  readonly kind: FrameKind;
  readonly sequence: number;
  readonly payload: Uint8Array;
}

/** The frames that effects append, each read from its bytes. */
export function framesIn(effects: readonly Effect[]): readonly Frame[] {
  return effects.flatMap((effect): Frame[] => {
    if (effect.type !== 'disk' || effect.operation.type !== 'append') return [];
    const { bytes } = effect.operation;
    const kind = frameKindOf(bytes[4] as number) as FrameKind;
    return [{ kind, sequence: uint64At(bytes, 8), payload: bytes.slice(frameHeaderBytes) }];
  });
}

/** One step: an input from outside, framed unless it passes unlogged. */
export function fed(
  state: WriteAheadState,
  input: ScriptedInput,
  kind: 'input' | 'unlogged' = 'input',
  setup: WriteAheadSetup = setupWith(),
): Step<WriteAheadState> {
  const draft = draftOf(setup, state);
  feedAll(draft, [{ type: 'input', input: asInput(input), kind: kind === 'input' ? kind : undefined }]);
  return finished(draft, state);
}

export const flushesIn = (effects: readonly Effect[]): readonly Effect[] =>
  effects.filter((effect) => effect.type === 'tell' && effect.to === 'wal');

/** Outputs of every kind, own messages and kept inputs with outputs of their own. Numbers are those of a depth-first walk. */
export function outputsArbitrary(depth: number): fc.Arbitrary<readonly ScriptedOutput[]> {
  const names = fc.constantFrom('a', 'b');
  const id = fc.nat({ max: 99 });
  const simple: fc.Arbitrary<ScriptedOutput>[] = [
    fc.record({ type: fc.constant('announce' as const), data: fc.record({ type: fc.constant('news'), id }) }),
    fc.record({
      type: fc.constant('send' as const),
      to: fc.constant('all' as const),
      data: fc.record({ type: fc.constant('hint'), id }),
    }),
    fc.record({ type: fc.constant('setTimer' as const), timer: names, delay: fc.nat({ max: 9 }) }),
    fc.record({ type: fc.constant('cancelTimer' as const), timer: names }),
    fc.record({ type: fc.constant('ask' as const), key: names, request: id }),
    fc.record({ type: fc.constant('report' as const), event: names, detail: fc.record({ id }) }),
  ];
  if (depth === 0) return fc.array(fc.oneof(...simple), { maxLength: 3 });
  const within = outputsArbitrary(depth - 1);
  const own = fc.record({ type: fc.constant('say' as const), message: fc.record({ id, outputs: within }) });
  const kept = fc.record({
    type: fc.constant('resume' as const),
    input: fc.record({
      type: fc.constant('do' as const),
      id,
      outputs: within,
      admission: fc.constantFrom('log' as const, 'drop' as const, 'pass' as const),
    }),
  });
  return fc.array(fc.oneof(own, kept, ...simple), { maxLength: 4 });
}

export const inputsArbitrary: fc.Arbitrary<readonly ScriptedInput[]> = fc.array(
  fc.record(
    {
      type: fc.constant('do' as const),
      id: fc.nat({ max: 99 }),
      outputs: outputsArbitrary(2),
      round: fc.nat({ max: 3 }),
      timer: fc.constantFrom('a', 'b'),
      answers: fc.constantFrom('a', 'b'),
    },
    { requiredKeys: ['type', 'id', 'outputs'] },
  ),
  { maxLength: 6 },
);
