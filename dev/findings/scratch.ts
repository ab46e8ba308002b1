/** The folder outside the project where the packages are installed, with a copy of the drives beside them: a drive imports its package as any program does. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Subject } from './catalogue.ts';

export const usualScratch: string = join(tmpdir(), 'lazurite-findings');

/** Runs no install script of any package, except of those that must be built. */
export function installPackages(scratch: string, subjects: readonly Subject[]): void {
  mkdirSync(scratch, { recursive: true });
  if (!existsSync(join(scratch, 'package.json'))) writeFileSync(join(scratch, 'package.json'), '{ "private": true }\n');
  const packages = [...new Set(subjects.flatMap((subject) => subject.packages))];
  npm(scratch, 'install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', '--legacy-peer-deps', ...packages);
  if (packages.some((one) => one.startsWith('better-sqlite3@'))) npm(scratch, 'rebuild', 'better-sqlite3');
}

/** The drives as they are now; words where a package is missing or has another version. */
export function readyScratch(scratch: string, { packages }: Subject): string | undefined {
  for (const one of packages) {
    const at = one.lastIndexOf('@');
    const [name, version] = [one.slice(0, at), one.slice(at + 1)];
    const file = join(scratch, 'node_modules', name, 'package.json');
    const found = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string }).version : 'nothing';
    if (found !== version) return `${scratch} has ${found} of ${name}, and ${version} is wanted: run with --install`;
  }
  cpSync(fileURLToPath(new URL('drives', import.meta.url)), join(scratch, 'drives'), { recursive: true });
  return undefined;
}

function npm(cwd: string, ...args: readonly string[]): void {
  const { status } = spawnSync('npm', args, { cwd, stdio: 'inherit' });
  if (status !== 0) throw new Error(`npm ${args[0]} failed in ${cwd}`);
}
