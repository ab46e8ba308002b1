/** docs/reference/commands.md: what each command says of itself under `--help`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');
const built = join(root, 'dist/apps/cli/main.js');

function help(...command: readonly string[]): string {
  const { stdout, stderr } = spawnSync(process.execPath, [built, ...command, '--help'], {
    encoding: 'utf8',
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', COLUMNS: '100' },
  });
  if (stdout === '') throw new Error(`lazurite ${command.join(' ')} --help printed nothing: ${stderr}`);
  return stdout.trimEnd();
}

/** The names of the commands that a help text lists. */
function commandsIn(text: string): readonly string[] {
  const [, list = ''] = text.split('\nCommands:\n');
  const names = [...list.matchAll(/^ {2}(\S+)/gm)].map(([, name = '']) => name.split('|')[0] ?? '');
  return names.filter((name) => name !== 'help');
}

export function commandsPage(): string {
  const whole = help();
  const sections = commandsIn(whole).flatMap((name) => {
    const text = help(name);
    const inner = commandsIn(text).map((second) => section(`${name} ${second}`, help(name, second)));
    return [section(name, text), ...inner];
  });
  return `# Commands

\`npm run reference\` writes this page from the commands' own help.

Exit codes: 0 as expected, 1 violated, 2 wrong input, 3 undecided, 4 nothing matched, 5 another hash than named, 70 a bug of Lazurite, 130 interrupted.

${section('', whole)}
${sections.join('\n')}`;
}

function section(name: string, text: string): string {
  return `## ${`lazurite ${name}`.trimEnd()}\n\n\`\`\`\n${text}\n\`\`\`\n`;
}
