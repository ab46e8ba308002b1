/** `why`: from the second vote back to the frame that was lost, without the steps of a boot unless they are asked for. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { lazuriteIn } from './command-run.ts';

const story = `scenario: a vote that was forgotten
validators: { A: 1, B: 1, C: 1, D: 1 }
nodes:
  B:
    - waitUntil: { event: vote.cast, where: { type: prevote } }
    - crash: { after: publish }
    - restart: { after: 20ms }
    - isolate: { for: 1s }
variants:
  - { name: no log, wal: none, expect: { fail: [no-equivocation] } }
  - { name: published first, break: broadcast-before-flush, expect: { fail: [write-ahead, no-equivocation] } }
`;

describe('why', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-why-'));
    writeFileSync(join(folder, 'story.yaml'), story);
  });
  after(() => rmSync(folder, { recursive: true }));

  const why = (...args: readonly string[]) => lazuriteIn(folder, ['why', 'story.yaml', ...args]);

  it('goes from the second vote over the start and the death back to the first vote and its frame', () => {
    const { stdout, status } = why();
    expect(stdout).to.match(
      /^✕ no-equivocation: .*\n {3}#\d+ .*publish +prevote\(nil\)[\s\S]*propose\/0 elapses\n[\s\S]*recovered +row replay.*\n.*↻ restart.*\n.*✕ crash[\s\S]*and before that it had said\n.*publish +prevote\(v1\.0-A\.1\).*\n.*wal\.append.*\nlost: its frame was still in the log/,
    );
    expect(stdout).to.not.match(/boot\.read|segment\.|store\.|receives/);
    expect(status).to.equal(0);
  });

  it('says what was not as expected where no property is violated', () => {
    const soon = 'scenario: soon\nvalidators: { A: 1, B: 1, C: 1, D: 1 }\nexpect:\n  - { decides: 3, within: 1ms, nodes: [A] }\n';
    writeFileSync(join(folder, 'soon.yaml'), soon);
    const { stdout, status } = lazuriteIn(folder, ['why', 'soon.yaml']);
    expect(stdout).to.match(
      /^no property is violated, but the run is not as expected:\n {2}! A did not decide height 3 within 1 ms: it decided it at \d+ ms\n$/,
    );
    expect(status).to.equal(0);
  });

  it('answers with the second vote where another property is violated too, and says where its frame was lost', () => {
    const { stdout } = why('--variant', 'published first');
    expect(stdout).to.match(/^✕ no-equivocation/);
    expect(stdout).to.match(/\nlost: its frame \(#\d+\) was in the page cache only/);
  });

  it('names the frames that a death took, where another property than one of words is violated', () => {
    const file = join(folder, 'raft.yaml');
    const point = 'B@1.1/wal.flush~1:torn';
    writeFileSync(
      file,
      `scenario: raft\nprotocol: raft\nvalidators: { A: 1, B: 1, C: 1 }\nfaults:\n  - { at: { point: '${point}' }, fault: { type: crash, nodes: [B], restartMs: 100 } }\nsafetyPhase: 400ms\nvariants:\n  - { name: x, break: raft-replies-before-flush, expect: { fail: [crash-is-pause] } }\n`,
    );
    const { stdout } = lazuriteIn(folder, ['why', 'raft.yaml']);
    expect(stdout).to.match(/^✕ [a-z-]+: [\s\S]*✕ crash[\s\S]*and before that it had written\n.*wal\.append.*\nlost: /);
  });

  it('shows each step with --all, and the causes of an event that is named', () => {
    expect(why('--all').stdout).to.match(/boot\.read[\s\S]*lost: /);
    const second = /#(\d+)/.exec(why().stdout)?.[1] ?? '';
    const named = why(second);
    expect(named.stdout).to.match(/^ {3}#\d+ .*publish +prevote\(nil\)/);
    expect(named.stdout).to.not.match(/boot\.read|lost: /);
    expect(why('999999').stderr).to.contain('has no event #999999');
  });
});
