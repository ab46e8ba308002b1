/**
 * Parts of a scenario that can never do anything in any run: faults of no node, of no length or amount, or after the end; steps and decisions that always hold. Each would be green and prove nothing.
 */
import { parsePoint } from '../actors/scheduler/crash-point.ts';
import { own } from '../core/own.ts';
import { type Fault, nodesOf, type PlannedFault } from './faults.ts';
import { linkRule } from './links.ts';
import { castOf, type ScenarioData, type ScriptStep } from './model.ts';
import { exhibitOf, offWithoutLog } from './runner.ts';
import type { Mistake } from './schema.ts';
import { unheardIn } from './unheard.ts';

/** Why a fault of this form does nothing in any run, in words. */
export function neverActs(fault: Fault): string | undefined {
  const none = Object.entries(leastOne).find(([field]) => field in fault && !(Number(fault[field as keyof Fault]) > 0));
  switch (fault.type) {
    case 'crash':
    case 'kill':
      return fault.nodes.length === 0 ? 'it names no node' : undefined;
    case 'partition': {
      const all = fault.groups.flat();
      const twice = all.find((node, index) => all.indexOf(node) !== index);
      if (twice !== undefined) return `${twice} is in two groups, or twice in one`;
      if (fault.groups.filter((group) => group.length > 0).length < 2)
        return 'it cuts groups off from one another; give at least two, each with a node';
      break;
    }
    default:
  }
  return none === undefined ? undefined : `'${none[0]}' is ${String(fault[none[0] as keyof Fault])}: ${none[1]}`;
}

/** Fields whose value 0 makes a fault do nothing. */
const leastOne: Readonly<Record<string, string>> = {
  forMs: 'it would be over when it begins',
  flapMs: 'give the length of a turn in ms',
  byMs: 'nothing would be slower',
  bytes: 'nothing would be lost',
  afterMs: 'the copy would be put back as it was taken',
};

/** All of these in a scenario. */
export function neverActsIn(data: ScenarioData): readonly Mistake[] {
  return [
    ...data.faults.flatMap((planned, index) => inFault(data, planned, index)),
    ...Object.entries(data.scripts).flatMap(([node, steps]) => steps.flatMap((step, index) => inStep(node, step, index))),
    ...inEnd(data),
    ...inNamedProperties(data),
    ...unheardIn(data),
  ];
}

function inFault(data: ScenarioData, { trigger, fault }: PlannedFault, index: number): readonly Mistake[] {
  const at = (message: string, ...path: readonly PropertyKey[]): Mistake => ({ path: ['faults', index, ...path], message });
  const never = neverActs(fault) ?? changesNothing(data, fault, index);
  const mistakes = never === undefined ? [] : [at(`this ${fault.type} can do nothing: ${never}`, 'fault')];
  if ('timeMs' in trigger) {
    const { until, safetyMs } = data;
    const end = until !== undefined && 'timeMs' in until ? until.timeMs : undefined;
    if (end !== undefined && trigger.timeMs >= end) mistakes.push(at(`the run ends at ${end} ms, before this fault`, 'at'));
    else if (safetyMs !== undefined && trigger.timeMs >= safetyMs)
      mistakes.push(at(`the safety phase ends at ${safetyMs} ms, and no fault strikes after it`, 'at'));
  } else if ('point' in trigger || 'site' in trigger) {
    const node = 'point' in trigger ? parsePoint(trigger.point)?.point.node : trigger.node;
    if (fault.type !== 'crash' && fault.type !== 'kill')
      mistakes.push(at(`a ${fault.type} cannot wait for a crash point; give it a time or an event`, 'at'));
    else if ('point' in trigger && node === undefined)
      mistakes.push(at(`'${trigger.point}' is no crash point; write such as 'B@1.0/wal.flush~2:before'`, 'at', 'point'));
    else if (node !== undefined && 'point' in trigger && !castOf(data).includes(node))
      mistakes.push(at(`no node is called '${node}'; the cast is ${castOf(data).join(', ')}`, 'at', 'point'));
    else if (node !== undefined && fault.nodes.length > 0 && !fault.nodes.includes(node))
      mistakes.push(at(`at a crash point of ${node}, ${node} dies; name it in \`nodes: [${node}]\``, 'fault', 'nodes'));
  }
  return mistakes;
}

