/**
 * Judges a student's node in three parts. Over all lives it says one number at each height, and one that was drawn. A crash is like a pause, and the
 * heights are decided. The last part is both, and the rule of the result. Each node dies at many points.
 */
import type { Monitor, Property, Violation } from '../../core/events.ts';
import { decides, scenario } from '../../scenarios/index.ts';
import { type NodeShape, numberOf } from './exercise.ts';
import { firstOf, type Part } from './part.ts';
import { type Config, type Decided, drawingHost, isDrawn, rollCall } from './roll-call.ts';
import { sandboxed } from './sandbox.ts';

const members = ['A', 'B', 'C'] as const;
const sites = ['wal.append', 'wal.flush', 'publish', 'send'] as const;
/** Reasons of each kind after which no more are looked for. */
const mostReasons = 3;
const ownProperty = 'one-number';
const ruleProperty = 'rule';

interface Death {
  readonly node: string;
  readonly site: (typeof sites)[number];
  readonly phase: 'before' | 'after';
  readonly nth: number;
}

/** No death; then each node before and after each site, the first time and at one that the key draws: no height is safe. */
function deathsOf(key: string): readonly (Death | undefined)[] {
  const sitesOf = (node: string): readonly Death[] =>
    sites.flatMap((site) =>
      (['before', 'after'] as const).flatMap((phase) => {
        const late = 2 + numberOf(`${key} ${node} ${phase} ${site}`, 19);
        return [1, late].map((nth) => ({ node, site, phase, nth }));
      }),
    );
  return [undefined, ...members.flatMap(sitesOf)];
}

/** `handed`: bundled code. `onRun` is called as the work goes on. */
export function judgeNode(handed: string, shape: NodeShape, key: string, onRun: () => void): readonly Part[] {
  const word = new Set<string>();
  const state = new Set<string>();
  const rule = new Set<string>();
  const name = `roll call ${numberOf(key, 1_000_000)}`;
  try {
    const protocol = rollCall(sandboxed(handed), name);
    for (const [index, death] of deathsOf(key).entries()) {
      if ([word, state, rule].every(({ size }) => size > mostReasons)) break;
      onRun();
      const where = death === undefined ? 'no node dies' : `${death.node} dies ${death.phase} its ${death.site} no. ${death.nth}`;
      const { properties, complaints } = runOf(protocol, shape, key, index, death);
      for (const { name: property, verdict, message } of properties) {
        if (verdict !== 'violated') continue;
        const reasons = property === ownProperty ? word : property === ruleProperty ? rule : state;
        reasons.add(`${where}: ${property}: ${message}`);
      }
      const undecided = complaints.filter((complaint) => complaint.includes('did not decide'));
      for (const complaint of undecided) state.add(`${where}: ${complaint}`);
      // A node that never speaks says no second number.
      if (death === undefined && (undecided.length > 0 || rule.size > 0))
        word.add(`${where}, and the heights are not decided by the rule`);
    }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    for (const reasons of [word, state, rule]) reasons.add(message);
  }
  const all = [...rule, ...word, ...state];
  return [
    { name: 'word', reasons: firstOf([...word]) },
    { name: 'state', reasons: firstOf([...state]) },
    { name: 'node', reasons: firstOf(all) },
  ];
}

function runOf(protocol: ReturnType<typeof rollCall>, shape: NodeShape, key: string, index: number, death: Death | undefined) {
  const told = scenario('a roll call', { A: 1, B: 1, C: 1 })
    .seed(numberOf(`${key} run ${index}`, 1_000_000))
    .protocol(protocol, {
      host: drawingHost(key),
      configuration: (self: string, names: readonly string[]): Config => ({ self, members: names }),
      isOwnMessage: (data, node) => isAdd(data) && data.from === node,
      properties: [oneNumber(key), byRule(shape, key)],
      tolerates: 'restarts',
    })
    .network({ delay: ['15ms', '30ms'] })
    .until({ time: '1500ms' })
    .expect(decides(8, { within: '1500ms' }));
  if (death === undefined) return told.run();
  const { node, site, phase, nth } = death;
  return told.fault({ node, site, phase, nth }, { type: 'crash', nodes: [node], restartMs: 100 }).run();
}

