import { lazuriteChai } from 'lazurite/chai';
import { chai, expect, it } from 'vitest';
import { exampleSuite } from './example.js';

chai.use(lazuriteChai);

exampleSuite({ it: (name, test) => it(name, test, 60_000), expect });
