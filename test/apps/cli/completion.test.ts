/** Completion as bash does it: commands, flags, and the values of flags; and words that are taken for commands. */
import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { lazuriteIn, root } from './command-run.ts';

describe('completion', () => {
  let script = '';
  before(() => {
    script = lazuriteIn(root, ['completion', 'bash']).stdout;
  });

  /** The words that bash offers after these; the last one is being written. */
  const offered = (...words: readonly string[]): readonly string[] => {
    const typed = ['lazurite', ...words].map((word) => `'${word}'`).join(' ');
    const source = `${script}\nCOMP_WORDS=(${typed}); COMP_CWORD=${words.length}; _lazurite; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', source], { encoding: 'utf8', cwd: root });
    expect(stderr).to.equal('');
    return stdout.trim().split('\n');
  };

  it('offers commands, flags and files', () => {
    expect(offered('crashp')).to.deep.equal(['crashpoints']);
    expect(offered('run', '--lev')).to.deep.equal(['--level']);
    expect(offered('run', 'READ')).to.deep.equal(['README.md']);
  });

  it('offers the values of a flag: choices, broken nodes, sites, kinds of events, forms', () => {
    expect(offered('run', 'x.ts', '--level', '')).to.deep.equal(['quiet', 'normal', 'wal', 'all']);
    expect(offered('crashpoints', 'x.ts', '--break', 'no-')).to.deep.equal(['no-wal', 'no-fsync']);
    expect(offered('crashpoints', '--site', 'wal.')).to.deep.equal(['wal.append', 'wal.flush', 'wal.attest']);
    expect(offered('run', '--around', 'v')).to.include.members(['violation', 'vote.cast']);
    expect(offered('run', '--reporter', 'j')).to.deep.equal(['junit']);
    expect(offered('export', 'last', '--as', 's')).to.deep.equal(['svg', 'shiviz']);
    expect(offered('replay', '--as', '')).to.deep.equal(['mocha']);
    expect(offered('explore', '--strategy', 'r')).to.deep.equal(['random']);
  });

  it('offers no flag where a value of the user is due, and none after a flag without a value', () => {
    expect(offered('run', '--record', '--')).to.deep.equal(['']);
    expect(offered('fuzz', '--around', '--see')).to.deep.equal(['--seed']);
  });

  it('offers commands within commands, and words that an argument may be', () => {
    expect(offered('wal', 'du')).to.deep.equal(['dump']);
    expect(offered('completion', '')).to.include.members(['bash', 'zsh', 'fish']);
    expect(offered('why', 'las')).to.deep.equal(['last']);
  });

  it('is complete for the other shells too: each names values', () => {
    expect(lazuriteIn(root, ['completion', 'zsh']).stdout).to.contain(
      '"run --level") compadd -- quiet normal wal all; return ;;',
    );
    expect(lazuriteIn(root, ['completion', 'fish']).stdout).to.contain("-l level -x -a 'quiet normal wal all'");
  });
});

describe('a guess', () => {
  const told = (word: string): { readonly stderr: string; readonly status: number | null } => lazuriteIn(root, [word]);

  it('is pointed to the command that does what it means', () => {
    for (const [guess, command] of [
      ['shrink', 'lazurite replay last'],
      ['minimize', 'lazurite fuzz'],
      ['crash', 'lazurite crashpoints FILE'],
      ['trace', '--trace'],
      ['lint', 'lazurite check FILE'],
    ] as const) {
      const { stderr, status } = told(guess);
      expect(stderr, guess).to.contain(`no command and no file is called '${guess}'`).and.to.contain(command);
      expect(status).to.equal(2);
    }
  });

  it('that is a misspelt command is told the command', () => {
    expect(told('replya').stderr).to.contain("did you mean 'replay'?");
    expect(told('qwertyuiop').stderr).to.contain('there is no such file or folder');
  });
});
