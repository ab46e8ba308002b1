/**
 * Preloaded: the process kills itself (SIGKILL) at its call number DIE_AT that changes a file below the present folder, before it, or
 * (a write) when half of the bytes are written.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { resolve } from 'node:path';

const dieAt = Number(process.env.DIE_AT);
const mine = new Set();
const original = { ...fs };
let calls = 0;

const here = `${process.cwd()}/`;
const isMine = (target) => mine.has(target) || (typeof target === 'string' && resolve(target).startsWith(here));
const isTheOne = (target) => {
  if (isMine(target)) calls += 1;
  return isMine(target) && calls === dieAt;
};
const die = () => {
  process.kill(process.pid, 'SIGKILL');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
};

fs.openSync = (path, flags, ...rest) => {
  if (flags === undefined || flags === 'r') return original.openSync(path, flags, ...rest);
  if (isTheOne(path)) die();
  const descriptor = original.openSync(path, flags, ...rest);
  if (isMine(path)) mine.add(descriptor);
  return descriptor;
};
fs.writeFileSync = (target, content, ...rest) => {
  if (isTheOne(target)) {
    original.writeFileSync(target, content.slice(0, content.length / 2), ...rest);
    die();
  }
  return original.writeFileSync(target, content, ...rest);
};
for (const name of ['fsyncSync', 'renameSync', 'mkdirSync'])
  fs[name] = (target, ...rest) => {
    if (isTheOne(target)) die();
    return original[name](target, ...rest);
  };
syncBuiltinESMExports();
