/** What `run` prints of a run: one line of verdict and counts, what is not held, and what became of nodes. */
import { expect } from 'chai';
import { type Printing, runText } from '../../../apps/cli/print-run.ts';
import { type RunReport, runUnit } from '../../../apps/cli/run-unit.ts';
import { type Paint, paintFor } from '../../../apps/cli/terminal.ts';
import { event, type ScenarioData, scenario } from '../../../scenarios/index.ts';

const four = { A: 1, B: 1, C: 1, D: 1 };
const plain = paintFor(() => 'never');

async function reportOf(data: ScenarioData, variant?: string): Promise<RunReport> {
  return (await runUnit({ file: 'x', data, ...(variant === undefined ? {} : { variant }) }))().run;
}

async function linesOf(data: ScenarioData, printing: Printing = {}, paint: Paint = plain): Promise<readonly string[]> {
  return runText(await reportOf(data), paint, printing).split('\n');
}

const lesson = scenario('B forgets', four)
  .node('B', (b) =>
    b
      .waitUntil(event('vote.cast', { type: 'prevote' }))
      .crash({ after: 'publish' })
      .restart({ after: '2s' })
      .isolate({ for: '2s' }),
  )
  .variants({ name: 'with the log' }, { name: 'no log', wal: 'none', expect: { fail: ['no-equivocation'] } });

describe('what run prints', () => {
  it('is one line of verdict and counts, then what is not held, then each death and each return', async () => {
    const lines = await linesOf(lesson.data);
    expect(lines[0]).to.match(
      /^✓ held {2}B forgets: with the log {2}seed 42, \d+ heights, 1 death, \d+ held, \d+ not exercised, hash [0-9A-F]{16}$/,
    );
    expect(lines.slice(1)).to.deep.equal([
      '    not exercised: lock-discipline',
      '    0.021s  B loses power at B@1.0/publish~1:after, 57 bytes lost',
      '    2.021s  B comes back: replay restored 1 vote and 1 proposal from 3 frames',
    ]);
  });

  it('names what held only where it is asked for', async () => {
    expect((await linesOf(lesson.data)).join('\n')).to.not.contain('agreement');
    expect((await linesOf(lesson.data, { isFull: true })).join('\n')).to.match(/\n {4}held: no-exception.*agreement/);
  });

  it('says why a property is violated that is expected to be, before the deaths', async () => {
    const text = runText(await reportOf(lesson.data, 'no log'), plain);
    expect(text).to.match(/^✓ violated .* 1 violated, .*\n {4}violated: no-equivocation: B sent .* and then /);
    expect(text).to.match(/violated: no-equivocation[\s\S]*not exercised: [\s\S]*off: write-ahead[\s\S]*B loses power/);
    expect(text).to.contain('B comes back, and its log has nothing to replay');
  });

  it('does not call a run held that is not as the scenario expects', async () => {
    const data = { ...lesson.data, variants: [{ name: 'with the log', expect: { fail: ['agreement' as const] } }] };
    expect((await linesOf(data))[0]).to.match(/^✕ not as expected {2}B forgets/);
  });

  it('says a violation that is a complaint once', async () => {
    const surprised = { ...lesson.data, variants: [{ name: 'no log', wal: 'none' as const }] };
    const text = (await linesOf(surprised)).join('\n');
    expect(text.match(/no-equivocation/g)).to.have.length(1);
    expect(text).to.contain('! no-equivocation was violated: B sent');
  });

  it('counts in the words of the protocol', async () => {
    const raft = scenario('a follower dies', { A: 1, B: 1, C: 1 })
      .protocol('raft')
      .node('B', (b) =>
        b
          .waitUntil(event('committed', { index: 2 }))
          .crash({ after: 'publish' })
          .restart({ after: '300ms' }),
      )
      .until({ time: '2s' });
    const text = (await linesOf(raft.data)).join('\n');
    expect(text).to.match(/\d+ entries, 1 death/);
    expect(text).to.match(/B comes back: replay restored 1 vote from \d+ frames/);
    expect(text).to.not.match(/height|lock|proposal/);
  });

  it('fits the width of the terminal, colours aside, and breaks no word', async () => {
    const coloured = await linesOf(
      lesson.data,
      { width: 60, isFull: true },
      paintFor(() => 'always'),
    );
    const bare = coloured.map((line) => line.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g'), ''));
    expect(Math.max(...bare.map((line) => line.length))).to.be.within(45, 60);
    expect(bare.join(' ')).to.match(/hash [0-9A-F]{16}/);
    expect(bare.filter((line) => line.startsWith('        '))).to.not.be.empty;
    const whole = await linesOf(lesson.data, { isFull: true });
    expect(bare.join(' ').split(/ +/)).to.deep.equal(whole.join(' ').split(/ +/));
  });

  it('says for how long nobody decided, and which voting power was missing', async () => {
    const { data } = scenario('half is down', { A: 50, B: 50 }).node('A', (a) =>
      a
        .waitUntil(event('height.start', { height: 2 }))
        .crash()
        .restart({ after: '30s' }),
    );
    const text = (await linesOf(data)).join('\n');
    expect(text).to.match(
      /0\.\d+s {2}nothing is decided until 30\.\d+s: 50 of 100 voting power is up, 67 needed \(A is down\)\n.*30\.\d+s {2}A comes back/,
    );
    const short = await linesOf({ ...data, until: { timeMs: 5000 } });
    expect(short.join('\n')).to.not.contain('nothing is decided');
  });

  it('says it once where it is a complaint, and without a reason where enough power is there', async () => {
    const down = scenario('half stays down', { A: 50, B: 50 }).node('A', (a) =>
      a
        .waitUntil(event('height.start', { height: 2 }))
        .crash()
        .stayDown(),
    );
    const text = (await linesOf(down.data)).join('\n');
    expect(text.match(/50 of 100 voting power is up, 67 needed \(A is down\)/g)).to.have.length(1);
    const ended = (await linesOf(down.until({ time: '40s' }).data)).join('\n');
    expect(ended).to.match(/nothing is decided to the end of the run: 50 of 100 voting power is up, 67 needed/);
    const mute = scenario('nobody hears a vote', four)
      .fault({ time: 0 }, { type: 'rule', where: { type: 'prevote' }, fate: 'lost' })
      .until({ time: '20s' });
    expect((await linesOf(mute.data)).join('\n')).to.match(/nothing is decided to the end of the run$/m);
  });

  it('names a node that is up and was left behind, with the reason', async () => {
    const cut = scenario('D hears nobody', four)
      .partition([['D'], ['A', 'B', 'C']], { at: { time: '100ms' } })
      .until({ time: '5s' });
    const text = (await linesOf(cut.data)).join('\n');
    expect(text).to.match(/D is left behind: it has decided \d+, and others \d+: a partition keeps every message from it\./);
    const healthy = (await linesOf(scenario('all is well', four).until({ time: '5s' }).data)).join('\n');
    expect(healthy).to.not.contain('left behind');
  });
});
