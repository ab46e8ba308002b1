/** `completion`: what a shell needs to complete the command, made of the command itself; `doctor`: what is wrong here. */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { ScenarioError } from '../../scenarios/index.ts';
import { libraryFolder } from './find-scenario.ts';
import type { Paint } from './terminal.ts';

export function shellCommands(program: Command, print: (text: string) => void, paint: Paint): void {
  program
    .command('completion')
    .description('completion for a shell: bash, zsh or fish; `source <(lazurite completion bash)`')
    .argument('<shell>')
    .action((shell: string) => {
      const make = completions[shell];
      if (make === undefined) throw new ScenarioError(`completion ${shell}: there are ${Object.keys(completions).join(', ')}`);
      print(make(program.commands.map((command) => [command.name(), command.options.map(({ long }) => long ?? '')])));
    });
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

type Known = readonly (readonly [name: string, flags: readonly string[]])[];

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are words of shells
const completions: Readonly<Record<string, (known: Known) => string>> = {
  bash: (known) =>
    [
      '_lazurite() {',
      '  local word="${COMP_WORDS[COMP_CWORD]}"',
      '  if [ "$COMP_CWORD" -eq 1 ]; then',
      `    COMPREPLY=($(compgen -W "${known.map(([name]) => name).join(' ')}" -- "$word") $(compgen -f -- "$word"))`,
      '    return',
      '  fi',
      '  case "${COMP_WORDS[1]}" in',
      ...known.map(
        ([name, flags]) => `    ${name}) COMPREPLY=($(compgen -W "${flags.join(' ')}" -- "$word") $(compgen -f -- "$word")) ;;`,
      ),
      '  esac',
      '}',
      'complete -o filenames -F _lazurite lazurite',
    ].join('\n'),
  zsh: (known) =>
    [
      '#compdef lazurite',
      '_lazurite() {',
      `  if (( CURRENT == 2 )); then compadd ${known.map(([name]) => name).join(' ')}; _files; return; fi`,
      '  case "${words[2]}" in',
      ...known.map(([name, flags]) => `    ${name}) compadd -- ${flags.join(' ')}; _files ;;`),
      '  esac',
      '}',
      'compdef _lazurite lazurite',
    ].join('\n'),
  fish: (known) =>
    known
      .flatMap(([name, flags]) => [
        `complete -c lazurite -n __fish_use_subcommand -a ${name}`,
        ...flags.map((flag) => `complete -c lazurite -n '__fish_seen_subcommand_from ${name}' -l ${flag.replace(/^--/, '')}`),
      ])
      .join('\n'),
};

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: these are words of shells

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
