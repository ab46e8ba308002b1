/** The engine inside the page, in a worker: runs scenarios and crash points, and answers with records. The same code as the command's. */

import { pointText } from '../../../actors/scheduler/index.ts';
import { crashpoints, pointCase } from '../../../campaigns/index.ts';
import { mochaSource, type ScenarioData, scenarioSource } from '../../../scenarios/index.ts';
import { formatScenario } from '../../../scenarios/yaml.ts';
import type { Lesson } from '../lesson.ts';
import { prepared } from '../prepare-lesson.ts';
import { recordOf } from './record-run.ts';

interface RunRequest {
  readonly id: number;
  readonly type: 'run';
  readonly data: ScenarioData;
  readonly variant: string | null;
  readonly exhibit: string | null;
  /** A crash point with its image: the run with that death in place of the scripted ones. */
  readonly point?: string;
}

interface StripRequest {
  readonly id: number;
  readonly type: 'strip';
  readonly data: ScenarioData;
  readonly exhibit: string | null;
  readonly node: string;
  readonly heights: string;
}

interface PrintRequest {
  readonly id: number;
  readonly type: 'print';
  readonly data: ScenarioData;
  readonly as: 'typescript' | 'yaml' | 'mocha';
  readonly properties: readonly string[];
}

interface LessonRequest {
  readonly id: number;
  readonly type: 'lesson';
  readonly lesson: Lesson;
}

export type EngineRequest = RunRequest | StripRequest | PrintRequest | LessonRequest;

/** A worker's own names; the page's types know windows only. */
declare const self: {
  onmessage: ((event: { readonly data: EngineRequest }) => void) | null;
  postMessage(message: unknown): void;
};

self.onmessage = ({ data: request }) => {
  const { id } = request;
  try {
    self.postMessage({ id, done: true, ...answer(request) });
  } catch (error) {
    self.postMessage({ id, done: true, error: error instanceof Error ? error.message : String(error) });
  }
};

function answer(request: EngineRequest): object {
  switch (request.type) {
    case 'run': {
      const { data, variant, exhibit, point } = request;
      const broken = exhibit === null ? {} : { exhibit };
      if (point !== undefined) return { record: recordOf(pointCase(data, point, variant === null ? {} : { variant }), broken) };
      return { record: recordOf(data, { ...broken, ...(variant === null ? {} : { variant }) }) };
    }
    case 'strip':
      return strip(request);
    case 'lesson':
      return prepared(request.lesson);
    case 'print': {
      const { data, as, properties } = request;
      if (as === 'yaml') return { text: formatScenario(data) };
      return { text: as === 'mocha' ? mochaSource(data, properties) : scenarioSource(data) };
    }
  }
}

function strip({ id, data, exhibit, node, heights }: StripRequest): object {
  const options = { nodes: [node], heights, pending: 1, ...(exhibit === null ? {} : { exhibit }) };
  const { images, isComplete } = crashpoints(data, options, ({ point, phase, verdict, failures }) => {
    const [first] = failures;
    const cell = {
      name: pointText(point, phase),
      height: point.height,
      round: point.round,
      site: point.site,
      verdict,
      image: first?.death.image ?? (phase === 'torn' ? '' : 'none'),
      property: first?.property ?? '',
      message: first?.message ?? '',
    };
    self.postMessage({ id, done: false, cell });
    return undefined;
  });
  return { images, isComplete };
}
