/** A node as a process of its own, started by a cluster: `--config FILE --record FILE --life N [--break EXHIBIT] [--dies SITE:PHASE:NTH:SHARE]`. */
import { parseArgs } from 'node:util';
import type { Phase } from '../../core/events.ts';
import { exhibitNamed } from '../../museum/index.ts';
import { readNodeConfig } from './node-config.ts';
import { type ArmedEnd, runNode } from './run-node.ts';

const { values } = parseArgs({
  options: {
    config: { type: 'string' },
    record: { type: 'string' },
    life: { type: 'string' },
    break: { type: 'string' },
    dies: { type: 'string' },
  },
});

function armed(text: string | undefined): ArmedEnd | undefined {
  if (text === undefined) return undefined;
  const [site = '', phase = 'before', nth = '1', share = '0'] = text.split(':');
  return { site, phase: phase as Phase, nth: Number(nth), share: Number(share) };
}

// The supervisor holds the other end. Without this the nodes of a supervisor that is killed would run on.
process.stdin.once('end', () => process.exit(0)).resume();

runNode(readNodeConfig(values.config ?? ''), {
  record: values.record,
  life: values.life === undefined ? undefined : Number(values.life),
  dies: armed(values.dies),
  alteration: values.break === undefined ? undefined : exhibitNamed(values.break),
}).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(70);
  },
);
