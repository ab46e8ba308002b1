/** Prints a scenario as TypeScript: as a scenario file, or as a mocha test. Parts that TypeScript cannot express are refused. */

import { own } from '../core/own.ts';
import { writtenApplication } from './application-rule.ts';
import { writtenBlockTime } from './block-time.ts';
import { durationText, writtenDuration } from './duration.ts';
import { ScenarioError } from './error.ts';
import { liesOf } from './lies.ts';
import type { Absence, ScenarioData, ScriptStep } from './model.ts';
import type { Moment } from './moments.ts';
import { writtenStore } from './own-store.ts';
import { plainFullNodes } from './sync-only.ts';
import { writtenTiming } from './timing.ts';

/** The TypeScript file of a scenario. Throws `ScenarioError` for a step that has no spelling in TypeScript. */
export function scenarioSource(data: ScenarioData): string {
  const names = [...new Set(imports(data))].sort();
  return `import { ${names.join(', ')} } from 'lazurite';\n\nexport default ${expression(data)};\n`;
}

/** The mocha test of a scenario. `properties`: the violated ones, which the test requires to hold. */
export function mochaSource(data: ScenarioData, properties: readonly string[]): string {
  const names = [...new Set(imports(data))].sort();
  return [
    "import { expect } from 'chai';",
    `import { ${names.join(', ')} } from 'lazurite';`,
    '',
    `describe(${text(data.name)}, () => {`,
    `  it(${text(`holds ${properties.join(', ')}`)}, () => {`,
    `    const run = ${expression(data).replaceAll('\n', '\n    ')}.run();`,
    `    const violated = run.properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => name);`,
    '    expect(violated).to.deep.equal([]);',
    '  });',
    '});',
    '',
  ].join('\n');
}

/** The functions by which scripts name properties. */
const named: Readonly<Record<string, string>> = {
  agreement: 'agreement',
  validity: 'validity',
  'no-equivocation': 'noEquivocation',
  'lock-discipline': 'lockDiscipline',
  'write-ahead': 'writeAhead',
  'replay-equivalence': 'replayEquivalence',
};

function imports({ scripts, decides, absences = [], about = [] }: ScenarioData): readonly string[] {
  const hasMoments =
    Object.values(scripts).some((steps) => steps.some((step) => 'moment' in step)) ||
    absences.some(({ moment }) => moment !== undefined);
  const properties = about.flatMap((property) => own(named, property) ?? []);
  const absent = absences.map(({ moment }) => (moment === undefined ? 'decidesNothing' : 'never'));
  return ['scenario', ...(hasMoments ? ['event'] : []), ...(decides.length > 0 ? ['decides'] : []), ...absent, ...properties];
}

function expression(data: ScenarioData): string {
  const calls: string[] = [];
  const call = (method: string, ...values: readonly unknown[]): void => {
    calls.push(`  .${method}(${values.map(literal).join(', ')})`);
  };
  if (data.description !== '') call('describe', data.description);
  call('seed', data.seed);
  if (data.protocol !== undefined && data.raft === undefined) call('protocol', data.protocol);
  if (data.raft !== undefined) call('raft', data.raft);
  if (plainFullNodes(data).length > 0) call('fullNodes', ...plainFullNodes(data));
  if (data.syncOnly !== undefined) call('syncOnly', ...data.syncOnly);
  for (const [name, holds] of Object.entries(data.standbys ?? {})) call('standby', name, holds);
  for (const [name, { refuses }] of Object.entries(data.signers ?? {}))
    call('signer', name, ...(refuses === undefined ? [] : [{ refuses }]));
  for (const { from, powers } of data.validatorSets) call('validators', from, powers);
  if (Object.keys(data.network).length > 0) call('network', data.network);
  if (data.topology !== 'mesh') call('topology', data.topology);
  for (const rule of data.timings ?? []) {
    const { nodes, from, ...timing } = writtenTiming(rule);
    const scope = literal({ nodes, from });
    calls.push(`  .timeouts(${literal(timing)}${scope === '{}' ? '' : `, ${scope}`})`);
  }
  for (const rule of data.application ?? []) {
    const { does, ...scope } = writtenApplication(rule);
    call('application', does, ...(literal(scope) === '{}' ? [] : [scope]));
  }
  for (const [node, change] of Object.entries(data.reconfigured ?? {})) call('reconfigured', node, change);
  if (data.sync !== undefined) call('sync', data.sync.isOff === true ? 'off' : data.sync);
  if (data.gst !== undefined) call('gst', durationText(data.gst.timeMs), durationText(data.gst.boundMs));
  for (const [place, node] of Object.entries(data.proposers)) call('proposer', ...place.split('.').map(Number), node);
  if (data.lostSectors !== undefined) call('disk', { lostSectors: data.lostSectors });
  const application = {
    ...(data.valueBytes === 16 ? {} : { valueBytes: data.valueBytes }),
    keepBlocks: data.keepBlocks,
    ...writtenStore(data.ownStore),
  };
  if (literal(application) !== '{}') call('app', application);
  if (data.finalizationMs !== undefined) call('finalization', durationText(data.finalizationMs));
  if (data.blockTime !== undefined) {
    const written = writtenBlockTime(data.blockTime);
    call('blockTime', ...(written.clocks === undefined ? [] : [written]));
  }
  if (data.voteExtensions !== undefined) call('voteExtensions', ...(data.voteExtensions.from === 1 ? [] : [data.voteExtensions]));
  const log = {
    ...(data.attest === 'next' ? {} : { attest: data.attest }),
    ...(data.onCorrupt === 'halt' ? {} : { onCorrupt: data.onCorrupt }),
    ...(data.replayDelayMs === undefined ? {} : { replayDelay: durationText(data.replayDelayMs) }),
  };
  if (Object.keys(log).length > 0) call('wal', log);
  for (const [node, lies] of Object.entries(data.byzantine))
    for (const { role, ...scope } of liesOf(lies)) call('byzantine', node, role, ...(literal(scope) === '{}' ? [] : [scope]));
  for (const { trigger, fault } of data.faults)
    call('fault', 'timeMs' in trigger ? { time: durationText(trigger.timeMs) } : trigger, fault);
  if (data.safetyMs !== undefined) call('safetyPhase', durationText(data.safetyMs));
  for (const [node, steps] of Object.entries(data.scripts)) {
    const lines = steps.map((step) => `\n      ${stepCall(step, data.name)}`).join('');
    calls.push(`  .node(${text(node)}, (node) =>\n    node${lines},\n  )`);
  }
  if (data.variants.length > 0) call('variants', ...data.variants);
  if (data.mustReach.length > 0) call('mustReach', ...data.mustReach);
  const checks = [
    ...(data.about ?? []).map((property) =>
      own(named, property) === undefined ? literal({ property }) : `${own(named, property)}()`,
    ),
    ...data.decides.map(
      ({ height, withinMs, nodes, as }) => `decides(${height}, ${literal({ within: durationText(withinMs), nodes, as })})`,
    ),
    ...(data.absences ?? []).map(absenceCall),
  ];
  if (checks.length > 0) calls.push(`  .expect(${checks.join(', ')})`);
  if (data.until !== undefined) call('until', 'timeMs' in data.until ? { time: durationText(data.until.timeMs) } : data.until);
  if (data.schedule !== undefined) call('schedule', data.schedule);
  return [`scenario(${text(data.name)}, ${literal(data.validators)})`, ...calls].join('\n');
}

