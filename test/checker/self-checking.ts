/**
 * A property whose monitor checks at each event that it is pure. Memory and event are frozen. A new monitor that saw nothing before returns
 * the same for them. Memories that lead to different verdicts have different fingerprints.
 */
import { expect } from 'chai';
import { relevantMemory } from '../../actors/scheduler/index.ts';
import type { Monitor, Observer, Property } from '../../core/events.ts';
import { keyOf } from '../../core/state-key.ts';

export function selfChecking(property: Property): Property {
  const { name } = property;
  return {
    ...property,
    monitor: (setting) => {
      const monitor = property.monitor(setting);
      return {
        ...monitor,
        look: (memory, event, observer) => {
          deepFreeze(memory, name);
          deepFreeze(event, `event ${event.index}`);
          const next = monitor.look(memory, event, observer);
          const again = property.monitor(setting).look(memory, event, observer);
          if (again !== next) expect(again, `${name}, shown event ${event.index} again`).to.deep.equal(next);
          if (next !== memory) expectOtherFingerprint(name, monitor, memory, next, event.index, observer);
          return next;
        },
        finish: (memory, observer) => monitor.finish(deepFreeze(memory, name), observer),
      };
    },
  };
}

function expectOtherFingerprint(
  name: string,
  monitor: Monitor,
  memory: unknown,
  next: unknown,
  event: number,
  observer: Observer,
) {
  const [before, after] = [memory, next].map((each) => {
    const { verdict, violations, reason } = monitor.finish(each, observer);
    return [verdict, ...violations.map(({ message }) => message), ...(reason === undefined ? [] : [reason])].join('; ');
  });
  if (before === after) return;
  const words = `${name} says '${after}' after event ${event}, and '${before}' before it, with one fingerprint`;
  const [first, second] = [memory, next].map((each) => keyOf(relevantMemory(monitor, each, observer.now)));
  expect(second, words).to.not.equal(first);
}

const frozen = new WeakSet<object>();

/** Refuses what is not plain data: it might be changed in spite of being frozen. Bytes cannot be frozen, and are left as they are. */
function deepFreeze<Value>(value: Value, where: string): Value {
  if (typeof value === 'function') throw new TypeError(`${where} is a function; a memory is plain data`);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || frozen.has(value)) return value;
  frozen.add(value);
  for (const [key, item] of partsOf(value, where)) deepFreeze(item, `${where}.${String(key)}`);
  return Object.freeze(value);
}

function partsOf(value: object, where: string): Iterable<readonly [unknown, unknown]> {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || Array.isArray(value)) return Object.entries(value);
  // States of actors hold maps and sets; a frozen one still takes entries.
  if (prototype !== Map.prototype && prototype !== Set.prototype)
    throw new TypeError(
      `${where} is a ${value.constructor.name}; a memory holds objects, arrays, maps, sets, bytes and simple values`,
    );
  for (const method of ['set', 'add', 'delete', 'clear'])
    Object.defineProperty(value, method, {
      value: () => {
        throw new TypeError(`${where} is read only`);
      },
    });
  return (value as Map<unknown, unknown>).entries();
}
