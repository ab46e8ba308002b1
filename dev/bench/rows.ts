/**
 * The table of rows: name, units, and how each is measured. The rows of a group are measured in turns, so that a slow minute of the
 * machine falls on all of them. The order matters, because rows that run earlier warm the code for later ones.
 */
import { measureCrashpoints, measureExplore, measureFuzz, measureShrink } from './campaigns.ts';
import { measureDriver } from './driver.ts';
import { measureHeights } from './heights.ts';
import { measureAppend, measureReplay } from './log.ts';
import { measureMemory } from './memory.ts';
import { measurePage } from './page.ts';
import { measurePipe, measureRecoveries, measureStates } from './programs.ts';

/** One measured value, undefined when this machine cannot measure it. The floor is the same work without the part of interest. */
export interface Figure {
  readonly value: number | undefined;
  readonly floor?: number;
}

export interface Row {
  readonly name: string;
  readonly units: readonly string[];
  /** One figure for each unit. */
  readonly measure: () => readonly Figure[] | Promise<readonly Figure[]>;
}

export interface Group {
  /** Each row is measured this many times; the median counts. */
  readonly runs: number;
  readonly rows: readonly Row[];
}

const heights4: Row = {
  name: 'heights 4',
  units: ['heights/s', 'steps/s'],
  measure: () => {
    const { heightsPerSecond, stepsPerSecond, floorStepsPerSecond } = measureHeights(4, 1000);
    return [{ value: heightsPerSecond }, { value: stepsPerSecond, floor: floorStepsPerSecond }];
  },
};

const heights100: Row = {
  name: 'heights 100',
  units: ['steps/s'],
  measure: () => {
    const { stepsPerSecond, floorStepsPerSecond } = measureHeights(100, 10);
    return [{ value: stepsPerSecond, floor: floorStepsPerSecond }];
  },
};

const driver4: Row = { name: 'driver 4', units: ['inputs/s'], measure: () => [{ value: measureDriver(4, 100_000) }] };

const driver100: Row = { name: 'driver 100', units: ['inputs/s'], measure: () => [{ value: measureDriver(100, 2000) }] };

const replay: Row = {
  name: 'replay',
  units: ['frames/s'],
  measure: () => {
    const { framesPerSecond, floor } = measureReplay(50);
    return [{ value: framesPerSecond, floor }];
  },
};

const append = (name: string, batch: number): Row => ({
  name,
  units: ['us'],
  measure: () => {
    const { microseconds, bare } = measureAppend(batch, 200);
    return [{ value: microseconds, floor: bare }];
  },
});

const memory: Row = {
  name: 'memory',
  units: ['MB after 10000 heights'],
  measure: () => {
    const { early, late } = measureMemory(2000, 10_000);
    return [{ value: late, floor: early }];
  },
};

const crashpoints: Row = {
  name: 'crashpoints',
  units: ['images/s', 'distinct/s'],
  measure: () => {
    const { imagesPerSecond, distinctPerSecond } = measureCrashpoints();
    return [{ value: imagesPerSecond }, { value: distinctPerSecond }];
  },
};

const fuzz: Row = {
  name: 'fuzz',
  units: ['runs/s', 'ms for five heights with deaths'],
  measure: () => {
    const { runsPerSecond, fiveHeightsMs } = measureFuzz(30);
    return [{ value: runsPerSecond }, { value: fiveHeightsMs }];
  },
};

const explore: Row = { name: 'explore', units: ['states/s'], measure: () => [{ value: measureExplore() }] };

const shrink: Row = { name: 'shrink', units: ['ms to the smallest'], measure: () => [{ value: measureShrink() }] };

const states: Row = {
  name: 'states',
  units: ['judged/s', 'judged/recovery'],
  measure: async () => {
    const { statesPerSecond, statesPerRecovery } = await measureStates();
    return [{ value: statesPerSecond }, { value: statesPerRecovery }];
  },
};

const recoveries: Row = {
  name: 'recoveries',
  units: ['processes/s', 'states/s of a warm check'],
  measure: async () => {
    const { started, warm } = await measureRecoveries();
    return [{ value: started }, { value: warm }];
  },
};

const pipe: Row = { name: 'pipe', units: ['trips/s'], measure: () => [{ value: measurePipe(10_000) }] };

const page: Row = {
  name: 'page',
  units: ['KB of interface, compressed', 'KB of engine, compressed', 'ms to open 100,000 events', 'ms to seek and paint'],
  measure: async () => {
    const { interfaceKb, engineKb, openMs, seekMs } = await measurePage();
    return [{ value: interfaceKb }, { value: engineKb }, { value: openMs }, { value: seekMs }];
  },
};

export const groups: readonly Group[] = [
  { runs: 3, rows: [heights4, heights100, driver4, driver100] },
  { runs: 3, rows: [replay] },
  { runs: 3, rows: [append('append', 1)] },
  { runs: 3, rows: [append('append 64', 64)] },
  { runs: 1, rows: [memory] },
  { runs: 3, rows: [crashpoints] },
  { runs: 3, rows: [fuzz] },
  { runs: 3, rows: [explore] },
  { runs: 3, rows: [shrink] },
  { runs: 3, rows: [states] },
  { runs: 1, rows: [recoveries] },
  { runs: 3, rows: [pipe] },
  { runs: 1, rows: [page] },
];

export const rowNames: readonly string[] = groups.flatMap(({ rows }) => rows.map(({ name }) => name));
