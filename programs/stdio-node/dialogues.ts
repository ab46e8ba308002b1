/**
 * Dialogues with a node program, as a pure function of the inputs. Equal inputs from the start of a life lead to equal numbers, and a
 * dialogue can be taken up again at any place. The program cannot be copied. If it can save and load, a process loads the nearest earlier place that was
 * saved; otherwise a fork is a new process that gets all inputs again. What is repeated must be answered as before.
 */
import { type LineProgram, ProgramError } from './line-program.ts';
import { SavedStates } from './saved-states.ts';
import { answerOf, loadLine, type NodeEffect, type NodeInput, savedOf, saveLine } from './wire-format.ts';

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
  /** Inputs since the start of the life. */
  readonly depth: number;
}

/** Processes that wait at the end of their dialogue to be asked on. */
const mostAlive = 12;
/** One for each node and one more, where a process can be put anywhere by `load`. */
const mostAliveThatLoad = 4;
/** Inputs from one saved place to the next: a fork repeats fewer than these. */
const savedEvery = 4;
/** Inputs that are repeated after each load which is verified. */
const repeatedAfterLoad = 8;

export class Dialogues {
  readonly #open: () => LineProgram;
  /** Whether `save` and `load` are used where the program announces them. */
  readonly #mayLoad: boolean;
  readonly #places: Place[] = [];
  readonly #next = new Map<string, number>();
  readonly #alive = new Map<number, LineProgram>();
  readonly #saved = new SavedStates();
  /** Saved places and the last of what was repeated from there. */
  readonly #verified = new Set<string>();
  #saves = false;
  /** Lines that a process has answered, repeated ones included. */
  roundTrips = 0;
  processes = 0;

  constructor(open: () => LineProgram, mayLoad: boolean) {
    this.#open = open;
    this.#mayLoad = mayLoad;
  }

  /** Whether forks load instead of repeating all inputs. */
  get loads(): boolean {
    return this.#saves && this.#mayLoad;
  }

  /** Throws `ProgramError`. */
  start(input: NodeInput & { readonly type: 'start' }): Answered {
    return this.#ask(-1, input);
  }

  /** Throws `ProgramError`. */
  next(at: number, input: NodeInput): Answered {
    return this.#ask(at, input);
  }

  /** Repeats some dialogues to new processes, without any load. Throws `ProgramError` if an answer differs. */
  verify(most: number): void {
    const chosen = this.loads ? this.#longestOfLives(2 * most) : this.#ends().slice(-most);
    for (const { at } of chosen) this.#repeated(this.#fresh(), this.#pathTo(at), differsAgain).end();
  }

  /** Loads each saved place of all dialogues into one process, and goes on from there. Throws `ProgramError` if an answer differs. */
  verifyLoads(): void {
    if (!this.loads) return;
    let program = this.#fresh();
    for (const { at: end } of this.#ends()) {
      const path = this.#pathTo(end);
      for (const [index, { at }] of path.entries()) {
        const saved = this.#saved.get(at);
        const repeated = path.slice(index + 1, index + 1 + repeatedAfterLoad);
        const key = `${at} ${repeated.at(-1)?.at ?? at}`;
        if (saved === undefined || this.#verified.has(key)) continue;
        this.#verified.add(key);
        this.#load(program, saved);
        program = this.#repeated(program, repeated, differsAfterLoad);
      }
    }
    program.end();
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
    const program = after === -1 ? this.#fresh() : this.#programAt(after);
    const answer = this.#tell(program, line);
    const at = this.#places.length;
    const checked = answerOf(answer);
    if ('mistake' in checked) {
      program.end();
      throw new ProgramError('NOT_UNDERSTOOD', `after ${JSON.stringify(input.type)} ${checked.mistake}`);
    }
    if (checked.saves === true) this.#saves = true;
    const depth = after === -1 ? 0 : (this.#places[after] as Place).depth + 1;
    this.#places.push({ at, after, line, answer, depth, effects: checked.effects });
    this.#next.set(key, at);
    if (this.loads && depth % savedEvery === 0) this.#saved.keep(at, this.#save(program));
    this.#keep(at, program);
    return { at, effects: checked.effects };
  }

  #programAt(at: number): LineProgram {
    const alive = this.#alive.get(at);
    if (alive !== undefined) {
      this.#alive.delete(at);
      return alive;
    }
    const path = this.#pathTo(at);
    const index = path.findLastIndex((place) => this.#saved.get(place.at) !== undefined);
    const saved = this.#saved.get(path[index]?.at ?? -1);
    if (saved === undefined) return this.#repeated(this.#fresh(), path, differsAgain);
    const program = this.#free();
    this.#load(program, saved);
    return this.#repeated(program, path.slice(index + 1), differsAfterLoad);
  }

  #fresh(): LineProgram {
    this.processes += 1;
    return this.#open();
  }

  /** A process that may be put at another place. */
  #free(): LineProgram {
    const [oldest] = this.#alive;
    if (oldest === undefined) return this.#fresh();
    const [at, program] = oldest;
    this.#alive.delete(at);
    return program;
  }

