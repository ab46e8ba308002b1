/** What users import today keeps working until 1.0: every name of version 0.1, from its path of then. */
import { expect } from 'chai';
import { formerValues } from './former-names.ts';

describe('the names of version 0.1', () => {
  for (const [path, names] of Object.entries(formerValues))
    it(`${path} still exports its ${names.length} values`, async () => {
      const door = (await import(path)) as Readonly<Record<string, unknown>>;
      expect(names.filter((name) => door[name] === undefined)).to.deep.equal([]);
    });
});
