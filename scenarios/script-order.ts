/** The order of a script's steps: what a node cannot do next. */
import { nodesOf } from './faults.ts';
import type { ScenarioData, ScriptStep } from './model.ts';
import type { Mistake } from './schema.ts';

/** A death of a node that is down, and a restart of one that is up: the script would stand there for ever. */
export function outOfOrder({ faults }: ScenarioData, node: string, steps: readonly ScriptStep[]): readonly Mistake[] {
  // A fault of the plan may kill it and start it again meanwhile.
  if (faults.some(({ fault }) => nodesOf(fault).includes(node))) return [];
  const mistakes: Mistake[] = [];
  let isUp: boolean | undefined = true;
  for (const [index, step] of steps.entries()) {
    if (step.type === 'death') {
      const kind = step.kind === 'power' ? 'crash' : 'kill';
      const message = `${node} is down here: \`restart\` it before it dies again`;
      if (isUp === false) mistakes.push({ path: ['nodes', node, index, kind], message });
      isUp = false;
    } else if (step.type === 'restart') {
      const message = `${node} is up here: \`restart\` comes behind \`crash\` or \`kill\``;
      if (isUp === true) mistakes.push({ path: ['nodes', node, index, 'restart'], message });
      isUp = true;
    } else if (step.type === 'disk' || ('moment' in step && ends.includes(step.moment.event))) isUp = undefined;
  }
  return mistakes;
}

/** Events behind which a node may be up or down. */
const ends: readonly string[] = ['crash', 'kill', 'stopped', 'restart'];
