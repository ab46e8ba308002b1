/** All readers of data that is not ours: what each is given to begin with, how it reads, and the errors by which it may refuse. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeBlock, PayloadError } from '../../actors/node/index.ts';
import { parsePoint } from '../../actors/scheduler/index.ts';
import { decodeDecision, decodeInput } from '../../actors/tendermint/codec.ts';
import { checkedFailure, parseFailure } from '../../apps/cli/failure-file.ts';
import { drawnCase, fuzzSeeds, namedCase, planOf } from '../../campaigns/index.ts';
import { queuedUnits, readCampaign, readResult, readUnit, writtenCampaign } from '../../runtime/campaign/queued-data.ts';
import { decodeWire, encodeWire } from '../../runtime/wire/wire-data.ts';
import { formatToken, parseToken, runScenario, type ScenarioData, ScenarioError, scenarioHash } from '../../scenarios/index.ts';
import { parseScenario } from '../../scenarios/yaml.ts';
import {
  comparePolicies,
  type Engine,
  inspectLog,
  judgeFile,
  parseImage,
  planBoot,
  RecoveryError,
  sourceOf,
} from '../../wal/index.ts';

interface ReaderOf<Input> {
  readonly name: string;
  readonly samples: readonly Input[];
  readonly read: (input: Input) => unknown;
  /** Errors that it may throw. */
  readonly refuses: readonly (abstract new (
    ...parts: never[]
  ) => Error)[];
  /** How often it comes in a round. */
  readonly share: number;
}

export type Reader = (ReaderOf<Uint8Array> & { readonly kind: 'bytes' }) | (ReaderOf<string> & { readonly kind: 'text' });

const shipped = (folder: string): readonly string[] =>
  readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
const texts = shipped('scenarios/yaml');
const plain = parseScenario(readFileSync('scenarios/yaml/four-validators.yaml', 'utf8'), 'four-validators.yaml');

/** What a run writes and sends. */
const seen = collected(plain);
const payloads = seen.files.flatMap((bytes) =>
  judgeFile('wal/1.1.wal', { height: 1, life: 1 }, sourceOf(bytes)).frames.map(({ offset, length }) =>
    bytes.slice(offset, offset + length),
  ),
);

function collected(data: ScenarioData): { readonly files: readonly Uint8Array[]; readonly frames: readonly Uint8Array[] } {
  const files = new Map<string, number[]>();
  const frames: Uint8Array[] = [];
  const { world } = runScenario({ ...data, until: { timeMs: 150 } }, { record: true });
  for (const event of world.trace.events()) {
    if (event.type !== 'effect') continue;
    const { effect } = event;
    if (effect.type === 'transmit' && frames.length < 400) frames.push(encodeWire(effect.data));
    if (effect.type !== 'disk' || effect.operation.type !== 'append') continue;
    const file = `${event.node} ${effect.operation.file}`;
    files.set(file, [...(files.get(file) ?? []), ...effect.operation.bytes]);
  }
  return { files: [...files.values()].map((bytes) => Uint8Array.from(bytes)), frames };
}

function filesIn(folder: string): readonly Uint8Array[] {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return names
    .map((entry) => new Uint8Array(readFileSync(join(entry.parentPath, entry.name))))
    .filter(({ length }) => length < 20_000);
}

const foreign = filesIn('test/conformance/data/wal');

const log = (name: string, engine: Engine | undefined, samples: readonly Uint8Array[], share: number): Reader => ({
  kind: 'bytes',
  name,
  samples,
  read: (bytes) => [inspectLog('1.1.wal', bytes, engine), comparePolicies(engine, '1.1.wal', bytes)],
  refuses: [],
  share,
});

function boot(bytes: Uint8Array): unknown {
  const contents = new Map([
    ['wal/1.1.wal', sourceOf(bytes)],
    ['blocks/blocks.1.wal', sourceOf(bytes)],
  ]);
  return planBoot(contents, {
    attest: 'next',
    salt: 1,
    keepBlocks: 2,
    heightOf: (block) => decodeBlock(block).height,
    understands: (kind, payload) => {
      if (kind === 'block') decodeBlock(payload);
      else if (kind === 'decided') decodeDecision(payload);
      else decodeInput(payload);
      return true;
    },
    blockAfter: () => new Uint8Array(8),
  });
}

