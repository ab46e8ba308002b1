import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

// The compiler takes half of the start of a process, and tests start hundreds: what it made is kept, under the digest of what it read.
const packages = new URL('../node_modules/', import.meta.url);
const cache = new URL('.cache/strip-types/', packages);
const { version } = JSON.parse(readFileSync(new URL('@swc/wasm-typescript/package.json', packages), 'utf8'));

export async function load(url, context, next) {
  if (!url.startsWith('file:') || !url.endsWith('.ts') || url.includes('/node_modules/')) return next(url, context);
  const filename = fileURLToPath(url);
  const source = await readFile(filename, 'utf8');
  const code = await stripped(source, filename);
  return { format: 'module', shortCircuit: true, source: `${code}\n\n//# sourceURL=${url}` };
}

async function stripped(source, filename) {
  const digest = createHash('sha256').update(`${version}\n${source}`).digest('hex');
  const kept = new URL(`${digest}.js`, cache);
  try {
    return await readFile(kept, 'utf8');
  } catch {
    // Not kept yet.
  }
  const { default: swc } = await import('@swc/wasm-typescript');
  const { code } = swc.transformSync(source, { mode: 'strip-only', filename });
  // Whole or not at all, beside other processes that do the same.
  const half = new URL(`${digest}.${process.pid}.${performance.now()}`, cache);
  try {
    await mkdir(cache, { recursive: true });
    await writeFile(half, code);
    await rename(half, kept);
  } catch {
    // A folder that cannot be written to costs time alone.
  }
  return code;
}
