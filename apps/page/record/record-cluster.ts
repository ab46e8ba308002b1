/** Makes the record of a cluster of real nodes, from the folder that `lazurite cluster --keep` leaves. */
import { openCluster } from '../../../runtime/index.ts';
import type { PropertyResult } from '../../../scenarios/index.ts';
import type { PageRecord } from './page-record.ts';
import { Recorder, RunWatcher } from './recorder.ts';

/** Throws `ScenarioError` if the folder has no complete record. */
export function clusterRecordOf(folder: string): PageRecord {
  const { data, exhibit, judged } = openCluster(folder);
  const watcher = new RunWatcher(data);
  const { events, properties, strange, verdict } = judged((event, observer) => watcher.observe(event, observer));
  const { record } = new Recorder(
    {
      data,
      exhibit: exhibit ?? null,
      variant: null,
      seed: 0,
      hash: '',
      verdict,
      asExpected: verdict === 'held',
      isReal: true,
      nodes: Object.keys(data.validators),
      faulty: [],
      events,
      eventCount: events.length,
      properties: [...properties, asRecorded(strange)],
    },
    watcher,
  ).recorded();
  return record;
}

/** What the judge found beside the properties: processes that did something else, or ended, and files that are not what was recorded. */
function asRecorded(strange: readonly string[]): PropertyResult {
  const name = 'as-recorded';
  return strange.length === 0 ? { name, verdict: 'held' } : { name, verdict: 'violated', message: strange.join('; ') };
}