const hash = scenarioHash(plain);
const tokens = ['B@1.0/wal.flush~1:after', 'to3000ms/37ms/B@2.0/publish~1:torn/cut=12,names=10', 'fuzz', 'around', 'toh8r2'].map(
  (what) => formatToken({ scenario: hash, seed: 7, variant: undefined, exhibit: 'no-wal', what }),
);

/** The check digits are made to fit, so that what is in a token is read. */
function readToken(text: string): unknown {
  const name = parseToken(text);
  const [, body] = /^(t1\..*)\.[^.]*$/.exec(text) ?? [];
  const fitting = body === undefined || name !== 'wrong' ? name : parseToken(refit(body));
  parsePoint(text);
  parseImage(text);
  return typeof fitting === 'object' ? namedCase(plain, fitting) : fitting;
}

/** The same token with the digits that fit: there are 65,536, and `formatToken` knows which. */
function refit(body: string): string {
  const [, scenario = '', seed = '0', variant = '-', exhibit = '-', ...what] = body.split('.');
  const named = { variant: variant === '-' ? undefined : Number(variant), exhibit: exhibit === '-' ? undefined : exhibit };
  return formatToken({ scenario, seed: Number(seed), ...named, what: what.join('.') === '-' ? undefined : what.join('.') });
}

const failures = [1, 2, 3].map((seed) =>
  JSON.stringify(
    {
      version: 1,
      id: 'a-record',
      scenario: drawnCase.fuzz(plain, seed),
      seed,
      hash: '0123456789ABCDEF',
      properties: ['agreement'],
      message: 'x',
    },
    null,
    1,
  ),
);

/** What goes through a queue: a campaign, a unit, a result. */
const queuedPlan = planOf(plain, { version: '1', kind: 'fuzz', exhibit: 'no-wal', first: 1, runs: 3, unit: 1 });
const queued = [
  writtenCampaign({ plan: queuedPlan, data: plain }),
  ...queuedUnits(queuedPlan).map((unit) => JSON.stringify(unit)),
  ...[1, 2].map((seed) => JSON.stringify(fuzzSeeds(plain, [seed], { exhibit: 'no-wal' }))),
];

function readQueued(text: string): unknown {
  if (text.includes('"plan"')) return readCampaign(text, 'campaign');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return text.includes('"deaths"') ? readResult(value, { from: 1, count: 1 }) : readUnit(value, queuedPlan);
}

export const readers: readonly Reader[] = [
  log('own log', 'lazurite', seen.files, 20),
  log('a log of Malachite', 'malachite', foreign, 10),
  log('a log of CometBFT', 'cometbft', foreign, 10),
  log('a log of any engine', undefined, [...foreign, ...seen.files], 10),
  { kind: 'bytes', name: 'boot', samples: seen.files, read: boot, refuses: [RecoveryError], share: 20 },
  { kind: 'bytes', name: 'an input', samples: payloads, read: decodeInput, refuses: [PayloadError], share: 40 },
  { kind: 'bytes', name: 'a decision', samples: payloads, read: decodeDecision, refuses: [PayloadError], share: 30 },
  { kind: 'bytes', name: 'a block', samples: payloads, read: decodeBlock, refuses: [PayloadError], share: 20 },
  { kind: 'bytes', name: 'a message of a peer', samples: seen.frames, read: decodeWire, refuses: [], share: 40 },
  { kind: 'text', name: 'what is in a queue', samples: queued, read: readQueued, refuses: [ScenarioError], share: 10 },
  { kind: 'text', name: 'a token', samples: tokens, read: readToken, refuses: [ScenarioError], share: 20 },
  {
    kind: 'text',
    name: 'a scenario',
    samples: texts,
    read: (text) => parseScenario(text, 'it.yaml'),
    refuses: [ScenarioError],
    share: 6,
  },
  {
    kind: 'text',
    name: 'a failure file or record',
    samples: failures,
    read: (text) => checkedFailure(parseFailure(text, 'it.json'), 'it.json'),
    refuses: [ScenarioError],
    share: 6,
  },
];