interface Add {
  readonly type: 'add';
  readonly from: string;
  readonly height: number;
  readonly amount: number;
}

function isAdd(data: unknown): data is Add {
  return typeof data === 'object' && data !== null && (data as Partial<Add>).type === 'add';
}

interface Memory {
  readonly said: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
}

const nothing: Memory = { said: {}, violations: [] };

function withWrong(memory: Memory, message: string, event: number, node: string, height: number): Memory {
  const violations =
    memory.violations.length < 4 ? [...memory.violations, { message, event, nodes: [node], height }] : memory.violations;
  return { ...memory, violations };
}

function finish({ violations }: Memory) {
  return { verdict: violations.length > 0 ? ('violated' as const) : ('held' as const), violations };
}

/** No node lets two numbers of one height leave, over all its lives, nor one that its application did not draw. */
function oneNumber(key: string): Property {
  const monitor: Monitor<Memory> = {
    watches: ['effect transmit'],
    start: nothing,
    look: (memory, event) => {
      if (event.type !== 'effect' || event.effect.type !== 'transmit' || !isAdd(event.effect.data)) return memory;
      const { from, height, amount } = event.effect.data;
      const { node, index } = event;
      if (from !== node) return memory;
      const place = `${node} ${height}`;
      const before = memory.said[place];
      if (before === amount) return memory;
      if (before !== undefined)
        return withWrong(memory, `${node} said ${before} and ${amount} at height ${height}`, index, node, height);
      const next = { ...memory, said: { ...memory.said, [place]: amount } };
      return isDrawn(key, node, height, amount)
        ? next
        : withWrong(next, `${node} said ${amount} at height ${height}, which was not drawn`, index, node, height);
    },
    finish,
  };
  return { name: ownProperty, says: 'over all lives a node says one number at each height', monitor: () => monitor };
}

/** What is decided has a number of each member, those that they said, and the result that the rule gives. */
function byRule({ factor, modulus }: NodeShape, key: string): Property {
  const isNumberOf = (node: string, height: number, number: number | undefined, { said }: Memory): boolean => {
    const before = said[`${node} ${height}`];
    return number !== undefined && (before === undefined ? isDrawn(key, node, height, number) : number === before);
  };
  const monitor: Monitor<Memory> = {
    watches: ['effect transmit', 'effect host.decide'],
    start: nothing,
    look: (memory, event) => {
      if (event.type !== 'effect') return memory;
      const { effect, node, index } = event;
      if (effect.type === 'transmit') {
        const { data } = effect;
        if (!isAdd(data) || data.from !== node || memory.said[`${node} ${data.height}`] !== undefined) return memory;
        return { ...memory, said: { ...memory.said, [`${node} ${data.height}`]: data.amount } };
      }
      if (effect.type !== 'host.decide') return memory;
      const { numbers = {}, result } = (effect.decision ?? {}) as Partial<Decided>;
      const { height } = effect;
      const wrong = members.find((name) => !isNumberOf(name, height, numbers[name], memory));
      if (wrong !== undefined)
        return withWrong(memory, `${node} decides height ${height} without the number that ${wrong} said`, index, node, height);
      // A node may decide just before its own number leaves: what leaves later must be this one.
      const said = { ...Object.fromEntries(members.map((name) => [`${name} ${height}`, numbers[name] ?? 0])), ...memory.said };
      const right = (factor * members.reduce((sum, name) => sum + (numbers[name] ?? 0), 0)) % modulus;
      return result === right
        ? { ...memory, said }
        : withWrong(
            memory,
            `${node} decides ${String(result)} at height ${height}, and the rule gives ${right}`,
            index,
            node,
            height,
          );
    },
    finish,
  };
  return { name: ruleProperty, says: 'what is decided follows the rule', monitor: () => monitor };
}
