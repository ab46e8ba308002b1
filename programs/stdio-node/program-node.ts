/** A node of the scheduler that is a program on stdin and stdout: its clock, wire and disk are simulated, and it can die between any two of its effects. */
import type { ActorSpec, NodeSpec } from '../../actors/scheduler/index.ts';
import type { DiskAnswer, DiskOperation, Effect, Message, Step, WireData } from '../../core/effects.ts';
import type { Dialogues } from './dialogues.ts';
import { type NodeEffect, type NodeFile, type NodeInput, protocolVersion } from './wire-format.ts';

/** Plain data: equal states have had equal dialogues. */
export interface ProgramState {
  readonly phase: 'down' | 'reading' | 'running';
  /** What survived, as it is read. */
  readonly files: readonly NodeFile[];
  readonly unread: number;
  /** The place in the dialogue; -1 before it begins. */
  readonly at: number;
  /** Files that are there. */
  readonly known: readonly string[];
  /** The height that is decided next. */
  readonly height: number;
}

/** What travels: the data of a `publish`, with the name under which it must stay the same. */
export interface Published extends WireData {
  readonly type: 'publish';
  readonly data: unknown;
  readonly once?: string;
}

const folder = 'node';

export function programNode(name: string, nodes: readonly string[], dialogues: Dialogues): NodeSpec {
  const program: ActorSpec = {
    name: 'network',
    start: (): ProgramState => ({ phase: 'down', files: [], unread: 0, at: -1, known: [], height: 1 }),
    receive: (state: ProgramState, message: Message, from: string): Step<ProgramState> => {
      if (message.type === 'boot') return { state, effects: [diskEffect('boot.list', { type: 'list', directory: folder })] };
      if (message.type === 'disk.answer') return onDisk(state, message as DiskAnswer);
      const input = inputOf(message, from);
      // Nobody listens before its life has begun.
      return input === undefined || state.phase !== 'running' ? { state, effects: [] } : told(state, input);
    },
  };
  const onDisk = (state: ProgramState, { operation, names, bytes, error, tag }: DiskAnswer): Step<ProgramState> => {
    switch (operation.type) {
      case 'list': {
        const reads = (names ?? []).map((file) => diskEffect('boot.read', { type: 'read', file: `${folder}/${file}` }));
        const next: ProgramState = { ...state, phase: 'reading', unread: reads.length, known: names ?? [] };
        return reads.length === 0 ? begin(next) : { state: next, effects: reads };
      }
      case 'read': {
        const file = { name: operation.file.slice(folder.length + 1), bytes: base64Of(bytes ?? new Uint8Array()) };
        const next = { ...state, files: [...state.files, file], unread: state.unread - 1 };
        return next.unread === 0 ? begin(next) : { state: next, effects: [] };
      }
      default:
        if (error !== undefined && 'file' in operation)
          return told(state, { type: 'disk-error', file: operation.file.slice(folder.length + 1), code: error.code });
        return operation.type === 'sync' || operation.type === 'syncDirectory'
          ? told(state, { type: 'flushed', tag })
          : { state, effects: [] };
    }
  };
  const begin = (state: ProgramState): Step<ProgramState> => {
    const { at, effects } = dialogues.start({ type: 'start', protocol: protocolVersion, node: name, nodes, files: state.files });
    return carriedOut({ ...state, phase: 'running', files: [], at }, effects, name, nodes);
  };
  const told = (state: ProgramState, input: NodeInput): Step<ProgramState> => {
    const { at, effects } = dialogues.next(state.at, input);
    return carriedOut({ ...state, at }, effects, name, nodes);
  };
  return {
    name,
    actors: [program, hostOf(name)],
    position: ([state]) => {
      const { phase, height } = state as ProgramState;
      return phase === 'running' ? { height, round: 0 } : undefined;
    },
  };
}

/** Answers each `ask` with a number that it has never given before, in this life or another. */
function hostOf(name: string): ActorSpec {
  return {
    name: 'host',
    start: (life) => ({ life, asked: 0 }),
    receive: (state: { readonly life: number; readonly asked: number }, message: Message): Step<unknown> => {
      if (message.type !== 'ask') return { state, effects: [] };
      const key = (message as Message & { readonly request: string }).request;
      const value = 1 + state.asked + 100 * state.life + 10_000 * (name.charCodeAt(0) % 97);
      const answer = { type: 'answer', key, value } as Message;
      return { state: { ...state, asked: state.asked + 1 }, effects: [{ type: 'tell', to: 'network', message: answer }] };
    },
  };
}

function inputOf(message: Message, from: string): NodeInput | undefined {
  switch (message.type) {
    case 'timer':
      return { type: 'timer', timer: (message as Message & { readonly timer: string }).timer };
    case 'answer':
      return message as NodeInput & { readonly type: 'answer' };
    case 'publish':
      return { type: 'message', from, data: (message as Published).data };
    default:
      return undefined;
  }
}

function carriedOut(
  state: ProgramState,
  effects: readonly NodeEffect[],
  self: string,
  nodes: readonly string[],
): Step<ProgramState> {
  let { known, height } = state;
  const made: Effect[] = [];
  for (const effect of effects) {
    switch (effect.type) {
      case 'append': {
        const file = `${folder}/${effect.file}`;
        if (!known.includes(effect.file)) {
          known = [...known, effect.file];
          made.push(diskEffect('create', { type: 'create', file }));
        }
        made.push(diskEffect('append', { type: 'append', file, bytes: bytesOf(effect.bytes) }));
        break;
      }
      case 'flush':
        made.push(diskEffect('flush', { type: 'sync', file: `${folder}/${effect.file}` }, effect.tag));
        break;
      case 'flush-names':
        made.push(diskEffect('flush-names', { type: 'syncDirectory', directory: folder }, effect.tag));
        break;
      case 'publish': {
        const to = (effect.to ?? nodes).filter((other) => other !== self && nodes.includes(other));
        const data: Published = {
          type: 'publish',
          data: effect.data,
          ...(effect.once === undefined ? {} : { once: effect.once }),
        };
        made.push({ type: 'transmit', site: 'publish', to, data });
        break;
      }
      case 'timer':
        made.push({ type: 'timer.set', timer: effect.timer, delay: effect.delayMs });
        break;
      case 'cancel':
        made.push({ type: 'timer.cancel', timer: effect.timer });
        break;
      case 'ask':
        made.push({ type: 'host.ask', request: effect.key });
        break;
      case 'decide':
        height = Math.max(height, effect.height + 1);
        made.push({ type: 'host.decide', decision: effect.value, height: effect.height });
        break;
      case 'stop':
        made.push({ type: 'stop', reason: effect.reason });
        break;
    }
  }
  return { state: { ...state, known, height }, effects: made };
}

function diskEffect(site: string, operation: DiskOperation, tag = 0): Effect {
  return { type: 'disk', site, operation, tag };
}

function base64Of(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'));
}
