/** Finds the mistakes in a scenario that was read from a file, or made by code without type checks. */
import { allRoleNames } from '../actors/byzantine/index.ts';
import { totalPowerMax } from '../actors/tendermint/index.ts';
import { own } from '../core/own.ts';
import { exhibits } from '../museum/index.ts';
import { wrongApplication } from './application-rule.ts';
import type { Path } from './check-shape.ts';
import { ScenarioError } from './error.ts';
import { nodesOf } from './faults.ts';
import { liesOf, wrongLie } from './lies.ts';
import { castOf, namesOfSteps, type ScenarioData } from './model.ts';
import { misnamedIn, wordsOf } from './names.ts';
import { neverActsIn } from './never-acts.ts';
import { type Noted, type Notes, placeOfPart } from './noted-mistakes.ts';
import { isBrokenFile, ownExhibits } from './own-exhibit.ts';
import { wrongStore } from './own-store.ts';
import { isKnownProtocol, protocolNamed, unknownProtocol } from './protocols.ts';
import { propertiesOf } from './runner.ts';
import { checkWritten, type Mistake } from './schema.ts';
import { outOfOrder } from './script-order.ts';
import { fromWritten, toWritten, type WrittenScenario } from './serialize.ts';
import { wrongSigner } from './signers.ts';
import { wrongTiming } from './timing.ts';

/**
 * The scenario in the content of a file (undefined if it has mistakes), and all mistakes. `isDrawn`: its faults were drawn, so some of them may do
 * nothing.
 */
export function mistakesIn(
  value: unknown,
  { isDrawn = false }: { readonly isDrawn?: boolean } = {},
): { readonly data: ScenarioData | undefined; readonly mistakes: readonly Mistake[] } {
  const { written, mistakes, holes } = checkWritten(value);
  if (written === undefined) return { data: undefined, mistakes };
  const { protocol } = written;
  if (protocol !== undefined && !isKnownProtocol(protocol))
    return { data: undefined, mistakes: [...mistakes, { path: ['protocol'], message: unknownProtocol(protocol) }] };
  const data: ScenarioData = { ...fromWritten(written), ...(isDrawn ? { isDrawn } : {}) };
  const meant = meaningOf(data, written).filter(({ path }) => !holes.some((hole) => isWithin(path, hole)));
  // A mistake of form is reported once, and not again for its replacement.
  return { data: mistakes.length === 0 ? data : undefined, mistakes: [...mistakes, ...meant] };
}

/** The mistakes of a scenario that was made by code. Each has the stack of the call that made the wrong part. */
export function notedMistakes(data: ScenarioData, notes: Notes): readonly Noted[] {
  const written = toWritten(data);
  const { mistakes } = mistakesIn(written, { isDrawn: data.isDrawn === true });
  // A time that cannot be read is replaced by another, so the order of moments is not known.
  const isTimeOpen = notes.mistakes.some(({ message }) => message.includes('is no duration'));
  const found = mistakes
    .filter(({ message }) => !isTimeOpen || !/^the (run|safety phase) ends at/.test(message))
    // Files that bring broken nodes are loaded when this one has been tried.
    .filter(({ path: [part, index, field] }) => {
      const named = part === 'variants' && field === 'break' ? data.variants[Number(index)]?.break : undefined;
      return named === undefined || !isBrokenFile(named);
    })
    .map(({ path, message }) => ({ message, stack: placeOfPart(notes, codePath(path, written)) }));
  return [...notes.mistakes, ...found];
}

/** The opposite of `writtenPath`. */
function codePath(path: Path, { expect: checks = [] }: WrittenScenario): Path {
  const [part, index, ...rest] = path;
  const check = part === 'expect' ? checks[Number(index)] : undefined;
  if (check === undefined) return path;
  const kindOf = (one: typeof check): string => (typeof one === 'string' ? 'about' : 'decides' in one ? 'decides' : 'absences');
  const before = checks.slice(0, Number(index)).filter((one) => kindOf(one) === kindOf(check));
  return [kindOf(check), before.length, ...rest];
}

function isWithin(path: Path, whole: Path): boolean {
  return whole.every((part, index) => path[index] === part);
}

/** Scenarios that were checked and have no mistakes. They are not checked again, because a test may run one many times. */
const faultless = new WeakSet<ScenarioData>();

/** Throws `ScenarioError` if a scenario that was made by code would be refused in YAML. (Types are not checked when a file is loaded.) */
export function refuseMistakes(data: ScenarioData): void {
  if (faultless.has(data)) return;
  const { mistakes } = mistakesIn(toWritten(data), { isDrawn: data.isDrawn === true });
  if (mistakes.length > 0)
    throw new ScenarioError(
      mistakes.map(({ path, message }) => `scenario '${data.name}': ${path.join('.')}: ${message}`).join('\n'),
    );
  faultless.add(data);
}