  #save(program: LineProgram): string {
    const read = savedOf(this.#tell(program, saveLine));
    if ('saved' in read) return read.saved;
    program.end();
    throw new ProgramError('NOT_UNDERSTOOD', `after "save" ${read.mistake}`);
  }

  #load(program: LineProgram, saved: string): void {
    const read = answerOf(this.#tell(program, loadLine(saved)));
    const mistake = 'mistake' in read ? read.mistake : read.effects.length > 0 ? 'it answered with effects; a load has none' : '';
    if (mistake !== '') {
      program.end();
      throw new ProgramError('NOT_UNDERSTOOD', `after "load" ${mistake}`);
    }
    const now = this.#save(program);
    if (now === saved) return;
    program.end();
    throw new ProgramError(
      'NONDETERMINISTIC',
      `"load" does not restore what "save" gave: it saved ${shortened(saved)}, loaded that, and saved ${shortened(now)}`,
    );
  }

  /** The places that lead to this one, from the start of the life. */
  #pathTo(at: number): readonly Place[] {
    const path: Place[] = [];
    for (let place = this.#places[at]; place !== undefined; place = this.#places[place.after]) path.push(place);
    return path.reverse();
  }

  /** The last place of each dialogue. */
  #ends(): readonly Place[] {
    const inner = new Set(this.#places.map(({ after }) => after));
    return this.#places.filter(({ at }) => !inner.has(at));
  }

  /** The longest dialogue of each life: what followed a load may have no other witness. */
  #longestOfLives(most: number): readonly Place[] {
    const longest = new Map<number, Place>();
    for (const end of [...this.#ends()].sort((a, b) => b.depth - a.depth)) {
      const life = this.#pathTo(end.at)[0]?.at ?? -1;
      if (!longest.has(life)) longest.set(life, end);
    }
    return [...longest.values()].slice(0, most);
  }

  #repeated(program: LineProgram, path: readonly Place[], differs: Differs): LineProgram {
    for (const { line, answer } of path) {
      const now = this.#tell(program, line);
      if (now === answer) continue;
      program.end();
      throw new ProgramError('NONDETERMINISTIC', differs(shortened(line), shortened(answer), shortened(now)));
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
    if (this.#alive.size <= (this.loads ? mostAliveThatLoad : mostAlive) || oldest === undefined) return;
    this.#alive.get(oldest)?.end();
    this.#alive.delete(oldest);
  }
}

/** Says what an answer to a line was before, and is now. */
type Differs = (line: string, before: string, now: string) => string;

const differsAgain: Differs = (line, before, now) =>
  `it is not deterministic: after the same inputs it answered ${line} first with ${before}, then with ${now}; randomness, clocks and the order of hash tables must not reach its effects`;

const differsAfterLoad: Differs = (line, before, now) =>
  `"load" does not bring it back to where it saved: it had answered ${line} with ${before}, and after the load with ${now}; all that its effects depend on must be saved`;

function shortened(text: string): string {
  return text.length <= 120 ? text : `${text.slice(0, 120)}...`;
}
