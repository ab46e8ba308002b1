/**
 * The supervisor: the lifecycle of a node as a statechart. It is the first actor that receives a boot. It asks the log to recover, and lets the network actor
 * accept messages when replay is over.
 *
 * The chart defines the states, and the actor turns state changes into effects. The chart is also exported for XState, so that tools can draw it and
 * `createActor` can run it.
 */
import { type AnyStateMachine, setup } from 'xstate';
import type { Effect, Message, Step, StopCode } from '../../core/effects.ts';
import type { ActorSpec } from '../scheduler/index.ts';

export type Lifecycle = 'down' | 'recovering' | 'delayed' | 'replaying' | 'running' | 'abstaining' | 'halted';

export type LifecycleEvent =
  | { readonly type: 'boot'; readonly life: number }
  /** Recovery has read the log; `storedHeight` is the newest durable block. */
  | { readonly type: 'recovered'; readonly storedHeight: number; readonly frames: number }
  | { readonly type: 'replayed' }
  /** The replay waits: value sync goes first. */
  | { readonly type: 'delayed'; readonly storedHeight: number }
  /** Value sync has brought the height over, so its log is not replayed. */
  | { readonly type: 'skipped' }
  /** The log is lost. `mustAsk`: the node must ask its peers how long it must not vote. */
  | { readonly type: 'abstain'; readonly storedHeight: number; readonly mustAsk: boolean }
  | { readonly type: 'rejoin' }
  | { readonly type: 'corrupt'; readonly reason: string; readonly code?: StopCode };

const states = {
  down: { on: { boot: 'recovering' } },
  recovering: { on: { recovered: 'replaying', delayed: 'delayed', abstain: 'abstaining', corrupt: 'halted' } },
  delayed: { on: { recovered: 'replaying', skipped: 'running' } },
  replaying: { on: { replayed: 'running' } },
  abstaining: { on: { rejoin: 'running' } },
  running: {},
  halted: { type: 'final' },
} as const;

export const lifecycle: AnyStateMachine = setup({ types: { events: {} as LifecycleEvent } }).createMachine({
  id: 'lifecycle',
  initial: 'down',
  states,
});

/** The chart as a table. Every crash image boots a node, and XState's interpreter is a hundred times slower. A test shows that both are equal. */
const next: Readonly<Record<Lifecycle, { readonly on?: Readonly<Record<string, Lifecycle>>; readonly type?: string }>> = states;

export interface SupervisorState {
  readonly lifecycle: Lifecycle;
  readonly storedHeight: number;
}

export const supervisorActor: ActorSpec = {
  name: 'supervisor',
  start: (): SupervisorState => ({ lifecycle: 'down', storedHeight: 0 }),
  receive: (state: SupervisorState, message: LifecycleEvent): Step<SupervisorState> => {
    const entered = next[state.lifecycle].on?.[message.type];
    if (entered === undefined) return { state, effects: [] };
    const storedHeight = 'storedHeight' in message ? message.storedHeight : state.storedHeight;
    const effects: Effect[] = [{ type: 'observe', event: 'lifecycle', detail: { state: entered, from: state.lifecycle } }];
    effects.push(...entering(entered, message, storedHeight));
    return { state: { lifecycle: entered, storedHeight }, effects };
  },
};

function entering(entered: Lifecycle, message: LifecycleEvent, storedHeight: number): readonly Effect[] {
  switch (entered) {
    case 'recovering': {
      const life = message.type === 'boot' ? message.life : 0;
      return [{ type: 'tell', to: 'wal', message: { type: 'recover', life } as Message }];
    }
    case 'running':
      // A node that abstained or waited for value sync accepts messages already.
      return message.type === 'rejoin' || message.type === 'skipped' ? [] : [open(storedHeight, false)];
    case 'delayed':
      return [open(storedHeight, false)];
    case 'abstaining':
      return [open(storedHeight, message.type === 'abstain' && message.mustAsk)];
    case 'halted':
      return [message.type === 'corrupt' ? { ...message, type: 'stop' } : { type: 'stop', reason: 'halted' }];
    default:
      return [];
  }
}

function open(storedHeight: number, mustAsk: boolean): Effect {
  return { type: 'tell', to: 'network', message: { type: 'open', storedHeight, mustAsk } as Message };
}