function absenceCall({ moment, fromMs, untilMs, nodes, as }: Absence): string {
  const options = optional({ from: writtenDuration(fromMs), until: writtenDuration(untilMs), nodes, as });
  if (moment === undefined) return `decidesNothing(${options})`;
  return `never(${momentCall(moment)}${options === '' ? '' : `, ${options}`})`;
}

function momentCall({ event, where }: Moment): string {
  return `event(${text(event)}${Object.keys(where).length > 0 ? `, ${literal(where)}` : ''})`;
}

function stepCall(step: ScriptStep, scenario: string): string {
  switch (step.type) {
    case 'start': {
      const { afterMs, moment, node, diskOf, signerOf } = step;
      const signer = signerOf === undefined ? '' : `, signerOf: ${text(signerOf)}`;
      const disk = diskOf === undefined ? signer : `, diskOf: ${text(diskOf)}`;
      if (moment === undefined)
        return afterMs === undefined ? '.neverStarts()' : `.startsLate({ after: ${text(String(durationText(afterMs)))}${disk} })`;
      return `.startsLate({ at: ${momentCall(moment)}${node === undefined ? '' : `, node: ${text(node)}`}${disk} })`;
    }
    case 'never': {
      const { moment, forMs, node, as } = step;
      return `.never(${momentCall(moment)}, ${optional({ for: durationText(forMs), node, as })})`;
    }
    case 'waitUntil':
    case 'expect': {
      const { type, moment, withinMs, ...names } = step;
      const isAny = moment.event === 'stopped' && Object.keys(moment.where).length === 0;
      if (type === 'waitUntil' && isAny && step.node === undefined)
        return `.untilStopped(${optional({ within: writtenDuration(withinMs), ...names })})`;
      const given = optional({ within: writtenDuration(withinMs), ...names });
      return `.${type}(${momentCall(moment)}${given === '' ? '' : `, ${given}`})`;
    }
    case 'death': {
      const method = step.kind === 'power' ? 'crash' : 'kill';
      if (step.strike === undefined) return `.${method}()`;
      const { site, phase, nth } = step.strike;
      const when = { [phase]: site, ...(nth === 1 ? {} : { nth }), ...(step.image === 'none' ? {} : { image: step.image }) };
      return `.${method}(${literal(when)})`;
    }
    case 'restart':
      return `.restart(${literal({ after: durationText(step.afterMs) })})`;
    case 'isolate':
      return `.isolate(${optional({ for: writtenDuration(step.forMs) })})`;
    case 'stayDown':
      return '.stayDown()';
    case 'disk':
      if (step.fault.type === 'wipe') return '.wipe()';
      if (step.fault.type === 'fail-fsync') return '.failFsync()';
      return `.flipBit(${text(step.fault.frame)})`;
    default:
      throw new ScenarioError(`scenario '${scenario}': a step has no spelling in TypeScript`);
  }
}

function optional(options: Readonly<Record<string, unknown>>): string {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return Object.keys(given).length === 0 ? '' : literal(given);
}

/** Signs that end a line, or that an editor does not show, are written as escapes. */
function text(value: string): string {
  const inner = value.replaceAll('\\', '\\\\').replaceAll("'", "\\'");
  return `'${inner.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, escapeOf)}'`;
}

function escapeOf(sign: string): string {
  if (sign === '\n') return '\\n';
  return Array.from({ length: sign.length }, (_, at) => `\\u${sign.charCodeAt(at).toString(16).padStart(4, '0')}`).join('');
}

function literal(value: unknown): string {
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value).filter(([, item]) => item !== undefined);
  if (fields.length === 0) return '{}';
  return `{ ${fields.map(([key, item]) => `${/^[A-Za-z_]\w*$/.test(key) ? key : text(key)}: ${literal(item)}`).join(', ')} }`;
}
