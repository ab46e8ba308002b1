/** Real nodes within a test: a cluster of processes, keys, a configuration, and a node on a simulated disk whose messages go nowhere. */

import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Cluster, type ClusterOptions } from '../../runtime/index.ts';
import { buildNode } from '../../runtime/node/build-node.ts';
import { defaultTimeouts, initLog } from '../../runtime/node/init-node.ts';
import { type KeyFile, newKey } from '../../runtime/node/keys.ts';
import { defaultLimits, type Limits, type NodeConfig } from '../../runtime/node/node-config.ts';
import { type Happening, RealNode } from '../../runtime/node/real-node.ts';
import { SimulatedDisk } from '../../wal/index.ts';

/** Where the folders of clusters are quick. */
export const fastFolder: string = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Four nodes that decide three heights and are killed at random. */
export function cluster(changed: Pick<ClusterOptions, 'folder'> & Partial<ClusterOptions>): Cluster {
  return new Cluster({
    nodes: 4,
    untilHeight: 3,
    minKills: 0,
    maxKills: 1000,
    limitMs: 120_000,
    kills: 'random',
    exhibit: undefined,
    seed: 3,
    keepRecords: false,
    ...changed,
  });
}

export interface Keyed {
  readonly config: NodeConfig;
  readonly key: KeyFile;
}

/** A can decide alone; B is the peer that attacks it, with a key that is known. */
export function twoNodes(limits: Partial<Limits> = {}): readonly [Keyed, Keyed] {
  const keys = { A: newKey(), B: newKey() };
  const validators = [
    { name: 'A', power: 10, key: keys.A.public, host: '127.0.0.1', port: 1 },
    { name: 'B', power: 1, key: keys.B.public, host: '127.0.0.1', port: 2 },
  ];
  const configOf = (name: string): NodeConfig => ({
    chain: 'test',
    name,
    folder: 'nowhere',
    validators,
    timeouts: defaultTimeouts,
    attest: 'next',
    onCorrupt: 'halt',
    metricsPort: 0,
    limits: { ...defaultLimits, ...limits },
  });
  return [
    { config: configOf('A'), key: keys.A },
    { config: configOf('B'), key: keys.B },
  ];
}

export interface TestedNode {
  readonly node: RealNode;
  readonly happenings: Happening[];
  /** Why it stopped, if it did. */
  stopped: string | undefined;
}

export function nodeOnDisk({ config, key }: Keyed): TestedNode {
  const storage = new SimulatedDisk();
  initLog(storage, config.attest);
  const happenings: Happening[] = [];
  const tested: { node: RealNode; happenings: Happening[]; stopped: string | undefined } = {
    node: new RealNode({
      spec: buildNode(config, key, 7),
      life: 1,
      storage,
      transmit: () => undefined,
      record: (happening) => happenings.push(happening),
      reached: () => undefined,
      stopped: (reason) => {
        tested.stopped = reason;
      },
    }),
    happenings,
    stopped: undefined,
  };
  return tested;
}
