// The replicated counter of counter.py, for Node. At each height every node says one number; all numbers together decide the height. A number is durable
// before it leaves, because the next life would be given another one.
import { realpathSync } from 'node:fs';
import { createInterface } from 'node:readline';

export class Counter {
  own = new Map();
  heard = new Map();
  answered = new Map();
  durable = 0;

  constructor({ node, nodes, files }) {
    this.me = node;
    this.nodes = nodes;
    const log = Buffer.from(files.find(({ name }) => name === 'log')?.bytes ?? '', 'base64').toString('latin1');
    for (const [, height, amount] of log.matchAll(/^(\d+) (\d+) ok$/gm)) this.own.set(Number(height), Number(amount));
    // What a torn line may have left must not run into the next one.
    this.separator = log === '' || log.endsWith('\n') ? '' : '\n';
    this.height = Math.max(1, ...this.own.keys());
  }

  /** All that its effects depend on, as JSON. */
  save() {
    const heard = [...this.heard].map(([height, amounts]) => [height, Object.fromEntries(amounts)]);
    return { ...this, own: [...this.own], answered: [...this.answered], heard };
  }

  static load(saved) {
    const heard = new Map(saved.heard.map(([height, amounts]) => [height, new Map(Object.entries(amounts))]));
    const counter = new Counter({ node: saved.me, nodes: saved.nodes, files: [] });
    return Object.assign(counter, saved, { own: new Map(saved.own), answered: new Map(saved.answered), heard });
  }

  begin() {
    const again = { type: 'timer', timer: 'again', delayMs: 200 };
    // A killed process may have left it in the page cache alone.
    return this.own.size > 0 ? [again, ...this.flush(this.height)] : [again, this.ask()];
  }

  on(input) {
    switch (input.type) {
      case 'answer':
        return this.drawn(Number(input.key), input.value);
      case 'flushed':
        return this.flushed(input.tag);
      case 'timer': {
        const again = { type: 'timer', timer: 'again', delayMs: 200 };
        return this.durable >= this.height ? [again, this.say(this.height)] : [again];
      }
      case 'message':
        return this.hear(input.from, input.data.height, input.data.amount);
      default:
        return [{ type: 'stop', reason: `the disk failed: ${input.code}` }];
    }
  }

  ask() {
    return { type: 'ask', key: String(this.height) };
  }

  flush(tag) {
    return [
      { type: 'flush', file: 'log', tag },
      { type: 'flush-names', tag },
    ];
  }

  say(height, to) {
    const data = { height, amount: this.own.get(height) };
    return { type: 'publish', once: `height ${height}`, data, ...(to === undefined ? {} : { to }) };
  }

  drawn(height, amount) {
    if (this.own.has(height)) return [];
    this.own.set(height, amount);
    const line = `${this.separator}${height} ${amount} ok\n`;
    this.separator = '';
    return [{ type: 'append', file: 'log', bytes: Buffer.from(line).toString('base64') }, ...this.flush(height)];
  }

  flushed(height) {
    // Two flushes answer for each number: its bytes, and the name of the file.
    this.answered.set(height, (this.answered.get(height) ?? 0) + 1);
    if (this.answered.get(height) < 2) return [];
    this.durable = Math.max(this.durable, height);
    return [this.say(height), ...this.hear(this.me, height, this.own.get(height))];
  }

  hear(sender, height, amount) {
    // A sender that is behind may have lost what we said.
    if (height < this.height) return sender !== this.me && height <= this.durable ? [this.say(height, [sender])] : [];
    this.heard.set(height, new Map([...(this.heard.get(height) ?? []), [sender, amount]]));
    const effects = [];
    for (let all = this.heard.get(this.height); all?.size === this.nodes.length; all = this.heard.get(this.height)) {
      const value = [...all.values()].reduce((sum, one) => sum + one, 0);
      effects.push({ type: 'decide', height: this.height, value });
      this.height += 1;
      effects.push(this.ask());
    }
    return effects;
  }
}

/** Answers one line with one line. */
export function answering() {
  let counter;
  return (line) => {
    const input = JSON.parse(line);
    switch (input.type) {
      case 'start':
        counter = new Counter(input);
        return JSON.stringify({ effects: counter.begin(), saves: true });
      case 'save':
        return JSON.stringify({ saved: counter.save() });
      case 'load':
        counter = Counter.load(input.saved);
        return JSON.stringify({ effects: [] });
      default:
        return JSON.stringify({ effects: counter.on(input) });
    }
  };
}

if (import.meta.filename === realpathSync(process.argv[1])) {
  const answer = answering();
  for await (const line of createInterface({ input: process.stdin })) console.log(answer(line));
}
