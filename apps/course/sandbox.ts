/**
 * Runs what a student handed in, in a context of its own: strict, without clock, randomness, files or network. Only text passes in and out, so that
 * nothing of the judge can be reached or changed. Each `fresh` copy begins with empty variables, and what copies share is frozen: the one place that
 * outlives a call is the one that the judge gives. A wall against cheating; against a real attack run the whole in a container.
 */
import { compileFunction, createContext, Script } from 'node:vm';

/** A fresh copy of the file. */
export interface Copy {
  /** The value of an exported function, as JSON. Throws `HandedInError` for what the file throws. */
  call(name: string, args: readonly unknown[]): unknown;
  /** Calls an exported function with a storage whose operations go to `operate`, and keeps what it returns as the object that `on` calls. */
  open(name: string, operations: readonly string[], operate: (name: string, args: readonly unknown[]) => unknown): void;
  on(method: string, args: readonly unknown[]): unknown;
}

/** The file that was handed in did something that it must not do: it threw, or returned what is no data. */
export class HandedInError extends Error {
  override readonly name = 'HandedInError';
}

/** `code`: a bundled CommonJS module. Returns how to make fresh copies. */
export function sandboxed(code: string): () => Copy {
  const context = createContext(Object.create(null) as object, { codeGeneration: { strings: false, wasm: false } });
  const boot = new Script(prelude, { filename: 'prelude.js' }).runInContext(context) as (factory: unknown) => Fresh;
  const parameters = ['module', 'exports', 'require', 'globalThis', 'console'];
  const factory = compileFunction(`"use strict";${code}`, parameters, { parsingContext: context, filename: 'exercise.js' });
  const fresh = boot(factory);
  return () => {
    let operate: (name: string, args: readonly unknown[]) => unknown = () => undefined;
    const copy = fresh((name, args) => answered(() => operate(name, unpacked(args) as readonly unknown[])));
    return {
      call: (name, args) => resultOf(copy.call(name, packed(args))),
      open: (name, operations, act) => {
        operate = act;
        resultOf(copy.open(name, packed(operations)));
      },
      on: (method, args) => resultOf(copy.on(method, packed(args))),
    };
  };
}

type Fresh = (operate: (name: string, args: string) => string) => {
  readonly call: (name: string, args: string) => string;
  readonly open: (name: string, operations: string) => string;
  readonly on: (method: string, args: string) => string;
};

/** JSON, in which bytes are `{ $bytes: text }` with a sign for each byte. */
function packed(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part instanceof Uint8Array ? { $bytes: Buffer.from(part).toString('latin1') } : part,
  );
}

function unpacked(text: string): unknown {
  return JSON.parse(text, (_key, part: unknown) => {
    const { $bytes } = (part ?? {}) as { readonly $bytes?: unknown };
    return typeof $bytes === 'string' ? new Uint8Array(Buffer.from($bytes, 'latin1')) : part;
  });
}

function answered(act: () => unknown): string {
  try {
    return packed({ value: act() });
  } catch (error) {
    return packed({ error: error instanceof Error ? error.message : String(error) });
  }
}

function resultOf(text: string): unknown {
  const { value, error } = unpacked(text) as { readonly value?: unknown; readonly error?: string };
  if (error !== undefined) throw new HandedInError(error);
  return value;
}

/** Runs in the context before anything else. What it needs later it takes now, before a student's code can change it. */
const prelude = `'use strict';
(() => {
  const { parse, stringify } = JSON;
  const { fromCharCode, prototype: { charCodeAt } } = String;
  const { getOwnPropertyDescriptor, getOwnPropertyNames, getOwnPropertySymbols, getPrototypeOf, freeze } = Object;
  const Bytes = Uint8Array, Wrong = Error, text = String, isArray = Array.isArray;
  const codeAt = Function.prototype.call.bind(charCodeAt);
  for (const name of ['Date', 'Intl', 'WeakRef', 'FinalizationRegistry', 'SharedArrayBuffer', 'Atomics', 'WebAssembly', 'console', 'Temporal'])
    delete globalThis[name];
  delete Math.random;
  for (const name of getOwnPropertyNames(RegExp)) if (!['prototype', 'length', 'name'].includes(name)) delete RegExp[name];
  Error.stackTraceLimit = 0;
  const seen = new Set();
  const harden = (value) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
    seen.add(value);
    harden(getPrototypeOf(value));
    for (const key of [...getOwnPropertyNames(value), ...getOwnPropertySymbols(value)]) {
      const { value: inner, get, set } = getOwnPropertyDescriptor(value, key);
      harden(inner); harden(get); harden(set);
    }
    if (value !== globalThis) freeze(value);
  };
  const samples = [globalThis, (function* () {})(), (async function* () {})(), (async () => {})(), [].values(), new Map().entries(),
    new Set().values(), ''[Symbol.iterator](), ''.matchAll(/a/g), function () {}, async function () {}, function* () {}, async function* () {}];
  for (const sample of samples) harden(sample);

  const pack = (value) => stringify(value, (_key, part) => {
    if (!(part instanceof Bytes)) return part;
    let signs = '';
    for (let at = 0; at < part.length; at += 1) signs += fromCharCode(part[at]);
    return { $bytes: signs };
  });
  const unpack = (given) => parse(given, (_key, part) => {
    if (typeof part !== 'object' || part === null || isArray(part) || typeof part.$bytes !== 'string') return part;
    const bytes = new Bytes(part.$bytes.length);
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = codeAt(part.$bytes, at);
    return bytes;
  });
  const guarded = (act) => {
    try { return pack({ value: act() }); } catch (error) {
      let words = 'it threw what is no error';
      try { words = text(error && error.message !== undefined ? error.message : error); } catch { }
      return stringify({ error: words });
    }
  };
  return (factory) => (operate) => {
    const module = { exports: {} };
    let opened;
    const loaded = guarded(() => void factory(module, module.exports, undefined, undefined, undefined));
    const find = (name) => {
      const { error } = parse(loaded);
      if (error !== undefined) throw new Wrong('it cannot be loaded: ' + error);
      const found = module.exports[name];
      if (typeof found !== 'function') throw new Wrong('it exports no function ' + name);
      return found;
    };
    const ask = (name, args) => {
      let answer;
      try { answer = operate(name, pack(args)); } catch { answer = '{"error":"the storage could not be asked"}'; }
      const { value, error } = unpack(answer);
      if (error !== undefined) throw new Wrong(error);
      return value;
    };
    return {
      call: (name, args) => guarded(() => find(name)(...unpack(args))),
      open: (name, operations) => guarded(() => {
        const storage = {};
        for (const operation of parse(operations)) storage[operation] = (...args) => ask(operation, args);
        opened = find(name)(freeze(storage));
        for (const method of ['append', 'flush', 'read'])
          if (typeof (opened && opened[method]) !== 'function') throw new Wrong(name + ' returns append, flush and read, and lacks ' + method);
      }),
      on: (method, args) => guarded(() => opened[method](...unpack(args))),
    };
  };
})()`;
