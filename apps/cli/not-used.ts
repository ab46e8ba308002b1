/** What a campaign does not take from a scenario file, in words: nobody should take its verdict for one about these. */
import type { ScenarioData } from '../../scenarios/index.ts';
import { counted } from '../output/counted.ts';

/** What `crashpoints` does not judge. Undefined if the file asks for nothing beyond the properties. */
export function notJudgedAtPoints(data: ScenarioData): string | undefined {
  const parts = expectationsOf(data);
  return parts.length === 0 ? undefined : `not judged at crash points: ${parts.join(' and ')} of the file; run judges them`;
}

/** What `fuzz FILE` does not use. With `around` it keeps the scripts and faults of the file. */
export function notUsedByFuzz(data: ScenarioData, isAround: boolean): string | undefined {
  const kept = [
    ...(Object.values(data.scripts).some((steps) => steps.length > 0) ? ['its scripts'] : []),
    ...(data.faults.length > 0 ? [`its ${counted(data.faults.length, 'fault')}`] : []),
  ];
  const parts = [...(isAround ? [] : kept), ...expectationsOf(data)];
  if (parts.length === 0) return undefined;
  return `not used of the file: ${parts.join(', ')}${isAround || kept.length === 0 ? '' : ' (--around keeps scripts and faults)'}`;
}

function expectationsOf({ decides, absences = [] }: ScenarioData): readonly string[] {
  return [
    ...(decides.length > 0 ? [counted(decides.length, 'expected decision')] : []),
    ...(absences.length > 0 ? [`${counted(absences.length, 'event')} that must never happen`] : []),
  ];
}
