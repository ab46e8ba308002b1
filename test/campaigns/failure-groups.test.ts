/** Failures of a campaign by property and cause. */
import { expect } from 'chai';
import { failureGroups } from '../../campaigns/index.ts';

const failure = (seed: number, ...properties: readonly (readonly [name: string, message: string])[]) => ({
  seed,
  hash: '',
  properties: properties.map(([name, message]) => ({ name, message })),
});

describe('failures of a campaign', () => {
  it('have one cause where only nodes, numbers and values differ', () => {
    const groups = failureGroups(
      [
        failure(3, ['write-ahead', 'B sent prevote(v7.1-B.2) before its frame was durable (wal/7.1.wal, byte 48)']),
        failure(1, ['agreement', 'A decided v1.0-A.1 at height 1, B decided v1.0-B.1']),
        failure(4, ['write-ahead', 'node-2 sent prevote(nil) before its frame was durable (wal/1.1.wal, byte 4)']),
        failure(
          5,
          ['write-ahead', 'A sent prevote(v9.0-C.1) before its frame was durable (wal/9.4.wal, byte 8)'],
          ['agreement', 'other'],
        ),
      ],
      ['A', 'B', 'node-2'],
    );
    expect(groups).to.deep.equal([
      { property: 'agreement', cause: 'N decided # at height #, N decided #', seeds: [1] },
      { property: 'agreement', cause: 'other', seeds: [5] },
      { property: 'write-ahead', cause: 'N sent prevote(#) before its frame was durable (#, byte #)', seeds: [3, 5] },
      { property: 'write-ahead', cause: 'N sent prevote(nil) before its frame was durable (#, byte #)', seeds: [4] },
    ]);
  });
});
