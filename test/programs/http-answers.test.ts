/** Acknowledgements by HTTP answers: an answer counts from the moment at which its last byte left the server, and not from when somebody had it. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  judgeCommand,
  type RecordedBy,
  type RecordedCommand,
  RecordingError,
  recordCommand,
  reportLines,
  type StatesReport,
} from '../../programs/index.ts';
import { answerMarks } from '../../programs/recording/answer-marks.ts';
import { type HttpAnswer, keptBytes } from '../../programs/recording/http-proxy.ts';
import { command } from '../apps/cli/command-run.ts';

const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).stdout?.trim() ?? '';
const hasStrace = process.platform === 'linux' && spawnSync('strace', ['true']).status === 0;

/** Appends each body to a log; with `early` it answers before the sync, in one go. */
const inNode = `import fs from 'node:fs';
import { createServer } from 'node:http';
const [port, how] = process.argv.slice(2);
const fd = fs.openSync('data/log', 'a');
const folder = fs.openSync('data', 'r');
fs.fsyncSync(folder);
createServer(async (request, response) => {
  let body = '';
  for await (const part of request) body += part;
  if (request.url === '/refused') return response.writeHead(409).end('no');
  if (request.url === '/hangs-up') return response.writeHead(200, { 'content-length': 9 }).write('half', () => request.socket.destroy());
  fs.writeSync(fd, body + '\\n');
  if (how === 'early') response.end('kept');
  fs.fsyncSync(fd);
  if (how !== 'early') response.end('kept');
}).listen(Number(port), () => console.log('listening'));
`;
const inPython = `import os, sys
from http.server import BaseHTTPRequestHandler, HTTPServer
log = open('data/log', 'ab', buffering=0)
folder = os.open('data', os.O_RDONLY)
os.fsync(folder)
class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        log.write(self.rfile.read(int(self.headers['content-length'])) + b'\\n')
        if 'early' in sys.argv:
            self.answer()
        os.fsync(log.fileno())
        if 'early' not in sys.argv:
            self.answer()
    def answer(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'kept')
    def log_message(self, *args):
        pass
HTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
`;
/** The server of `inNode` in another process, or in a worker thread. */
const inCluster = `import cluster from 'node:cluster';
if (cluster.isPrimary) {
  cluster.fork();
  process.on('SIGTERM', () => process.exit());
} else await import('./server.mjs');
`;
const inWorker = `import { Worker } from 'node:worker_threads';
new Worker(new URL('server.mjs', import.meta.url), { argv: process.argv.slice(2) });
`;
const client = `for (const body of ['one', 'two']) {
  const answer = await fetch(process.env.LAZURITE_HTTP + '/add?a=1', { method: 'POST', body });
  if ((await answer.text()) !== 'kept') process.exit(1);
}
`;
const check = `import fs from 'node:fs';
const bodies = fs.readFileSync(0, 'utf8').split('\\n').filter(Boolean).map((line) => JSON.parse(line).body);
const log = fs.existsSync('data/log') ? fs.readFileSync('data/log', 'utf8').split('\\n') : [];
const lost = bodies.filter((body) => !log.includes(body));
if (lost.length > 0) {
  console.error('lost: ' + lost.join());
  process.exit(1);
}
`;

