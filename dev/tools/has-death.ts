import type { ScenarioData } from '../../scenarios/index.ts';

/** Whether anybody dies in a scenario: by a script, or by a fault after which a node comes back or stays down. */
export function hasDeath({ scripts, faults }: Pick<ScenarioData, 'scripts' | 'faults'>): boolean {
  const steps = Object.values(scripts).flat();
  return steps.some(({ type }) => type === 'death') || faults.some(({ fault }) => isDeath(fault));
}

function isDeath(fault: ScenarioData['faults'][number]['fault']): boolean {
  return fault.type === 'crash' || fault.type === 'kill' || 'restartMs' in fault || fault.type === 'old-snapshot';
}