/** Mistakes in the meaning of a well-formed scenario, such as unknown names. */
function meaningOf(data: ScenarioData, { app = {}, expect: checks = [] }: WrittenScenario): readonly Mistake[] {
  const cast = castOf(data);
  const mistakes: Mistake[] = [];
  const known = (names: readonly string[], name: string, what: string, path: readonly PropertyKey[]): void => {
    const isKey = path.at(-1) === name || path[0] === 'network';
    if (!names.includes(name)) mistakes.push({ path, message: wordsOf({ what, name, names }), ...(isKey ? { isKey } : {}) });
  };
  if (Object.values(data.validators).every((power) => power === 0) && Object.keys(data.validators).length > 0)
    mistakes.push({ path: ['validators'], message: 'nobody has voting power; give at least one node a power above 0' });
  for (const [index, set] of [data.validators, ...data.validatorSets.map(({ powers }) => powers)].entries()) {
    const total = Object.values(set).reduce((sum, power) => sum + power, 0);
    const path = index === 0 ? ['validators'] : ['validatorSets', index - 1, 'powers'];
    const message = `the voting powers add up to ${total}; at most ${totalPowerMax} together, so that all sums are exact`;
    if (total > totalPowerMax) mistakes.push({ path, message });
  }
  for (const name of Object.keys(data.scripts)) known(cast, name, 'node', ['nodes', name]);
  // Another node's script may have set the label.
  const labels = namesOfSteps({ scripts: data.scripts });
  for (const [name, steps] of Object.entries(data.scripts))
    for (const [index, step] of steps.entries())
      for (const key of ['sameAs', 'differsFrom'] as const)
        if (step.type === 'expect' && step[key] !== undefined)
          known(labels, step[key], 'moment (`as`)', ['nodes', name, index, 'expect', key]);
  for (const [name, steps] of Object.entries(data.scripts)) {
    mistakes.push(...outOfOrder(data, name, steps));
    for (const [index, step] of steps.entries()) {
      if (step.type === 'start' && step.diskOf !== undefined) {
        const path = ['nodes', name, index, 'startsLate', 'diskOf'];
        known(cast, step.diskOf, 'node', path);
        if (step.signerOf !== undefined)
          mistakes.push({ path, message: `the disk of ${step.diskOf} has its signer's file; leave \`signerOf\` out` });
        if (step.diskOf === name) mistakes.push({ path, message: `${name} has its own disk anyway; name another node` });
      }
      if (step.type === 'start' && step.signerOf !== undefined) {
        const path = ['nodes', name, index, 'startsLate', 'signerOf'];
        known(cast, step.signerOf, 'node', path);
        for (const one of new Set([step.signerOf, name]))
          if (cast.includes(step.signerOf) && own(data.signers ?? {}, one) === undefined)
            mistakes.push({ path, message: `the signer of ${one} keeps no file; name ${one} under \`signers\`` });
        if (step.signerOf === name) mistakes.push({ path, message: `${name} has its own file anyway; name another node` });
      }
      if ('node' in step && step.node !== undefined)
        known(cast, step.node, 'node', [
          'nodes',
          name,
          index,
          ...(step.type === 'start' ? ['startsLate', 'at'] : [step.type]),
          'node',
        ]);
    }
  }
  for (const link of Object.keys(data.network.links ?? {}))
    for (const name of link.split('->')) known(cast, name, 'node', ['network', 'links', link]);
  for (const [index, { powers }] of data.validatorSets.entries())
    for (const name of Object.keys(powers))
      known(Object.keys(data.validators), name, 'validator', ['validatorSets', index, 'powers', name]);
  for (const [place, name] of Object.entries(data.proposers)) known(cast, name, 'node', ['proposers', place]);
  for (const [name, rule] of Object.entries(data.signers ?? {})) {
    known(cast, name, 'node', ['signers', name]);
    if (data.fullNodes.includes(name))
      mistakes.push({ path: ['signers', name], message: `${name} is a full node: it has no key and signs nothing`, isKey: true });
    const wrong = wrongSigner(rule);
    if (wrong !== undefined) mistakes.push({ path: ['signers', name, 'refuses', wrong.field], message: wrong.message });
  }
  for (const [name, lies] of Object.entries(data.byzantine)) {
    known(cast, name, 'node', ['byzantine', name]);
    for (const [index, lie] of liesOf(lies).entries()) {
      // In a file, a single lie needs no list.
      const path = ['byzantine', name, ...(liesOf(lies).length > 1 ? [index] : [])];
      known(allRoleNames, lie.role, 'role', typeof lies === 'string' ? path : [...path, 'role']);
      for (const [at, peer] of (lie.to ?? []).entries()) known(cast, peer, 'node', [...path, 'to', at]);
      const wrong = wrongLie(lie);
      if (wrong !== undefined) mistakes.push({ path: [...path, wrong.field], message: wrong.message });
    }
  }
  for (const [index, rule] of (data.timings ?? []).entries()) {
    for (const [at, name] of (rule.nodes ?? []).entries()) known(cast, name, 'node', ['timeouts', index, 'nodes', at]);
    const wrong = wrongTiming(rule);
    if (wrong !== undefined)
      mistakes.push({ path: ['timeouts', index, ...(wrong.field === undefined ? [] : [wrong.field])], message: wrong.message });
  }
  for (const [node, { validators }] of Object.entries(data.reconfigured ?? {})) {
    known(cast, node, 'node', ['reconfigured', node]);
    for (const name of Object.keys(validators)) known(cast, name, 'node', ['reconfigured', node, 'validators', name]);
    const isSame = Object.keys({ ...validators, ...data.validators }).every((name) => validators[name] === data.validators[name]);
    const path = ['reconfigured', node, 'validators'];
    if (isSame) mistakes.push({ path, message: 'these are the validators that it has anyway' });
    else if (Object.values(validators).every((power) => power === 0))
      mistakes.push({ path, message: 'nobody has voting power; give at least one node a power above 0' });
  }
  for (const [node, { byMs, life }] of Object.entries(data.blockTime?.clocks ?? {})) {
    known(cast, node, 'node', ['blockTime', 'clocks', node]);
    const path = ['blockTime', 'clocks', node];
    if (byMs === 0) mistakes.push({ path, message: 'this clock is right; give `back` or `ahead`, and not both' });
    else if (!Number.isSafeInteger(life) || life < 0) mistakes.push({ path: [...path, 'life'], message: 'lives count from 0' });
  }
  for (const [index, rule] of (data.application ?? []).entries()) {
    for (const [at, name] of (rule.nodes ?? []).entries()) known(cast, name, 'node', ['application', index, 'nodes', at]);
    if (
      rule.does === 'executes-otherwise' &&
      isKnownProtocol(data.protocol) &&
      protocolNamed(data.protocol).executingOtherwise === undefined
    )
      mistakes.push({
        path: ['application', index, 'does'],
        message: `in ${data.protocol} no application can execute otherwise: its values carry no state`,
      });
    const wrong = wrongApplication(rule);
    if (wrong !== undefined) mistakes.push({ path: ['application', index, wrong.field], message: wrong.message });
  }
  const wrongOwn = wrongStore(app, data.keepBlocks);
  if (wrongOwn !== undefined) mistakes.push({ path: ['app', 'flushEvery'], message: wrongOwn });
  const properties = [...propertiesOf(data).map(({ name }) => name), 'determinism'];
  for (const [index, { name, break: exhibit, app: other, expect }] of data.variants.entries()) {
    const wrong = other === undefined ? undefined : wrongStore(other, data.keepBlocks);
    if (wrong !== undefined) mistakes.push({ path: ['variants', index, 'app', 'flushEvery'], message: wrong });
    const first = data.variants.findIndex((other) => other.name === name);
    if (first !== index) mistakes.push({ path: ['variants', index, 'name'], message: twiceText(name, first, index) });
    if (exhibit !== undefined)
      known([...exhibits.map(({ name }) => name), ...ownExhibits()], exhibit, 'exhibit', ['variants', index, 'break']);
    for (const [at, name] of (expect?.fail ?? []).entries())
      known(properties, name, 'property', ['variants', index, 'expect', 'fail', at]);
    for (const [at, name] of (expect?.steps ?? []).entries())
      known(namesOfSteps(data), name, 'step (`as`)', ['variants', index, 'expect', 'steps', at]);
  }
  for (const [index, check] of checks.entries()) {
    if (typeof check === 'string') known(properties, check, 'property', ['expect', index]);
    else {
      const [word = '', { nodes }] =
        'decides' in check ? ['', check] : 'never' in check ? ['never', check.never] : ['decidesNothing', check.decidesNothing];
      for (const name of nodes ?? []) known(cast, name, 'node', ['expect', index, ...(word === '' ? [] : [word]), 'nodes']);
    }
  }
  for (const [index, { trigger, fault }] of data.faults.entries()) {
    if ('node' in trigger && trigger.node !== undefined) known(cast, trigger.node, 'node', ['faults', index, 'at', 'node']);
    if (fault.type === 'partition')
      for (const name of fault.groups.flat()) known(cast, name, 'node', ['faults', index, 'fault', 'groups']);
    for (const name of nodesOf(fault)) known(cast, name, 'node', ['faults', index, 'fault']);
  }
  const found = [...misnamedIn(data), ...(data.isDrawn === true ? [] : neverActsIn(data))];
  return [...mistakes, ...found.map((mistake) => ({ ...mistake, path: writtenPath(mistake.path, checks) }))];
}

function twiceText(name: string, first: number, second: number): string {
  return `variants ${first + 1} and ${second + 1} are both called '${name}'; give each a name of its own`;
}

/** The path of an expectation as in a file, where properties, decisions and absences are one list. */
function writtenPath(path: readonly PropertyKey[], checks: NonNullable<WrittenScenario['expect']>): readonly PropertyKey[] {
  const [part, index, ...rest] = path;
  if (part !== 'about' && part !== 'decides' && part !== 'absences') return path;
  const places = checks.flatMap((check, place): readonly PropertyKey[][] => {
    if (typeof check === 'string') return part === 'about' ? [['expect', place]] : [];
    if ('decides' in check) return part === 'decides' ? [['expect', place]] : [];
    return part === 'absences' ? [['expect', place, 'never' in check ? 'never' : 'decidesNothing']] : [];
  });
  return [...(places[Number(index)] ?? ['expect']), ...rest];
}
