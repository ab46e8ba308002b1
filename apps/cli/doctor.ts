/** `doctor`: checks Node, the package and the project, and says what is wrong. */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { libraryFolder } from './find-scenario.ts';
import type { Paint } from './terminal.ts';

export function doctorCommand(program: Command, print: (text: string) => void, paint: Paint): void {
  program
    .command('doctor')
    .description('what is wrong here: Node, the package, the project')
    .action(() => {
      const checks = diagnose();
      for (const { isWell, what, advice } of checks)
        print(`${isWell ? paint.good('✓') : paint.bad('✕')} ${what}${isWell ? '' : `: ${advice}`}`);
      if (checks.some(({ isWell }) => !isWell)) process.exitCode = 1;
    });
}

interface Check {
  readonly isWell: boolean;
  readonly what: string;
  readonly advice: string;
}

function diagnose(): readonly Check[] {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const manifest = existsSync('package.json') ? readFileSync('package.json', 'utf8') : undefined;
  const checks: Check[] = [
    {
      isWell: major > 20 || (major === 20 && minor >= 19),
      what: `Node ${process.versions.node}`,
      advice: 'Node 20.19 or newer is needed',
    },
    { isWell: hasLibrary(), what: 'the library of scenarios', advice: 'the package holds none: install lazurite anew' },
    {
      isWell: canWrite('.'),
      what: 'this folder can be written',
      advice: 'failures are kept in .lazurite/, which needs a folder that can be written',
    },
  ];
  if (manifest !== undefined) checks.push({ isWell: isJson(manifest), what: 'package.json', advice: 'it is not JSON' });
  const kept = join('.lazurite', 'failures');
  if (existsSync(kept)) checks.push({ isWell: canWrite(kept), what: kept, advice: 'it cannot be written' });
  return checks;
}

function hasLibrary(): boolean {
  try {
    return libraryFolder() !== '';
  } catch {
    return false;
  }
}

function canWrite(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
