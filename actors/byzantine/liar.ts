/** Makes a liar of an honest node. It wraps the network actor, and replaces messages that it publishes. For `amnesia` it wraps the consensus actor. */
import type { Effect, Message, Step } from '../../core/effects.ts';
import type { ActorSpec, NodeSpec } from '../scheduler/index.ts';
import type { Proposal, Vote } from '../tendermint/types.ts';
import { type Heard, nothingHeard, withHeard } from './heard.ts';
import type { LiarSetup, Transmit } from './lie-parts.ts';
import { appliesTo, isWithin, type Lie } from './lies.ts';
import { roles } from './roles.ts';

type Receive = (state: unknown, message: Message, from: string) => Step<unknown>;

/** The node with these lies. If several apply to one message, the first is used. */
export function withLiar(spec: NodeSpec, lies: readonly Lie[], liar: LiarSetup): NodeSpec {
  const forgotten = lies.filter(({ role }) => role === 'amnesia');
  const told = lies.filter(({ role }) => role !== 'amnesia');
  const actors = spec.actors.map((actor): ActorSpec => {
    if (actor.name === 'consensus' && forgotten.length > 0) return forgetful(actor, forgotten);
    return actor.name === 'network' && told.length > 0 ? lying(actor, told, liar) : actor;
  });
  return { ...spec, actors };
}

const lateMs = 500;
const memory = 16;

interface LiarState {
  readonly honest: unknown;
  /** The messages that it sent before, oldest first. */
  readonly said: readonly Transmit[];
  /** The delayed messages that are not sent yet, oldest first. */
  readonly waiting: readonly Transmit[];
  /** The number of messages that were delayed so far. Each has its own timer, with the same delay. */
  readonly delayed: number;
  readonly ownValues: ReadonlySet<string>;
  /** Messages of the newest heights, including its own, for roles that use them. */
  readonly heard: Heard;
}

function lying(actor: ActorSpec, lies: readonly Lie[], liar: LiarSetup): ActorSpec {
  const receive = actor.receive as Receive;
  const first = { said: [], waiting: [], delayed: 0, ownValues: new Set<string>(), heard: nothingHeard };
  const listens = lies.some(({ role }) => roles[role].listens === true);
  return {
    ...actor,
    start: (life): LiarState => ({ honest: actor.start(life), ...first }),
    receive: (state: LiarState, message: Message, from: string): Step<LiarState> => {
      if (from === 'timer' && (message as unknown as { readonly timer: string }).timer.startsWith('late/')) {
        const [next, ...waiting] = state.waiting;
        return { state: { ...state, waiting }, effects: next === undefined ? [] : [next] };
      }
      const step = receive(state.honest, message, from);
      const heard = listens && liar.peers.includes(from) ? withHeard(state.heard, message) : state.heard;
      let after: LiarState = { ...state, honest: step.state, heard };
      const effects: Effect[] = [];
      for (const effect of step.effects) {
        const lie = effect.type === 'transmit' && effect.site === 'publish' ? lieAbout(lies, effect, liar) : undefined;
        if (listens && effect.type === 'transmit') after = { ...after, heard: withHeard(after.heard, effect.data) };
        if (lie === undefined) effects.push(effect);
        else {
          const spoken = speak(after, effect as Transmit, lie, liar);
          after = spoken.state;
          effects.push(...spoken.effects.filter((one) => one.type !== 'transmit' || one.to.length > 0));
        }
      }
      return { state: after, effects };
    },
  };
}

function lieAbout(lies: readonly Lie[], { data }: Transmit, { name }: LiarSetup): Lie | undefined {
  return lies.find((lie) => appliesTo(lie, data, name));
}

/** Replaces one message: some peers receive the truth, and the others the lie. */
function speak(state: LiarState, effect: Transmit, { role, to }: Lie, liar: LiarSetup): Step<LiarState> {
  const { tell, isTwoSided = false } = roles[role];
  const secondHalf = liar.peers.slice(Math.ceil(liar.peers.length / 2));
  const hearers = to ?? (isTwoSided ? secondHalf : liar.peers);
  const truth = { ...effect, to: effect.to.filter((peer) => !hearers.includes(peer)) };
  const lied = { ...effect, to: effect.to.filter((peer) => hearers.includes(peer)) };
  if (role === 'late') {
    const delayed = state.delayed + 1;
    const timer: Effect = { type: 'timer.set', timer: `late/${delayed}`, delay: lateMs };
    return { state: { ...state, waiting: [...state.waiting, lied], delayed }, effects: [truth, timer] };
  }
  if (role === 'old-messages') {
    const [old] = state.said;
    const again = old === undefined ? [] : [{ ...old, to: lied.to }];
    return { state: { ...state, said: [...state.said.slice(1 - memory), effect] }, effects: [truth, lied, ...again] };
  }
  const own = effect.data as Vote | Proposal;
  const ownValues = own.type === 'proposal' ? new Set(state.ownValues).add(own.value) : state.ownValues;
  return {
    state: { ...state, ownValues },
    effects: [truth, ...(tell?.(lied, own, within(liar, hearers), ownValues, state.heard) ?? [lied])],
  };
}

/** The liar with those of its peers without consensus that hear the lie. */
function within(liar: LiarSetup, hearers: readonly string[]): LiarSetup {
  const { syncOnlyPeers } = liar;
  return syncOnlyPeers === undefined ? liar : { ...liar, syncOnlyPeers: syncOnlyPeers.filter((peer) => hearers.includes(peer)) };
}

/** Amnesia: the lock is cleared after each step. */
function forgetful(actor: ActorSpec, lies: readonly Lie[]): ActorSpec {
  const receive = actor.receive as Receive;
  return {
    ...actor,
    receive: (state: never, message: never, from: string): Step<unknown> => {
      const step = receive(state, message, from);
      const shell = step.state as { readonly inner?: { readonly core?: Readonly<Record<string, unknown>> } };
      const { inner } = shell;
      if (inner?.core === undefined || inner.core['locked'] === undefined) return step;
      const { height, round } = inner.core;
      const isNow = lies.some(({ heights, rounds }) => isWithin(heights, Number(height)) && isWithin(rounds, Number(round)));
      if (!isNow) return step;
      const core = { ...inner.core, locked: undefined, valid: undefined };
      return { state: { ...shell, inner: { ...inner, core } }, effects: step.effects };
    },
  };
}
