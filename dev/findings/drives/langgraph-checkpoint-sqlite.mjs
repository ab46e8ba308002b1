/** The checkpoints of an agent in SQLite. */
import { SqliteSaver } from '@langchain/langgraph-checkpoint-sqlite';

export function open(folder) {
  const saver = SqliteSaver.fromConnString(`${folder}/db`);
  const config = { configurable: { thread_id: 'one', checkpoint_ns: '' } };
  return {
    set: (value) =>
      saver.put(
        config,
        { v: 4, id: `0000000${value}`, ts: '', channel_values: { value }, channel_versions: {}, versions_seen: {} },
        { source: 'loop', step: value, parents: {} },
        {},
      ),
    get: async () => (await saver.getTuple(config))?.checkpoint.channel_values.value,
    close: () => void saver.db.close(),
  };
}
