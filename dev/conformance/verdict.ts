/** What a case comes to. `differs` names a difference between specification and engine, where the case was left. */
export type CaseResult =
  | { readonly type: 'ok'; readonly differs?: string }
  | { readonly type: 'not ok'; readonly step: number; readonly expected: string; readonly got: string }
  /** Not comparable here, with the reason. */
  | { readonly type: 'known'; readonly reason: string };

export type Row = readonly unknown[];

export function notOk(step: number, expected: unknown, got: unknown): CaseResult {
  return { type: 'not ok', step, expected: JSON.stringify(expected), got: JSON.stringify(got) };
}

export interface RecordedState {
  readonly h: number;
  readonly r: number;
  readonly s: string;
  readonly lr: number;
  readonly lv: string | null;
  readonly vr: number;
  readonly vv: string | null;
}