/** What the cast or the plan makes of it. */
function changesNothing(data: ScenarioData, fault: Fault, index: number): string | undefined {
  const { network, faults, signers = {} } = data;
  const isOf = (part: 'signer' | 'app'): boolean =>
    ('file' in fault && fault.file === part) || ('of' in fault && fault.of === part);
  if (isOf('app') && !hasOwnStore(data)) return 'the application has no store of its own; write `app: { store: own }`';
  if (isOf('signer') && 'node' in fault && own(signers, fault.node) === undefined)
    return `the signer of ${fault.node} keeps no file; name ${fault.node} under \`signers\``;
  if (fault.type === 'drift' && fault.perMille === 0) {
    const drifts = faults.some(
      (other, place) => place !== index && other.fault.type === 'drift' && nodesOf(other.fault).includes(fault.node),
    );
    return drifts ? undefined : "'perMille' is 0, and its clock is right without it";
  }
  if (fault.type !== 'weather') return undefined;
  const { links, ...usual } = network;
  const isUsual = JSON.stringify(linkRule(fault.link)) === JSON.stringify(linkRule(usual));
  return isUsual && links === undefined ? 'its links are as they are without it' : undefined;
}

function hasOwnStore({ ownStore, variants }: ScenarioData): boolean {
  return ownStore !== undefined || variants.some(({ app }) => app?.store === 'own');
}

function inStep(node: string, step: ScriptStep, index: number): readonly Mistake[] {
  if ((step.type !== 'isolate' && step.type !== 'never') || step.forMs === undefined || step.forMs > 0) return [];
  return [
    { path: ['nodes', node, index, step.type, 'for'], message: `'for' is 0: \`${step.type}\` would be over when it begins` },
  ];
}

function inEnd({ until, safetyMs, decides, absences = [] }: ScenarioData): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  if (until !== undefined && 'timeMs' in until && !(until.timeMs > 0))
    mistakes.push({ path: ['until', 'time'], message: 'the run would end before anything happens; give a time above 0' });
  if (until !== undefined && 'height' in until && until.height < 1)
    mistakes.push({ path: ['until', 'height'], message: 'heights begin at 1: the run would end before anything happens' });
  if (safetyMs !== undefined && !(safetyMs > 0))
    mistakes.push({ path: ['safetyPhase'], message: 'no fault would strike; give a time above 0, or leave it out' });
  for (const [index, { height, nodes }] of decides.entries()) {
    if (!(height >= 1))
      mistakes.push({ path: ['decides', index, 'decides'], message: `heights begin at 1, and this is ${height}` });
    if (nodes?.length === 0) mistakes.push({ path: ['decides', index, 'nodes'], message: noNode });
    if (until !== undefined && 'height' in until && height >= until.height)
      mistakes.push({
        path: ['decides', index, 'decides'],
        message: `height ${height} is not decided when the run ends: \`until\` ends it as soon as every node is at height ${until.height}; write \`until: { height: ${height + 1} }\` or later`,
      });
  }
  for (const [index, { nodes, fromMs = 0, untilMs }] of absences.entries()) {
    if (nodes?.length === 0) mistakes.push({ path: ['absences', index, 'nodes'], message: noNode });
    if (untilMs !== undefined && untilMs <= fromMs)
      mistakes.push({ path: ['absences', index, 'until'], message: `it ends at ${untilMs} ms, and begins at ${fromMs} ms` });
  }
  return mistakes;
}

const noNode = 'no node is named; leave `nodes` out to mean all';

/** Properties that no variant judges. */
function inNamedProperties({ about = [], variants, schedule }: ScenarioData): readonly Mistake[] {
  const isEverywhere = variants.length > 0 && variants.every((variant) => exhibitOf(variant) === 'no-wal');
  const off = [...(isEverywhere ? offWithoutLog : []), ...(schedule === undefined ? [] : ['termination'])];
  return about.flatMap((name, index) =>
    off.includes(name)
      ? [
          {
            path: ['about', index],
            message: `${name} is judged in no variant: ${name === 'termination' ? 'a chosen order of messages makes time meaningless' : 'without a log it says nothing'}`,
          },
        ]
      : [],
  );
}
