/**
 * The roles, as data: each maps one outgoing message of the network actor to what really goes out. Amnesia, which lies about what a node
 * remembers, clears the lock in the consensus actor's state.
 */
import { digestOf } from '../../core/digest.ts';
import type { Effect, Message, Step, WireData } from '../../core/effects.ts';
import type { ActorSpec, NodeSpec } from '../scheduler/index.ts';
import { signedBytes } from '../tendermint/codec.ts';
import type { Proposal, TendermintMessage, Vote } from '../tendermint/types.ts';

/** Signs as the liar itself; nobody else's key is at hand. */
export interface LiarSetup {
  readonly name: string;
  readonly peers: readonly string[];
  readonly sign: (bytes: Uint8Array) => Uint8Array;
}

type Transmit = Effect & { readonly type: 'transmit' };

interface Role {
  readonly says: string;
  /** What goes out in place of a published message of its own (default: the message itself). */
  readonly tell?: (effect: Transmit, own: Vote | Proposal, liar: LiarSetup) => readonly Effect[];
}

const half = (peers: readonly string[]): number => Math.ceil(peers.length / 2);

function signed<Said extends Vote | Proposal>(message: Said, change: Partial<Said>, { sign }: LiarSetup): Said {
  const lie = { ...message, ...change };
  return { ...lie, signature: sign(signedBytes(lie as TendermintMessage)) };
}

function toHalves(effect: Transmit, lie: WireData, { peers }: LiarSetup): readonly Effect[] {
  const middle = half(peers);
  return [
    { ...effect, to: effect.to.filter((peer) => peers.indexOf(peer) < middle) },
    { ...effect, to: effect.to.filter((peer) => peers.indexOf(peer) >= middle), data: lie },
  ];
}

/** Another value than the one it was asked for; never one that the application calls invalid. */
function otherValue(value: string | null): string {
  return `lie-${digestOf(value).toString(16)}`;
}

export type RoleName =
  | 'two-proposals'
  | 'two-votes'
  | 'silent'
  | 'prevote-nil'
  | 'votes-without-proposal'
  | 'late'
  | 'old-messages'
  | 'amnesia';

export const roles: Readonly<Record<RoleName, Role>> = {
  'two-proposals': {
    says: 'tells one half of its peers one proposal and the other half another',
    tell: (effect, own, liar) => {
      if (own.type !== 'proposal') return [effect];
      const value = otherValue(own.value);
      const data = Uint8Array.from(value, (c) => c.charCodeAt(0));
      return toHalves(effect, signed(own, { value, data }, liar), liar);
    },
  },
  'two-votes': {
    says: 'votes for a value before one half of its peers and nil before the other half',
    tell: (effect, own, liar) => {
      if (own.type !== 'vote') return [effect];
      const value = own.value === null ? otherValue(`${own.height}.${own.round}`) : null;
      return toHalves(effect, signed(own, { value }, liar), liar);
    },
  },
  silent: { says: 'hears everything, and neither proposes nor votes', tell: () => [] },
  'prevote-nil': {
    says: 'prevotes nil, whatever is proposed',
    tell: (effect, own, liar) =>
      own.type === 'vote' && own.voteType === 'prevote' ? [{ ...effect, data: signed(own, { value: null }, liar) }] : [effect],
  },
  'votes-without-proposal': {
    says: 'prevotes and precommits a value that nobody proposed',
    tell: (effect, own, liar) =>
      own.type === 'vote' ? [{ ...effect, data: signed(own, { value: otherValue(`${own.height}`) }, liar) }] : [effect],
  },
  late: { says: 'says everything half a second late' },
  'old-messages': {
    says: 'sends, with all that it says, something that it said before, of earlier heights too',
  },
  amnesia: { says: 'forgets its lock after each step' },
};

export const roleNames: readonly RoleName[] = Object.keys(roles) as RoleName[];

const lateMs = 500;
const memory = 16;

interface LiarState {
  readonly honest: unknown;
  /** For `late`: what waits to be said, oldest first. For `old-messages`: what it said before. */
  readonly kept: readonly Transmit[];
  /** For `late`: how much has waited so far. Each waits by a timer of its own, and all as long. */
  readonly delayed: number;
}

/** The node with a liar at its door. */
export function withLiar(spec: NodeSpec, role: RoleName, liar: LiarSetup): NodeSpec {
  const actors = spec.actors.map((actor): ActorSpec => {
    if (role === 'amnesia') return actor.name === 'consensus' ? forgetful(actor) : actor;
    return actor.name === 'network' ? lying(actor, role, liar) : actor;
  });
  return { ...spec, actors };
}

function lying(actor: ActorSpec, role: RoleName, liar: LiarSetup): ActorSpec {
  const receive = actor.receive as (state: unknown, message: Message, from: string) => Step<unknown>;
  return {
    ...actor,
    start: (life): LiarState => ({ honest: actor.start(life), kept: [], delayed: 0 }),
    receive: (state: LiarState, message: Message, from: string): Step<LiarState> => {
      if (from === 'timer' && (message as unknown as { readonly timer: string }).timer.startsWith('late/')) {
        const [first, ...kept] = state.kept;
        return { state: { ...state, kept }, effects: first === undefined ? [] : [first] };
      }
      const step = receive(state.honest, message, from);
      let { kept, delayed } = state;
      const effects: Effect[] = [];
      for (const effect of step.effects) {
        if (effect.type !== 'transmit' || effect.site !== 'publish') effects.push(effect);
        else if (role === 'late') {
          kept = [...kept, effect];
          delayed += 1;
          effects.push({ type: 'timer.set', timer: `late/${delayed}`, delay: lateMs });
        } else {
          effects.push(...lies(effect, role, liar));
          const [old] = kept;
          if (role === 'old-messages' && old !== undefined) effects.push(old);
          kept = role === 'old-messages' ? [...kept.slice(1 - memory), effect] : kept;
        }
      }
      return { state: { honest: step.state, kept, delayed }, effects };
    },
  };
}

function lies(effect: Transmit, role: RoleName, liar: LiarSetup): readonly Effect[] {
  const own = effect.data as Vote | Proposal;
  const isOwn = own.type === 'vote' ? own.validator === liar.name : own.type === 'proposal' && own.proposer === liar.name;
  if (!isOwn) return role === 'silent' ? [] : [effect];
  const { tell = honestly } = roles[role];
  return tell(effect, own, liar).filter((one) => one.type !== 'transmit' || one.to.length > 0);
}

function honestly(effect: Transmit): readonly Effect[] {
  return [effect];
}

/** Amnesia: a lock never outlives the step in which it was taken. */
function forgetful(actor: ActorSpec): ActorSpec {
  const receive = actor.receive as (state: unknown, message: Message, from: string) => Step<unknown>;
  return {
    ...actor,
    receive: (state: never, message: never, from: string): Step<unknown> => {
      const step = receive(state, message, from);
      const shell = step.state as { readonly inner?: { readonly core?: { readonly locked?: unknown } } };
      const { inner } = shell;
      if (inner?.core?.locked === undefined) return step;
      const core = { ...inner.core, locked: undefined, valid: undefined };
      return { state: { ...shell, inner: { ...inner, core } }, effects: step.effects };
    },
  };
}
