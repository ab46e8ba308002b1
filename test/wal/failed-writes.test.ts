/** A log whose disk fails or is full: it writes nothing more, and what it acknowledged is there at the next boot. */
import { expect } from 'chai';
import { type BootOptions, Log, LogFailedError, SimulatedDisk, type Storage, StorageError } from '../../wal/index.ts';

const options: BootOptions = { attest: 'strict', salt: 2, keepBlocks: 1, heightOf: () => 1, blockAfter: () => new Uint8Array(8) };
const payload = (size: number): Uint8Array => new Uint8Array(size).fill(7);

/** A disk on which one call of an operation fails, the first time after `arm`; a write is cut short before it fails. */
class FailingDisk extends SimulatedDisk {
  armed: 'append' | 'sync' | 'writeAt' | 'syncDirectory' | undefined;

  #failsAt(operation: NonNullable<FailingDisk['armed']>): boolean {
    if (this.armed !== operation) return false;
    this.armed = undefined;
    return true;
  }
  override append(file: string, bytes: Uint8Array): void {
    const fails = this.#failsAt('append');
    super.append(file, fails ? bytes.subarray(0, 50) : bytes);
    if (fails) throw new StorageError('ENOSPC', 'append', file, 'no space is left');
  }
  override writeAt(file: string, offset: number, bytes: Uint8Array): void {
    if (this.#failsAt('writeAt')) throw new StorageError('EIO', 'writeAt', file, 'failed');
    super.writeAt(file, offset, bytes);
  }
  override sync(file: string): void {
    if (this.#failsAt('sync')) throw new StorageError('EIO', 'sync', file, 'failed');
    super.sync(file);
  }
  override syncDirectory(directory: string): void {
    if (this.#failsAt('syncDirectory')) throw new StorageError('EIO', 'syncDirectory', directory, 'failed');
    super.syncDirectory(directory);
  }
}

function started(): { readonly disk: FailingDisk; readonly log: Log } {
  const disk = new FailingDisk();
  Log.init(disk, 1, { attest: 'strict' });
  return { disk, log: Log.open(disk, options) };
}

describe('a log after a write that failed', () => {
  const failures: Readonly<Record<string, readonly [operation: NonNullable<FailingDisk['armed']>, act: (log: Log) => void]>> = {
    'an append': ['append', (log) => log.append('input', payload(300))],
    'an append of several': ['append', (log) => log.appendAll([{ kind: 'input', payload: payload(300) }])],
    'a sync': ['sync', (log) => log.flush()],
    'the witness of a sync': ['writeAt', (log) => log.flush()],
    'the store of a block': ['append', (log) => log.advance(payload(8), 9)],
    'the birth of a segment': ['syncDirectory', (log) => log.advance(payload(8), 9)],
  };
  for (const [what, [operation, act]] of Object.entries(failures))
    it(`writes nothing more, and loses nothing that it acknowledged: ${what}`, () => {
      const { disk, log } = started();
      log.append('input', payload(100));
      const acknowledged = log.flush();
      if (operation === 'sync' || operation === 'writeAt') log.append('input', payload(10));
      disk.armed = operation;
      expect(() => act(log)).to.throw(LogFailedError, /a write has failed .*open the log again/);
      const before = disk.present();
      for (const later of [
        () => log.append('input', payload(10)),
        () => log.appendAll([{ kind: 'input', payload: payload(10) }]),
        () => log.flush(),
        () => log.advance(payload(8), 9),
      ])
        expect(later).to.throw(LogFailedError);
      expect(disk.present()).to.deep.equal(before);
      const again = Log.open(disk, options);
      expect(again.height === 2 || [...again.entries()].some(({ sequence }) => sequence === acknowledged)).to.equal(true);
    });
});

describe('a boot on a disk that is nearly full', () => {
  /** The same disk, which says how much is free. */
  const withFree = (disk: SimulatedDisk, bytes: number): Storage =>
    new Proxy(disk as Storage, {
      get: (target, name) => {
        if (name === 'freeBytes') return () => bytes;
        const own = target[name as keyof Storage];
        return typeof own === 'function' ? own.bind(target) : own;
      },
    });

  it('is refused before anything is changed, and says how much it needs', () => {
    const { disk, log } = started();
    for (let frame = 0; frame < 20; frame += 1) log.append('input', payload(5000));
    log.flush();
    const before = disk.present();
    const open = (): Log => Log.open(withFree(disk, 100_000), options);
    expect(open).to.throw(StorageError, /boot \.: 12\d{4} bytes are written anew at boot, and 100000 are free.*\(ENOSPC\)/);
    expect(disk.present()).to.deep.equal(before);
    expect([...Log.open(withFree(disk, 200_000), options).entries()]).to.have.length(20);
  });

  it('is refused for init too', () => {
    const disk = new SimulatedDisk();
    expect(() => Log.init(withFree(disk, 1000), 1)).to.throw(StorageError, /ENOSPC/);
    expect([...disk.names()]).to.deep.equal([]);
  });
});
