/** Which fields each kind of fault has, for scenarios that JavaScript made: there no type refuses one that is misspelt or missing. */
import { type Fault, faultKinds } from './faults.ts';
import { neverActs } from './never-acts.ts';
import { didYouMean } from './spelling.ts';

interface Fields {
  readonly needs: readonly string[];
  readonly may?: readonly string[];
}

/** A test holds it against the schema of written scenarios. */
export const faultFields: Readonly<Record<Fault['type'], Fields>> = {
  crash: { needs: ['nodes'], may: ['image', 'restartMs'] },
  kill: { needs: ['nodes'], may: ['restartMs'] },
  pause: { needs: ['node', 'forMs'] },
  drift: { needs: ['node', 'perMille'] },
  partition: { needs: ['groups', 'oneWay'], may: ['forMs', 'flapMs'] },
  message: { needs: ['from', 'to', 'nth', 'fate'], may: ['where'] },
  rule: { needs: ['fate'], may: ['from', 'to', 'where', 'forMs'] },
  timer: { needs: ['node'], may: ['timer'] },
  weather: { needs: ['link', 'forMs'] },
  'fsync-fails': { needs: ['node', 'fileSystem', 'file', 'restartMs'] },
  'fsync-lies': { needs: ['node'], may: ['keepCorrect'] },
  'unsafe-overwrite': { needs: ['node'], may: ['keepCorrect'] },
  'slow-fsync': { needs: ['node', 'byMs', 'forMs'] },
  'write-fails': { needs: ['node', 'code', 'written', 'file', 'restartMs'] },
  'lost-write': { needs: ['node'], may: ['file', 'keepCorrect'] },
  misdirected: { needs: ['node'], may: ['file', 'keepCorrect'] },
  'bit-flip': { needs: ['node', 'frame'], may: ['file', 'part', 'keepCorrect'] },
  unreadable: { needs: ['node', 'frame'], may: ['file', 'part', 'keepCorrect'] },
  'lost-tail': { needs: ['node', 'bytes'], may: ['file'] },
  missing: { needs: ['node', 'file'] },
  downgrade: { needs: ['node'], may: ['file', 'part'] },
  wipe: { needs: ['node'], may: ['of'] },
  'old-snapshot': { needs: ['node', 'afterMs'], may: ['of', 'keepCorrect'] },
};

/** What is wrong with it, in words; undefined: nothing. */
export function wrongFault(fault: Fault): string | undefined {
  const { type } = fault;
  if (!Object.hasOwn(faultKinds, type)) {
    const kinds = Object.keys(faultKinds);
    return `no fault is called '${String(type)}'${didYouMean(String(type), kinds) || `; there are ${kinds.join(', ')}`}`;
  }
  const { needs, may = [] } = faultFields[type];
  const values: Readonly<Record<string, unknown>> = { ...fault };
  const known = [...needs, ...may];
  const of = `a fault of kind '${type}'`;
  const unknown = Object.keys(values).find((field) => field !== 'type' && !known.includes(field));
  if (unknown !== undefined) return `${of} has no '${unknown}'${didYouMean(unknown, known) || `; it has ${known.join(', ')}`}`;
  const missing = needs.find((field) => values[field] === undefined);
  if (missing !== undefined) return `${of} needs '${missing}'; it has ${known.join(', ')}`;
  const number = known.find((field) => typeof values[field] === 'number' && !Number.isFinite(values[field]));
  if (number !== undefined) return `${of}: '${number}' is ${String(values[number])}; give a number`;
  const wrong = fault.type === 'message' ? wrongMessage(fault) : fault.type === 'rule' ? wrongRule(fault) : undefined;
  if (wrong !== undefined) return `${of}: ${wrong}`;
  const never = neverActs(fault);
  return never === undefined ? undefined : `${of} can do nothing: ${never}`;
}

function wrongRule({ from, to, fate }: Fault & { readonly type: 'rule' }): string | undefined {
  if (from?.length === 0 || to?.length === 0) return 'it names nobody; leave `from` or `to` out to mean everybody';
  if (typeof fate === 'object' && !(fate.afterMs >= 0)) return `afterMs is ${fate.afterMs}; give milliseconds from 0 on`;
  if (typeof fate === 'string' && !['lost', 'twice', 'damaged'].includes(fate))
    return `fate is '${String(fate)}'; give 'lost', 'twice', 'damaged' or { afterMs }`;
  return undefined;
}

function wrongMessage({ from, to, nth, fate }: Fault & { readonly type: 'message' }): string | undefined {
  if (from === to) return `from and to are both ${from}`;
  if (!Number.isSafeInteger(nth) || nth < 1) return `nth is ${nth}; it counts from 1`;
  if (typeof fate === 'object' && !(fate.afterMs >= 0)) return `afterMs is ${fate.afterMs}; give milliseconds from 0 on`;
  if (typeof fate === 'string' && fate !== 'lost' && fate !== 'twice')
    return `fate is '${String(fate)}'; give 'lost', 'twice' or { afterMs }`;
  return undefined;
}
