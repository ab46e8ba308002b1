/** The engine of the page: started once, however many questions are asked before it is there. */
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { Engine } from '../../../apps/page/interface/embedded.ts';

describe('the engine of the page', () => {
  const space = globalThis as Record<string, unknown>;
  const before = { document: space['document'], Worker: space['Worker'] };
  after(() => Object.assign(space, before));

  it('is one, also for two questions at once, and each gets its own answer', async () => {
    let started = 0;
    space['document'] = { getElementById: () => ({ textContent: gzipSync('engine').toString('base64') }) };
    space['Worker'] = class {
      onmessage: ((event: object) => void) | undefined;
      constructor() {
        started += 1;
      }
      postMessage({ id, ask }: { readonly id: number; readonly ask: string }): void {
        queueMicrotask(() => this.onmessage?.({ data: { id, done: true, ask } }));
      }
    };
    const engine = new Engine();
    const answers = await Promise.all([engine.ask({ ask: 'a' }), engine.ask({ ask: 'b' })]);
    expect(answers.map(({ ask }) => ask)).to.deep.equal(['a', 'b']);
    expect(started).to.equal(1);
  });
});
