/** One of the ways to record a program, prepared for one run of it: by a recorder inside Node, by strace, or by a file system. */
import type { AnswerWrite } from './answer-marks.ts';
import type { RecordedCall } from './calls.ts';
import type { HttpRun } from './http-run.ts';

export interface RunToRecord {
  readonly command: readonly string[];
  /** The watched folder: absolute, without symbolic links. */
  readonly folder: string;
  readonly workingFolder: string;
  /** An empty folder for what the recorder writes. */
  readonly spool: string;
  readonly http: HttpRun | undefined;
}

export interface Way {
  /** What is started in place of the command. */
  readonly command: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** The file that becomes the program's standard output. */
  readonly output: string;
  /** Where that file can be read. */
  readonly shown: string;
  /** What was recorded, once the program has ended. From then on the folder can be read as the program left it. */
  seen(): Promise<Seen>;
  /** Undoes what was prepared, also where nothing was recorded. A second time it does nothing. */
  end(): Promise<void>;
}

export interface Seen {
  readonly calls: readonly RecordedCall[];
  readonly answerWrites: readonly AnswerWrite[];
}
