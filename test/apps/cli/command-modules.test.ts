/** The table of command modules: each module defines the commands that the table names, and a command line loads no more than it needs. */

import { expect } from 'chai';
import { Command } from 'commander';
import { commandModules, neededModules } from '../../../apps/cli/command-modules.ts';
import { type Print, paintFor } from '../../../apps/cli/terminal.ts';

const print: Print = Object.assign(() => undefined, { asIs: () => undefined });

describe('the modules of the commands', () => {
  for (const { names, define } of commandModules)
    it(`define ${names.join(', ')}, and nothing else`, async () => {
      const program = new Command();
      await define(
        program,
        print,
        paintFor(() => 'never'),
      );
      expect(program.commands.map((command) => command.name())).to.have.members(names);
    });

  it('are loaded for their own commands alone', () => {
    expect(neededModules('diff', false).map(({ names }) => names)).to.deep.equal([['why', 'diff']]);
    expect(neededModules('--version', false)).to.deep.equal([]);
    // The first word may be a path, a guess or a flag; a configuration may name any command; completion lists them all.
    for (const [word, needsAll] of [
      ['scenarios/a.yaml', false],
      [undefined, false],
      ['run', true],
      ['completion', false],
    ] as const)
      expect(neededModules(word, needsAll)).to.deep.equal(commandModules);
  });
});
