/**
 * The name of a directory is durable only after a sync of its parent. So a plan that syncs a directory for the first time syncs the node's folder too. The
 * directory may be new: this life made it, or an earlier life made it and was killed before its sync.
 *
 * A life that finds a log does not need this sync, because `init` did it.
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