describe('an HTTP answer acknowledges', function () {
  this.timeout(120_000);
  let folder: string;
  let port: number;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lazurite-http-'));
    for (const [name, text] of Object.entries({
      'server.mjs': inNode,
      'server.py': inPython,
      'cluster.mjs': inCluster,
      'worker.mjs': inWorker,
      'client.mjs': client,
      'check.mjs': check,
    }))
      writeFileSync(join(folder, name), text);
    const probe = createTcpServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    port = (probe.address() as AddressInfo).port;
    await new Promise((resolve) => probe.close(resolve));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  for (const [name, how, verdict] of [
    ['cluster.mjs', 'after', 'held'],
    ['cluster.mjs', 'early', 'violated'],
    ['worker.mjs', 'after', 'held'],
    ['worker.mjs', 'early', 'violated'],
  ] as const)
    it(`node by node, the server in ${name}: an answer ${how === 'early' ? 'just before' : 'after'} the sync is ${verdict}`, async () => {
      const recorded = await record(['node', name, String(port), how], 'node');
      expect(marksOf(recorded)).to.have.length(2);
      const report = await judge(recorded);
      expect(report.verdict, reportLines(report).join('\n')).to.equal(verdict);
    });

  const record = (server: readonly string[], by: RecordedBy, drive = 'node client.mjs'): Promise<RecordedCommand> =>
    recordCommand({
      command: server,
      folder: 'data',
      workingFolder: folder,
      by,
      http: { port, drive },
      onOutput: () => undefined,
    });
  const judge = ({ record: made }: RecordedCommand): Promise<StatesReport> =>
    judgeCommand(made, { recover: 'node check.mjs', fileSystems: ['posix-weakest'], states: 60 });
  const marksOf = ({ record: made }: RecordedCommand): readonly Record<string, unknown>[] =>
    made.calls.flatMap(({ call }) => (call.op === 'acknowledge' ? [JSON.parse(String(call.value))] : []));

  for (const [language, by] of [
    ['node', 'node'],
    ['node', 'strace'],
    ['python', 'strace'],
  ] as const)
    for (const how of ['after', 'early'] as const)
      it(`${language} by ${by}: an answer ${how === 'early' ? 'just before the sync is red' : 'after the sync is green'}`, async function () {
        if (by === 'strace' && !hasStrace) this.skip();
        if (language === 'python' && python === '') this.skip();
        const start = language === 'node' ? ['node', 'server.mjs'] : [python, 'server.py'];
        const recorded = await record([...start, String(port), how], by);
        expect(recorded.driveExit).to.equal(0);
        expect(marksOf(recorded)).to.deep.equal(
          ['one', 'two'].map((body) => ({ method: 'POST', path: '/add?a=1', status: 200, body, answer: 'kept' })),
        );
        const report = await judge(recorded);
        expect(report.verdict, reportLines(report).join('\n')).to.equal(how === 'early' ? 'violated' : 'held');
        if (how === 'early') expect(report.findings[0]?.losses.join()).to.match(/a write of 4 bytes to log is lost/);
      });

  it('only where it is complete and says 2xx: refusals, half answers and lines of output are no marks, and the run is untested', async () => {
    const url = '$LAZURITE_HTTP';
    const fetches = ['/refused', '/hangs-up'].map((path) => `fetch(process.env.LAZURITE_HTTP + '${path}').then((a) => a.text())`);
    writeFileSync(join(folder, 'other.mjs'), `await Promise.allSettled([${fetches.join()}]);`);
    const recorded = await record(['node', 'server.mjs', String(port)], 'node', `node other.mjs && test -n "${url}"`);
    expect(recorded.driveExit).to.equal(0);
    expect(marksOf(recorded)).to.deep.equal([]);
    const report = await judge(recorded);
    expect(report.verdict).to.equal('untested');
    expect(report.reasons.join()).to.match(/the run acknowledged nothing/);
  });

  it('requests that do not come through the proxy are no marks', async () => {
    const direct = `fetch('http://127.0.0.1:${port}/add', { method: 'POST', body: 'x' }).then((a) => a.text())`;
    writeFileSync(join(folder, 'direct.mjs'), `await ${direct};`);
    const recorded = await record(['node', 'server.mjs', String(port)], 'node', 'node direct.mjs');
    expect((await judge(recorded)).verdict).to.equal('untested');
  });

  it('keeps the first 64 KiB of a body, and its length', async () => {
    const body = "'a'.repeat(100_000)";
    writeFileSync(
      join(folder, 'large.mjs'),
      `await fetch(process.env.LAZURITE_HTTP, { method: 'PUT', body: ${body} }).then((a) => a.text());`,
    );
    const [mark] = marksOf(await record(['node', 'server.mjs', String(port)], 'node', 'node large.mjs'));
    expect(String(mark?.['body']).length).to.equal(keptBytes);
    expect(mark?.['bodyBytes']).to.equal(100_000);
  });

  it('whose bytes the recorder did not see, or whose connection served two answers, makes it undecided', () => {
    const kept = { text: '', bytes: 0 };
    const answer: HttpAnswer = { method: 'PUT', path: '/', status: 200, body: kept, answer: kept, connection: 7, sentBytes: 10 };
    const write = { connection: 7, begin: 1, end: 2, process: 'a', bytes: 9 };
    const opsOf = (...args: Parameters<typeof answerMarks>): readonly string[] => answerMarks(...args).map(({ call }) => call.op);
    expect(opsOf([answer], [write])).to.deep.equal(['unseen']);
    expect(opsOf([answer], [write, { ...write, begin: 3 }])).to.deep.equal(['acknowledge']);
    expect(answerMarks([answer], [{ ...write, begin: 3 }, write])[0]?.begin).to.equal(3);
    expect(opsOf([answer, answer], [write, write, write])).to.deep.equal(['unseen', 'unseen']);
  });

  it('refuses a port that is taken, a program that ends before it listens, and flags that make no sense', async () => {
    const other = createServer().listen(port, '127.0.0.1');
    await once(other, 'listening');
    const taken = await record(['node', 'server.mjs', String(port)], 'node').catch((error: unknown) => error);
    expect(taken)
      .to.be.instanceOf(RecordingError)
      .with.property('message')
      .that.matches(/another program listens on port \d+ already/);
    await new Promise((resolve) => other.close(resolve));
    const ended = await record(['node', '-e', 'process.exit(7)'], 'node').catch((error: unknown) => error);
    expect(ended)
      .to.be.instanceOf(RecordingError)
      .with.property('message')
      .that.matches(/ended with 7 before it listened on port/);
    for (const [flags, words] of [
      [['--drive', 'true'], /give its port with --acknowledge-http/],
      [['--acknowledge-http', '0'], /give a port from 1 to 65535/],
    ] as const) {
      const args = [...command, 'record', '--state', 'data', ...flags, '--', 'node', 'server.mjs'];
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
      expect(status, stderr).to.equal(2);
      expect(stderr).to.match(words);
    }
  });

  it('without --drive: says where requests go, and writes the record when it is interrupted', async () => {
    const args = [
      ...command,
      'record',
      '--state',
      'data',
      '--acknowledge-http',
      String(port),
      '--',
      'node',
      'server.mjs',
      String(port),
    ];
    const recording = spawn(process.execPath, args, { cwd: folder, env: { ...process.env, NODE_OPTIONS: '' } });
    let said = '';
    const address = await new Promise<string>((resolve) => {
      recording.stdout.on('data', (text: Buffer) => {
        said += text.toString();
        const [, found] = /send requests to (\S+): /.exec(said) ?? [];
        if (found !== undefined) resolve(found);
      });
    });
    expect(await (await fetch(address, { method: 'POST', body: 'one' })).text()).to.equal('kept');
    recording.kill('SIGINT');
    const [exit] = await once(recording, 'close');
    expect(exit, said).to.equal(0);
    expect(said).to.match(/lazurite\.record: \d+ calls on data, 1 acknowledged answers$/m);
    expect(existsSync(join(folder, 'lazurite.record'))).to.equal(true);
  });
});
