/**
 * Faulty applications: at chosen nodes, heights, rounds and lives they are slow, propose nothing, reject values, fail, or compute another state. Each is a
 * wrapper around the host actor that delays or drops requests, and changes answers. The node itself is honest.
 *
 * Models: one node's application state differs from that of all others. Not modelled: transactions.
 */
import { isWithin, type Span } from '../actors/byzantine/index.ts';
import type { RestartHeightMessage } from '../actors/node/index.ts';
import type { ActorSpec, NodeSpec } from '../actors/scheduler/index.ts';
import type { Effect, Message, Step } from '../core/effects.ts';

/** The requests of a node to its application. `extend` and `verify`: the extension of an own precommit, and of that of another validator. */
export const requests = ['propose', 'judge', 'extend', 'verify', 'commit'] as const;
export type Request = (typeof requests)[number];

/**
 * `proposes-nothing`: it is asked for a value and does not answer. `fails`: it fails as it executes a decision, and the node stops. `restarts-height`: it cannot
 * commit the decision of a height when it gets it for the first time in a life, and the node begins the height anew. `executes-otherwise`: it computes a state
 * of its own from a decision, and values of that scenario carry the state that they were made on.
 */
export type Conduct = 'calls-invalid' | 'proposes-nothing' | 'fails' | 'restarts-height' | 'slow' | 'executes-otherwise';

export interface ApplicationRule {
  readonly does: Conduct;
  /** Default: all. */
  readonly nodes?: readonly string[];
  readonly heights?: Span;
  readonly rounds?: Span;
  /** 0: until the first death. */
  readonly lives?: Span;
  /** For `slow`: how long each answer takes, ms, and for which requests (default: all). */
  readonly byMs?: number;
  readonly of?: readonly Request[];
}

export const conducts: readonly Conduct[] = [
  'calls-invalid',
  'proposes-nothing',
  'fails',
  'restarts-height',
  'slow',
  'executes-otherwise',
];

interface SlowHost {
  readonly life: number;
  readonly honest: unknown;
  /** What waits to be answered, by the number of its timer. */
  readonly waiting: Readonly<Record<string, { readonly message: Message; readonly from: string }>>;
  readonly asked: number;
  /** The last height that was begun anew in this life. */
  readonly restarted: number;
}

type Receive = (state: unknown, message: Message, from: string) => Step<unknown>;

/** The node with an application that follows these rules; of several that fit a request the first counts. `other`: the node whose application computes another state. */
export function withApplication(spec: NodeSpec, rules: readonly ApplicationRule[], other: NodeSpec = spec): NodeSpec {
  const own = rules.filter(({ nodes }) => nodes?.includes(spec.name) !== false);
  if (own.length === 0) return spec;
  return {
    ...spec,
    actors: spec.actors.map((actor) => (actor.name === 'host' ? moody(actor, hostOf(other) ?? actor, own) : actor)),
  };
}

const timerName = 'application/';

function hostOf({ actors }: NodeSpec): ActorSpec | undefined {
  return actors.find(({ name }) => name === 'host');
}

