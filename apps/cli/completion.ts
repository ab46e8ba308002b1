/** `completion`: what a shell needs to complete the command, its flags and their values, generated from the command itself. */
import type { Command } from 'commander';
import { ScenarioError } from '../../scenarios/index.ts';
import { type KnownCommand, type KnownFlag, knownCommands } from './completion-values.ts';

export function completionCommand(program: Command, print: (text: string) => void): void {
  program
    .command('completion')
    .description('completion for a shell: bash, zsh or fish; `source <(lazurite completion bash)`')
    .argument('<shell>')
    .action((shell: string) => {
      const make = Object.hasOwn(completions, shell) ? completions[shell] : undefined;
      if (make === undefined) throw new ScenarioError(`completion ${shell}: there are ${Object.keys(completions).join(', ')}`);
      print(make(knownCommands(program)));
    });
}

function listed(words: readonly string[]): string {
  return words.join(' ');
}

function names(known: readonly KnownCommand[]): string {
  return listed(known.map(({ name }) => name));
}

function flagsOf({ flags }: KnownCommand): readonly string[] {
  return flags.map(({ long }) => long);
}

/** Flags with values that are known, each with its command. */
function valued(known: readonly KnownCommand[]): readonly (readonly [command: string, flag: KnownFlag])[] {
  return known.flatMap(({ name, flags }) => flags.filter(({ values }) => values.length > 0).map((flag) => [name, flag] as const));
}

/** Flags whose values are files, numbers or the user's own words. */
function unlisted(known: readonly KnownCommand[]): readonly string[] {
  return known.flatMap(({ name, flags }) =>
    flags.filter(({ takesValue, values }) => takesValue && values.length === 0).map(({ long }) => `"${name} ${long}"`),
  );
}

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: these are words of shells
const completions: Readonly<Record<string, (known: readonly KnownCommand[]) => string>> = {
  bash: (known) =>
    [
      '_lazurite() {',
      '  local word="${COMP_WORDS[COMP_CWORD]}"',
      '  if [ "$COMP_CWORD" -eq 1 ]; then',
      `    COMPREPLY=($(compgen -W "${names(known)}" -- "$word") $(compgen -f -- "$word"))`,
      '    return',
      '  fi',
      '  case "${COMP_WORDS[1]} ${COMP_WORDS[COMP_CWORD-1]}" in',
      ...valued(known).map(
        ([name, { long, values }]) =>
          `    "${name} ${long}") COMPREPLY=($(compgen -W "${listed(values)}" -- "$word")); return ;;`,
      ),
      `    ${unlisted(known).join('|')}) COMPREPLY=($(compgen -f -- "$word")); return ;;`,
      '  esac',
      '  case "${COMP_WORDS[1]}" in',
      ...known.map(
        (one) =>
          `    ${one.name}) COMPREPLY=($(compgen -W "${listed([...one.words, ...flagsOf(one)])}" -- "$word") $(compgen -f -- "$word")) ;;`,
      ),
      '  esac',
      '}',
      'complete -o filenames -F _lazurite lazurite',
    ].join('\n'),
  zsh: (known) =>
    [
      '#compdef lazurite',
      '_lazurite() {',
      `  if (( CURRENT == 2 )); then compadd ${names(known)}; _files; return; fi`,
      '  case "${words[2]} ${words[CURRENT-1]}" in',
      ...valued(known).map(([name, { long, values }]) => `    "${name} ${long}") compadd -- ${listed(values)}; return ;;`),
      `    ${unlisted(known).join('|')}) _files; return ;;`,
      '  esac',
      '  case "${words[2]}" in',
      ...known.map((one) => `    ${one.name}) compadd -- ${listed([...one.words, ...flagsOf(one)])}; _files ;;`),
      '  esac',
      '}',
      'compdef _lazurite lazurite',
    ].join('\n'),
  fish: (known) =>
    known
      .flatMap(({ name, flags, words }) => {
        const within = `complete -c lazurite -n '__fish_seen_subcommand_from ${name}'`;
        return [
          `complete -c lazurite -n __fish_use_subcommand -a ${name}`,
          ...(words.length === 0 ? [] : [`${within} -a '${listed(words)}'`]),
          ...flags.map(({ long, takesValue, values }) => {
            const flag = `${within} -l ${long.replace(/^--/, '')}`;
            if (values.length > 0) return `${flag} -x -a '${listed(values)}'`;
            return takesValue ? `${flag} -r` : flag;
          }),
        ];
      })
      .join('\n'),
};

// biome-ignore-end lint/suspicious/noTemplateCurlyInString: these are words of shells
