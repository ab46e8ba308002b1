import { it } from 'node:test';
import { expect, use } from 'chai';
import { lazuriteChai } from 'lazurite/chai';
import { exampleSuite } from './example.js';

use(lazuriteChai);

exampleSuite({ it, expect });
