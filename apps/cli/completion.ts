/** `completion`: what a shell needs to complete the command, generated from the command itself. */
import type { Command } from 'commander';
import { ScenarioError } from '../../scenarios/index.ts';

export function completionCommand(program: Command, print: (text: string) => void): void {
  program
    .command('completion')
    .description('completion for a shell: bash, zsh or fish; `source <(lazurite completion bash)`')
    .argument('<shell>')
    .action((shell: string) => {
      const make = Object.hasOwn(completions, shell) ? completions[shell] : undefined;
      if (make === undefined) throw new ScenarioError(`completion ${shell}: there are ${Object.keys(completions).join(', ')}`);
      print(make(program.commands.map((command) => [command.name(), command.options.map(({ long }) => long ?? '')])));
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
