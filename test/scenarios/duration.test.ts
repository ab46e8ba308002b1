/** Durations: what is written is what is meant, to the microsecond, or it is refused. */
import { expect } from 'chai';
import { type Duration, durationText, longestMs, milliseconds } from '../../scenarios/duration.ts';
import { parseScenario } from '../../scenarios/yaml.ts';

/** The message with which a scenario of these lines is refused. */
function refusalOf(...lines: readonly string[]): string {
  try {
    parseScenario(['scenario: x', 'validators: { A: 1, B: 1 }', ...lines, ''].join('\n'), 'x.yaml');
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was taken');
}

describe('a duration', () => {
  it('keeps its microseconds, in a text as in a number', () => {
    expect(milliseconds('1.5ms')).to.equal(1.5);
    expect(milliseconds('0.25s')).to.equal(250);
    for (const ms of [0, 0.25, 88.097, 1500, 2000, 61_234.5]) expect(milliseconds(durationText(ms))).to.equal(ms);
  });

  it('is refused where its microseconds cannot be counted exactly', () => {
    expect(milliseconds(longestMs)).to.equal(longestMs);
    for (const duration of [
      '9999999999999999ms',
      '9999999999999s',
      '999999999999m',
      longestMs + 1,
      Number.MAX_VALUE,
    ] as Duration[])
      expect(() => milliseconds(duration), String(duration)).to.throw('longer than 285 years');
  });

  it('is refused so in a file, with its place', () => {
    expect(refusalOf('until: { time: 99999999999999999ms }')).to.match(/^x\.yaml:3:16: .*longer than 285 years/);
    expect(refusalOf('until: { time: 1.0e+300 }')).to.match(/^x\.yaml:3:16: 'time': at most \d+$/);
    expect(refusalOf('network: { delay: [1, 99999999999999999s] }')).to.match(/^x\.yaml:3:23: .*longer than 285 years/);
  });

  it('is named within a list of two, and so is a list of another length', () => {
    expect(refusalOf('network: { delay: [x, 1ms] }')).to.equal(
      "x.yaml:3:20: 'delay': expected a time, and found 'x'; write 500, '500ms', '5s' or '2m'",
    );
    expect(refusalOf('network: { delay: [1, 2, 3] }')).to.equal("x.yaml:3:19: 'delay': expected a list of 2, and found one of 3");
  });
});

describe('a file with other characters than YAML has', () => {
  it('is refused at the first of them', () => {
    expect(() => parseScenario('scenario: x\rvalidators: { A: 1 }\r', 'x.yaml')).to.throw('x.yaml:1:12: a line ends in CR alone');
    expect(() => parseScenario('scenario: x\nnodes: y\0\n', 'x.yaml')).to.throw('x.yaml:2:9: a control character (U+0000)');
  });

  it('is taken with CR LF at the end of its lines', () => {
    expect(parseScenario('scenario: x\r\nvalidators: { A: 1 }\r\n', 'x.yaml').name).to.equal('x');
  });
});
