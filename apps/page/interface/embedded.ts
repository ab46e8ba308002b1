/** What is in the page as compressed text: records, the engine, lessons. No fetch, nothing from elsewhere. */

import type { Lesson } from '../lesson.ts';
import type { PageRecord } from '../record/page-record.ts';

export interface Embedded {
  /** The run that the page was made for, with its variants; on a page of lessons, the runs of the lesson that it opens with. */
  readonly records: readonly PageRecord[];
  /** All lessons. Where the runs of a lesson were not computed yet, its stops have their texts only. */
  readonly lessons: readonly Lesson[];
  /** Index of the lesson that the page opens with; -1: none. */
  readonly lesson: number;
}

async function unpacked(id: string): Promise<string> {
  const packed = document.getElementById(id)?.textContent?.trim() ?? '';
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  return new Response(stream).text();
}

export async function embedded(): Promise<Embedded> {
  return JSON.parse(await unpacked('data')) as Embedded;
}

type Answer = Readonly<Record<string, unknown>> & { readonly id: number; readonly done: boolean; readonly error?: string };

/** The engine, started when it is first needed. */
export class Engine {
  #worker: Promise<Worker> | undefined;
  #next = 0;
  readonly #waiting = new Map<number, { readonly each: (answer: Answer) => void; readonly end: (answer: Answer) => void }>();

  async ask(request: object, each: (answer: Answer) => void = () => undefined): Promise<Answer> {
    this.#worker ??= this.#start();
    const worker = await this.#worker;
    this.#next += 1;
    const id = this.#next;
    const answer = new Promise<Answer>((resolve, reject) => {
      this.#waiting.set(id, {
        each,
        end: (last) => (last.error === undefined ? resolve(last) : reject(new Error(last.error))),
      });
    });
    worker.postMessage({ id, ...request });
    return answer;
  }

  async #start(): Promise<Worker> {
    const source = await unpacked('engine');
    const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
    worker.onmessage = ({ data }: MessageEvent<Answer>) => {
      const waiting = this.#waiting.get(data.id);
      if (!data.done) {
        waiting?.each(data);
        return;
      }
      this.#waiting.delete(data.id);
      waiting?.end(data);
    };
    return worker;
  }
}
