/**
 * `lazurite/xstate`: the statecharts of a node, and a whole node, as actor logic of XState 5. `createActor` runs them.
 *
 * The simulator runs the charts as tables, which is faster than XState's interpreter. Tests hold the two equal.
 */
import {
  type EventObject,
  fromTransition,
  type MachineContext,
  type MetaObject,
  type NonReducibleUnknown,
  type ParameterizedObject,
  type ProvidedActor,
  type StateMachine,
  type StateSchema,
  type TransitionActorLogic,
} from 'xstate';
import type { WireData } from '../core/effects.ts';
import {
  type Lifecycle,
  type LifecycleEvent,
  lifecycle as lifecycleMachine,
  type NodeDefinition,
  type Output,
} from './node/index.ts';
import { type RoundEvent, type RoundStep, roundChart as roundMachine } from './tendermint/index.ts';

export type { Lifecycle, LifecycleEvent } from './node/index.ts';
export type { RoundEvent, RoundStep } from './tendermint/index.ts';

/** A state machine of XState whose states and events have names; it has no context, input or output. */
export type Chart<State extends string, Event extends EventObject> = StateMachine<
  MachineContext,
  Event,
  Record<string, never>,
  ProvidedActor,
  ParameterizedObject,
  ParameterizedObject,
  string,
  State,
  string,
  NonReducibleUnknown,
  NonReducibleUnknown,
  EventObject,
  MetaObject,
  StateSchema
>;

/**
 * One round of Tendermint: lines 11 to 67 of the paper (arXiv 1807.04938). Its actions are names without a body;
 * `roundChart.provide({ actions })` gives them one.
 *
 * @example
 * ```ts
 * import { roundChart } from 'lazurite/xstate';
 * import { createActor } from 'xstate';
 *
 * const actor = createActor(roundChart.provide({ actions: { lock: () => console.log('lock') } })).start();
 * for (const type of ['newRound', 'proposal', 'proposalAndPolkaCurrent'] as const) actor.send({ type });
 * // prints lock
 * console.log(actor.getSnapshot().value);
 * // prints precommit
 * ```
 */
export const roundChart: Chart<RoundStep, { readonly type: RoundEvent }> = roundMachine;

/**
 * The life of a node: down, recovering, replaying, running; abstaining after its log was lost; halted where its log is corrupt.
 *
 * @example
 * ```ts
 * import { lifecycle } from 'lazurite/xstate';
 * import { createActor } from 'xstate';
 *
 * const actor = createActor(lifecycle).start();
 * actor.send({ type: 'boot', life: 1 });
 * actor.send({ type: 'recovered', storedHeight: 4, frames: 12 });
 * console.log(actor.getSnapshot().value);
 * // prints replaying
 * ```
 */
export const lifecycle: Chart<Lifecycle, LifecycleEvent> = lifecycleMachine;

/** The event of a node's actor: one input of the protocol, from a peer, the application or a timer. */
export interface NodeEvent<Input> {
  readonly type: 'input';
  readonly input: Input;
}

/**
 * What the protocol's `step` returned, without what the node does for itself: `say` has the signed message as `data` too, and there is no
 * `resume`, because the input was fed back already.
 */
export type NodeOutput<Input, Message> =
  | Exclude<Output<Input, Message>, { readonly type: 'say' | 'resume' }>
  | { readonly type: 'say'; readonly message: Message; readonly data: WireData };

/** The context of a node's actor. */
export interface NodeContext<State, Input, Message> {
  /** The state of the protocol. */
  readonly state: State;
  /** The outputs of the last input, oldest first; none if the input was dropped. */
  readonly outputs: readonly NodeOutput<Input, Message>[];
}

export type NodeLogic<State, Input, Message> = TransitionActorLogic<
  NodeContext<State, Input, Message>,
  NodeEvent<Input>,
  undefined,
  NodeOutput<Input, Message>
>;

