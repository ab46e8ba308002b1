/** CBOR that comes from disks and peers is looked at before it is decoded, and no native code decodes it. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { Encoder, refuseHostile } from '../../core/cbor.ts';

const root = resolve(import.meta.dirname, '../..');
const cbor = new Encoder({ useRecords: false, tagUint8Array: false });
const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

describe('bytes of CBOR', () => {
  it('pass where they are one whole value, whatever it is', () => {
    const value = fc.object({
      maxDepth: 6,
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withTypedArray: true,
    });
    fc.assert(
      fc.property(value, (one) => {
        expect(() => refuseHostile(new Uint8Array(cbor.encode(one)))).to.not.throw();
      }),
      { seed: 1, numRuns: 500 },
    );
  });

  const refused: Readonly<Record<string, Uint8Array>> = {
    'an array of a hundred million places in five bytes': bytes(0x9a, 0x06, 0xb9, 0x5d, 0x50),
    'a map of as many': bytes(0xba, 0x06, 0xb9, 0x5d, 0x50),
    'a length above all integers': bytes(0x9b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
    'a text that is longer than the rest': bytes(0x78, 0x20, 0x61),
    'arrays within arrays without end': new Uint8Array(100_000).fill(0x81),
    'an array without a length': bytes(0x9f, 0x01, 0xff),
    'two values': bytes(0x01, 0x02),
    nothing: bytes(),
  };
  for (const [what, hostile] of Object.entries(refused))
    it(`are refused for ${what}`, () => {
      expect(() => refuseHostile(hostile)).to.throw(RangeError, /^CBOR: /);
    });

  it('are refused whatever is cut off', () => {
    const whole = new Uint8Array(cbor.encode([1, 'two', { three: [4, 5n, new Uint8Array(6)] }]));
    for (let length = 0; length < whole.length; length += 1)
      expect(() => refuseHostile(whole.subarray(0, length))).to.throw(RangeError);
  });

  it('are decoded without the native part of cbor-x, by all doors of the package', () => {
    const script = `
      const { isNativeAccelerationEnabled } = await import('cbor-x/decode');
      for (const door of ['index.ts', 'wal/index.ts', 'wal/storage/files.ts', 'campaigns/index.ts', 'testing/index.ts'])
        await import(${JSON.stringify(root)} + '/' + door);
      const loaded = (await import('cbor-x/decode')).isNativeAccelerationEnabled;
      console.log(isNativeAccelerationEnabled, loaded, process.report.getReport().sharedObjects.filter((one) => one.includes('cbor')).length);`;
    const args = ['--import', './dev/strip-types.js', '--conditions=lazurite-source', '--input-type=module', '-e', script];
    const { stdout, stderr } = spawnSync(process.execPath, args, {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect(stdout, stderr).to.equal('false false 0\n');
  }).timeout(60_000);
});
