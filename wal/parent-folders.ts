/**
 * Names of directories are durable only after a sync of their parent. So a plan that syncs a directory for the first time syncs the node's
 * folder too. The directory may be new: this life made it, or an earlier one that was killed before its sync.
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