function moody(actor: ActorSpec, other: ActorSpec, rules: readonly ApplicationRule[]): ActorSpec {
  const answered = (state: SlowHost, message: Message, from: string): Step<SlowHost> => {
    const isOther = ruleFor(rules, message, state.life, 'executes-otherwise') !== undefined;
    const receive = (isOther ? other : actor).receive as Receive;
    const step = receive(state.honest, message, from);
    const effects =
      ruleFor(rules, message, state.life, 'calls-invalid') === undefined ? step.effects : step.effects.map(withoutValidity);
    return { state: { ...state, honest: step.state }, effects };
  };
  return {
    ...actor,
    start: (life): SlowHost => ({ life, honest: actor.start(life), waiting: {}, asked: 0, restarted: 0 }),
    receive: (state: SlowHost, message: Message, from: string): Step<SlowHost> => {
      const { timer } = message as Message & { readonly timer?: string };
      if (from === 'timer' && timer?.startsWith(timerName) === true) {
        const { [timer]: request, ...waiting } = state.waiting;
        const next = { ...state, waiting };
        return request === undefined ? { state: next, effects: [] } : answered(next, request.message, request.from);
      }
      const rule = ruleFor(rules, message, state.life, 'proposes-nothing', 'fails', 'restarts-height', 'slow');
      switch (rule?.does) {
        case 'proposes-nothing':
          return { state, effects: [] };
        case 'fails':
          return {
            state,
            effects: [{ type: 'stop', reason: 'the application failed as it executed a decision', code: 'APPLICATION_FAILED' }],
          };
        case 'restarts-height': {
          const { decision, height } = message as RestartHeightMessage;
          if (message.type !== 'decide' || height <= state.restarted) return answered(state, message, from);
          const anew: RestartHeightMessage = { type: 'restart.height', height, decision };
          return { state: { ...state, restarted: height }, effects: [{ type: 'tell', to: 'consensus', message: anew }] };
        }
        case 'slow': {
          const asked = state.asked + 1;
          const name = `${timerName}${asked}`;
          const waiting = { ...state.waiting, [name]: { message, from } };
          return { state: { ...state, waiting, asked }, effects: [{ type: 'timer.set', timer: name, delay: rule.byMs ?? 0 }] };
        }
        default:
          return answered(state, message, from);
      }
    },
  };
}

/** What a message to the host asks for, and of which height and round. */
function requestIn(message: Message): { readonly request: Request; readonly height: number; readonly round: number } | undefined {
  const { type, request, input, decision, height } = message as Message & Readonly<Record<string, unknown>>;
  const about = (type === 'ask' ? request : type === 'judge' ? input : decision) as
    | { height?: number; round?: number }
    | undefined;
  const kind = ({ ask: 'propose', judge: 'judge', decide: 'commit', 'replay.block': 'commit' } as const)[type];
  if (kind === undefined) return undefined;
  return { request: ofVotes(kind, about) ?? kind, height: Number(about?.height ?? height), round: Number(about?.round ?? 0) };
}

/** Whether it is about the extension of a vote, and not about a value. */
function ofVotes(kind: Request, about: object | undefined): Request | undefined {
  const { extend, type } = (about ?? {}) as { readonly extend?: string; readonly type?: string };
  if (kind === 'propose' && extend !== undefined) return 'extend';
  return kind === 'judge' && (type === 'vote' || type === 'roundCertificate') ? 'verify' : undefined;
}

/** What each conduct is about; `slow` is about what its rule names. */
const concerned: Readonly<Record<Exclude<Conduct, 'slow'>, Request>> = {
  'calls-invalid': 'judge',
  'proposes-nothing': 'propose',
  fails: 'commit',
  'restarts-height': 'commit',
  'executes-otherwise': 'commit',
};

function ruleFor(
  rules: readonly ApplicationRule[],
  message: Message,
  life: number,
  ...does: readonly Conduct[]
): ApplicationRule | undefined {
  return rules.find((rule) => does.includes(rule.does) && ruleFits(rule, message, life));
}

/** Whether what is asked of the application is what the rule is about. */
export function ruleFits(rule: ApplicationRule, message: Message, life: number): boolean {
  const asked = requestIn(message);
  if (asked === undefined) return false;
  const { request, height, round } = asked;
  const isAbout = rule.does === 'slow' ? rule.of?.includes(request) !== false : concerned[rule.does] === request;
  return isAbout && isWithin(rule.heights, height) && isWithin(rule.rounds, round) && isWithin(rule.lives, life);
}

function withoutValidity(effect: Effect): Effect {
  if (effect.type !== 'tell') return effect;
  const { input } = effect.message as Message & { readonly input?: object };
  if (input === undefined) return effect;
  return { ...effect, message: { ...effect.message, input: { ...input, validity: false } } as Message };
}