/**
 * A node of any protocol as XState actor logic. Its event is `{ type: 'input', input }`; its context is the state of the protocol and the
 * outputs of the last input. Each output is also emitted under its own type: `actor.on('say', ...)`.
 *
 * One event does what one step of a simulated node does: the input is dropped if `definition.admit` says so. Own messages are signed by
 * `sign` and fed back before the next event, and so are inputs that the node kept for now. `sign` must be a pure function.
 *
 * Not modelled: the write-ahead log and replay (outputs leave at once, and a stopped actor forgets), the network, the clock and the
 * application. The caller sends outputs to peers, and feeds what `definition.receive` made of theirs, with signatures checked and
 * proposals judged. The caller starts timers and answers each `ask`. After `finish` the caller begins the next height.
 *
 * @example
 * ```ts
 * import { chainApplication, type TendermintConfig, tendermint } from 'lazurite';
 * import { nodeLogic } from 'lazurite/xstate';
 * import { createActor } from 'xstate';
 *
 * const config: TendermintConfig = {
 *   self: 'A',
 *   hasKey: true,
 *   validatorSets: [{ from: 1, validators: [['A', 1]] }],
 *   proposers: { rule: 'rotate', table: {} },
 *   timeouts: { propose: 300, prevote: 100, precommit: 100, perRound: 50 },
 *   rebroadcastMs: 500,
 *   scheme: 'none',
 * };
 * const definition = tendermint(config);
 * // With scheme 'none' nobody checks signatures, so any bytes will do. There are no peers here.
 * const actor = createActor(nodeLogic(definition, config, () => new Uint8Array(8)));
 * actor.on('say', ({ message }) => console.log(message.type === 'vote' ? message.voteType : message.type, message.value));
 * actor.start();
 *
 * actor.send({ type: 'input', input: definition.begin(config, 1) });
 * const asked = actor.getSnapshot().context.outputs.find((output) => output.type === 'ask');
 *
 * const application = chainApplication(8); // values of 8 bytes; their names, as printed below, are made of height, round and 'first'
 * const answer = application.answer(application.start(), asked?.request, 'first');
 * actor.send({ type: 'input', input: answer });
 * // prints proposal v1.0-first
 * // prints prevote v1.0-first
 * // prints precommit v1.0-first
 *
 * const { state, outputs } = actor.getSnapshot().context;
 * console.log(state.core.step, outputs.some(({ type }) => type === 'finish'));
 * // prints commit true
 * ```
 */
export function nodeLogic<Config, State, Input, Message>(
  definition: NodeDefinition<Config, State, Input, Message>,
  config: Config,
  sign: (bytes: Uint8Array) => Uint8Array,
): NodeLogic<State, Input, Message> {
  return fromTransition(
    (context: NodeContext<State, Input, Message>, event: NodeEvent<Input>, { defer, emit }) => {
      // XState also passes events of its own, such as `xstate.stop`.
      if (event.type !== 'input') return context;
      const next = settled(definition, sign, context.state, event.input);
      for (const output of next.outputs) defer(() => emit(output));
      return next;
    },
    { state: definition.start(config), outputs: [] },
  );
}

type Queued<Input, Message> =
  | { readonly type: 'input' | 'kept'; readonly input: Input }
  | { readonly type: 'own'; readonly message: Message };

/** Applies one input, and in the order of the simulated node all own messages and kept inputs that follow from it. */
function settled<Config, State, Input, Message>(
  definition: NodeDefinition<Config, State, Input, Message>,
  sign: (bytes: Uint8Array) => Uint8Array,
  before: State,
  first: Input,
): NodeContext<State, Input, Message> {
  let state = before;
  const outputs: NodeOutput<Input, Message>[] = [];
  const queue: Queued<Input, Message>[] = [{ type: 'input', input: first }];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    let input: Input;
    if (next.type === 'own') {
      const { message } = next;
      input = definition.asInput(message, sign(definition.toSign(message)));
      outputs.push({ type: 'say', message, data: definition.asWire(input) });
    } else {
      input = next.input;
      const admission = definition.admit(state, input);
      if (admission === 'drop' || (admission === 'pass' && next.type === 'kept')) continue;
    }
    const stepped = definition.step(state, input);
    state = stepped.state;
    for (const output of stepped.outputs) {
      if (output.type === 'say') queue.push({ type: 'own', message: output.message });
      else if (output.type === 'resume') queue.push({ type: 'kept', input: output.input });
      else outputs.push(output);
    }
  }
  return { state, outputs };
}
