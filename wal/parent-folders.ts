/**
 * Names of directories are durable only after a sync of their parent. So the first time that a plan syncs a directory it syncs the node's folder too:
 * the directory may be new, made by this life or by one that was killed before it came so far.
 *
 * A life with a log needs none of it: `init` has done it before.
 */
import type { BootStep } from './writer.ts';

/** The same steps, with a sync of the node's folder after the first sync of each directory. */
export function withParentSyncs(steps: readonly BootStep[]): readonly BootStep[] {
  const synced = new Set<string>();
  return steps.flatMap((step): readonly BootStep[] => {
    if (!('operation' in step) || step.operation.type !== 'syncDirectory' || synced.has(step.operation.directory)) return [step];
    synced.add(step.operation.directory);
    return [step, { site: step.site, operation: { type: 'syncDirectory', directory: '' } }];
  });
}
