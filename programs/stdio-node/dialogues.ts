/**
 * Dialogues with a node program, as a pure function of the inputs. Equal inputs from the start of a life lead to equal numbers, and a
 * dialogue can be taken up again at any place. The program cannot be copied, so a fork is a new process that gets all inputs again, and
 * must answer the same.
 */
import { type LineProgram, ProgramError } from './line-program.ts';
import { effectsOf, type NodeEffect, type NodeInput } from './wire-format.ts';

/** A place in a dialogue: its number, and the effects of the last answer. */
export interface Answered {
  readonly at: number;
  readonly effects: readonly NodeEffect[];
}

interface Place extends Answered {
  /** -1: the input is the start of a life. */
  readonly after: number;
  readonly line: string;
  readonly answer: string;
}

/** Processes that wait at the end of their dialogue to be asked on. */
const mostAlive = 12;

export class Dialogues {
  readonly #open: () => LineProgram;
  readonly #places: Place[] = [];
  readonly #next = new Map<string, number>();
  readonly #alive = new Map<number, LineProgram>();
  /** Lines that a process has answered, repeated ones included. */
  roundTrips = 0;
  processes = 0;

  constructor(open: () => LineProgram) {
    this.#open = open;
  }

  /** Throws `ProgramError`. */
  start(input: NodeInput & { readonly type: 'start' }): Answered {
    return this.#ask(-1, input);
  }

  /** Throws `ProgramError`. */
  next(at: number, input: NodeInput): Answered {
    return this.#ask(at, input);
  }

  /** Repeats the longest dialogue of each life to a new process. Throws `ProgramError` where an answer differs. */
  verify(most: number): void {
    const inner = new Set(this.#places.map(({ after }) => after));
    const ends = this.#places.filter(({ at }) => !inner.has(at)).slice(-most);
    for (const { at } of ends) this.#again(at).end();
  }

  end(): void {
    for (const program of this.#alive.values()) program.end();
    this.#alive.clear();
  }

  #ask(after: number, input: NodeInput): Answered {
    const line = JSON.stringify(input);
    const key = `${after}\n${line}`;
    const known = this.#next.get(key);
    if (known !== undefined) return this.#places[known] as Place;
    const program = this.#programAt(after);
    const answer = this.#tell(program, line);
    const at = this.#places.length;
    const checked = effectsOf(answer);
    if ('mistake' in checked) {
      program.end();
      throw new ProgramError('NOT_UNDERSTOOD', `after ${JSON.stringify(input.type)} ${checked.mistake}`);
    }
    this.#places.push({ at, after, line, answer, effects: checked.effects });
    this.#next.set(key, at);
    this.#keep(at, program);
    return { at, effects: checked.effects };
  }

  #programAt(at: number): LineProgram {
    const alive = this.#alive.get(at);
    if (alive === undefined) return this.#again(at);
    this.#alive.delete(at);
    return alive;
  }

  #again(at: number): LineProgram {
    const path: Place[] = [];
    for (let place = this.#places[at]; place !== undefined; place = this.#places[place.after]) path.push(place);
    const program = this.#open();
    this.processes += 1;
    for (const { line, answer } of path.reverse()) {
      const now = this.#tell(program, line);
      if (now === answer) continue;
      program.end();
      throw new ProgramError(
        'NONDETERMINISTIC',
        `it is not deterministic: after the same inputs it answered ${shortened(line)} first with ${shortened(answer)}, then with ${shortened(now)}; randomness, clocks and the order of hash tables must not reach its effects`,
      );
    }
    return program;
  }

  #tell(program: LineProgram, line: string): string {
    this.roundTrips += 1;
    try {
      return program.ask(line);
    } catch (error) {
      program.end();
      throw error instanceof ProgramError ? new ProgramError(error.code, `after ${shortened(line)} ${error.message}`) : error;
    }
  }

  #keep(at: number, program: LineProgram): void {
    this.#alive.set(at, program);
    const [oldest] = this.#alive.keys();
    if (this.#alive.size <= mostAlive || oldest === undefined) return;
    this.#alive.get(oldest)?.end();
    this.#alive.delete(oldest);
  }
}

function shortened(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 120)}...`;
}
