/**
 * The table of rows: name, units, and how each is measured. The rows of a group are measured in turns, so that a slow minute of the
 * machine falls on all of them. The order matters: a row finds the code as warm as the rows before it left it.
 */
import { measureCrashpoints, measureExplore, measureFuzz, measureShrink } from './campaigns.ts';
import { measureDriver } from './driver.ts';
import { measureHeights } from './heights.ts';
import { measureAppend, measureReplay } from './log.ts';
import { measureMemory } from './memory.ts';
import { measurePage } from './page.ts';

/** One measured value. The floor is the same work without the part that the row is about. */
export interface Figure {
  readonly unit: string;
  readonly value: number;
  readonly floor?: number;
}

export interface Row {
  readonly name: string;
  readonly measure: () => readonly Figure[] | Promise<readonly Figure[]>;
}

export interface Group {
  /** Each row is measured so many times; the median counts. */
  readonly runs: number;
  readonly rows: readonly Row[];
}

export const groups: readonly Group[] = [
  {
    runs: 3,
    rows: [
      {
        name: 'heights 4',
        measure: () => {
          const { heightsPerSecond, stepsPerSecond, floorStepsPerSecond } = measureHeights(4, 2000);
          return [
            { unit: 'heights/s', value: heightsPerSecond },
            { unit: 'steps/s', value: stepsPerSecond, floor: floorStepsPerSecond },
          ];
        },
      },
      {
        name: 'heights 100',
        measure: () => {
          const { stepsPerSecond, floorStepsPerSecond } = measureHeights(100, 10);
          return [{ unit: 'steps/s', value: stepsPerSecond, floor: floorStepsPerSecond }];
        },
      },
      { name: 'driver 4', measure: () => [{ unit: 'inputs/s', value: measureDriver(4, 100_000) }] },
      { name: 'driver 100', measure: () => [{ unit: 'inputs/s', value: measureDriver(100, 2000) }] },
    ],
  },
  alone(3, 'replay', () => {
    const { framesPerSecond, floor } = measureReplay(100);
    return [{ unit: 'frames/s', value: framesPerSecond, floor }];
  }),
  alone(3, 'append', () => append(1)),
  alone(3, 'append 64', () => append(64)),
  alone(3, 'memory', () => {
    const { early, late } = measureMemory(2000, 10_000);
    return [{ unit: 'MB after 10000 heights', value: late, floor: early }];
  }),
  alone(3, 'crashpoints', () => {
    const { imagesPerSecond, distinctPerSecond } = measureCrashpoints();
    return [
      { unit: 'images/s', value: imagesPerSecond },
      { unit: 'distinct/s', value: distinctPerSecond },
    ];
  }),
  alone(3, 'fuzz', () => {
    const { runsPerSecond, fiveHeightsMs } = measureFuzz(30);
    return [
      { unit: 'runs/s', value: runsPerSecond },
      { unit: 'ms for five heights with deaths', value: fiveHeightsMs },
    ];
  }),
  alone(3, 'explore', () => [{ unit: 'states/s', value: measureExplore() }]),
  alone(3, 'shrink', () => [{ unit: 'ms to the smallest', value: measureShrink() }]),
  alone(1, 'page', async () => {
    const { interfaceKb, engineKb, openMs, seekMs } = await measurePage();
    return [
      { unit: 'KB of interface, compressed', value: interfaceKb },
      { unit: 'KB of engine, compressed', value: engineKb },
      ...(openMs === undefined ? [] : [{ unit: 'ms to open 100,000 events', value: openMs }]),
      ...(seekMs === undefined ? [] : [{ unit: 'ms to seek and paint', value: seekMs }]),
    ];
  }),
];

export const rowNames: readonly string[] = groups.flatMap(({ rows }) => rows.map(({ name }) => name));

function alone(runs: number, name: string, measure: Row['measure']): Group {
  return { runs, rows: [{ name, measure }] };
}

function append(batch: number): readonly Figure[] {
  const { microseconds, bare } = measureAppend(batch, 200);
  return [{ unit: 'us', value: microseconds, floor: bare }];
}
