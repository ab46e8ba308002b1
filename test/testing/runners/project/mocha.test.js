import { expect, use } from 'chai';
import { lazuriteChai } from 'lazurite/chai';
import { exampleSuite } from './example.js';

use(lazuriteChai);

// Those written by hand run on any machine; generated tests set their own limits.
exampleSuite({ it: (name, test) => it(name, test).timeout(60_000), expect });
