/** One JSON file, replaced by atomically. */
import Conf from 'conf';

export function open(folder) {
  const conf = new Conf({ cwd: folder, projectName: 'drive', clearInvalidConfig: false });
  return { set: (value) => conf.set('value', value), get: () => conf.get('value') };
}
