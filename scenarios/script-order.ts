/** The order of a script's steps: what a node cannot do next. */
import { nodesOf } from './faults.ts';
import type { ScenarioData, ScriptStep } from './model.ts';
import type { Mistake } from './schema.ts';

/** Whether a node is up; undefined if the script cannot say. */
type Life = boolean | undefined;

/** What a node that is down waits for, a death of one that is down, a restart of one that is up: the script would wait there for ever. */
export function outOfOrder({ faults }: ScenarioData, node: string, steps: readonly ScriptStep[]): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  // A fault of the plan may kill it and start it again meanwhile.
  const isStruck = faults.some(({ fault }) => nodesOf(fault).includes(node));
  let isUp: Life = true;
  for (const [index, step] of steps.entries()) {
    if (steps[index - 1]?.type === 'stayDown') {
      mistakes.push({ path: ['nodes', node, index], message: `${node} stays down: \`stayDown\` is the last step of a script` });
      return mistakes;
    }
    const place = index === 0 ? 'first' : index === steps.length - 1 ? 'last' : 'between';
    const wrong =
      step.type === 'start' ? wrongStart(step, place, steps.length) : isStruck ? undefined : wrongNext(node, step, isUp);
    if (wrong !== undefined) mistakes.push({ path: ['nodes', node, index, wrong.word], message: wrong.message });
    isUp = lifeAfter(node, step, isUp);
  }
  return mistakes;
}

interface Wrong {
  /** The key of the step in YAML. */
  readonly word: string;
  readonly message: string;
}

function wrongStart(step: ScriptStep & { readonly type: 'start' }, place: string, count: number): Wrong | undefined {
  const word = isNever(step) ? 'neverStarts' : 'startsLate';
  if (place !== 'first') return { word, message: `\`${word}\` is the first step of a script, or none` };
  return isNever(step) && count > 1 ? { word, message: 'a node that is never started has no other steps' } : undefined;
}

function wrongNext(node: string, step: ScriptStep, isUp: Life): Wrong | undefined {
  if (step.type === 'death' && isUp === false)
    return {
      word: step.kind === 'power' ? 'crash' : 'kill',
      message: `${node} is down here: \`restart\` it before it dies again`,
    };
  if (step.type === 'restart' && isUp === true)
    return { word: 'restart', message: `${node} is up here: \`restart\` must come after \`crash\` or \`kill\`` };
  if ('moment' in step && isUp === false && isOwn(node, step) && !mayEndLife(step))
    return {
      word: step.type,
      message: `${node} is down here and reports nothing: \`restart\` it, or name the other \`node\` whose event it waits for`,
    };
  return undefined;
}

function lifeAfter(node: string, step: ScriptStep, isUp: Life): Life {
  if (step.type === 'start') return !isNever(step);
  if (step.type === 'death') return false;
  if (step.type === 'restart') return true;
  return step.type === 'disk' || ('moment' in step && isOwn(node, step) && mayEndLife(step)) ? undefined : isUp;
}

function isNever({ afterMs, moment }: ScriptStep & { readonly type: 'start' }): boolean {
  return afterMs === undefined && moment === undefined;
}

function isOwn(node: string, step: ScriptStep): boolean {
  return !('node' in step) || step.node === undefined || step.node === node;
}

function mayEndLife(step: ScriptStep): boolean {
  return 'moment' in step && ends.includes(step.moment?.event ?? '');
}

/** Events after which a node may be up or down. */
const ends: readonly string[] = ['crash', 'kill', 'stopped', 'restart'];
