import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect } from 'chai';
import { allRoleNames } from '../../actors/byzantine/index.ts';
import { loadScenario, scenarioFiles } from '../../apps/cli/load-scenario.ts';
import { siteOf } from '../../core/effects.ts';
import { faultKinds } from '../../scenarios/faults.ts';
import { runScenario } from '../../scenarios/index.ts';
import { liesOf } from '../../scenarios/lies.ts';
import { marksOf } from '../../scenarios/marks.ts';
import { momentOf } from '../../scenarios/moments.ts';
import {
  eventsOfAnyNode,
  fieldsOfEvents,
  numberFields,
  raftEvents,
  sites,
  tendermintEvents,
  wordsOfFields,
} from '../../scenarios/vocabulary.ts';

const library = join(import.meta.dirname, '../../scenarios/library');
const written = join(import.meta.dirname, '../../scenarios/yaml');

describe('the library', () => {
  const seen = { events: new Map<string, Set<string>>(), sites: new Set<string>() };

  for (const file of scenarioFiles([library, written])) {
    it(`${basename(file)} runs as expected, twice with one hash`, async () => {
      const { data } = await loadScenario(file);
      if (file.startsWith(library)) expect(data.description).to.have.length.greaterThan(30);
      const variants = data.variants.length === 0 ? [undefined] : data.variants.map(({ name }) => name);
      for (const variant of variants) {
        const options = variant === undefined ? {} : { variant };
        const run = runScenario(data, { ...options, record: true });
        expect(run.complaints, variant).to.deep.equal([]);
        expect(runScenario(data, options).hash).to.equal(run.hash);
        for (const event of run.world.trace.events()) {
          const moment = momentOf(event);
          if (moment !== undefined) {
            const fields = seen.events.get(moment.name) ?? new Set();
            for (const field of Object.keys(moment.detail)) fields.add(field);
            seen.events.set(moment.name, fields);
            const words = data.protocol === undefined ? wordsOfFields[moment.name] : undefined;
            for (const [field, value] of Object.entries(moment.detail)) {
              if (words?.[field] !== undefined) expect(words[field], moment.name).to.include(String(value));
              else if (numberFields.includes(field) && value !== undefined)
                expect(value, `${moment.name} ${field}`).to.be.a('number');
            }
          }
          const site = event.type === 'effect' ? siteOf(event.effect) : undefined;
          if (site !== undefined) seen.sites.add(site);
        }
      }
    });
  }

  it('has a story for every kind of fault, every role of a liar, and a damaged block store', async () => {
    const kinds = new Set<string>();
    const roles = new Set<string>();
    const files = new Set<string>();
    for (const file of scenarioFiles([library, written])) {
      const { data } = await loadScenario(file);
      for (const { fault } of data.faults) {
        kinds.add(fault.type);
        if ('file' in fault && fault.file !== undefined) files.add(fault.file);
      }
      for (const { role } of Object.values(data.byzantine).flatMap(liesOf)) roles.add(role);
      for (const step of Object.values(data.scripts).flat()) {
        if (step.type === 'death') kinds.add(step.kind === 'power' ? 'crash' : 'kill');
        if (step.type === 'isolate') kinds.add('partition');
        if (step.type === 'disk') kinds.add({ flip: 'bit-flip', 'fail-fsync': 'fsync-fails', wipe: 'wipe' }[step.fault.type]);
      }
    }
    expect([...kinds]).to.have.members(Object.keys(faultKinds));
    expect([...roles]).to.have.members(allRoleNames);
    expect([...files]).to.have.members(['wal', 'blocks']);
  });

  it('comes by every event and every site that has a name, and by no other', () => {
    expect([...seen.sites]).to.have.members(sites);
    const events = [...eventsOfAnyNode, ...tendermintEvents, ...raftEvents];
    expect([...seen.events.keys()]).to.have.members(events);
    for (const [name, fields] of Object.entries(fieldsOfEvents))
      expect([...(seen.events.get(name) ?? [])], name).to.have.members(fields);
    const page = readFileSync(join(import.meta.dirname, '../../docs/reference/events-and-sites.md'), 'utf8');
    for (const name of [...sites, ...events, ...marksOf('tendermint'), ...marksOf('raft')])
      expect(page, name).to.contain(`\`${name}\``);
  });
});
