/** The gallery: a page for each lesson, scenario and broken node, and a first page that leads to all of them. */
import { expect } from 'chai';
import { galleryFiles } from '../../../apps/page/gallery.ts';
import { firstPage } from '../../../apps/page/gallery-index.ts';
import { lessonsThatShip } from '../../../apps/page/lessons.ts';
import { recordOf } from '../../../apps/page/record/record-run.ts';
import { pictureOf } from '../../../apps/page/thumbnail.ts';
import { event, scenario } from '../../../scenarios/index.ts';

const parts = { script: '', style: '', engine: '' };

describe('the gallery', function () {
  this.timeout(120_000);

  it('makes a page for each lesson and each scenario that is given', () => {
    const { data } = scenario('mine', { A: 1 }).until({ time: '100ms' });
    const lessons = lessonsThatShip().slice(0, 2);
    const names: string[] = [];
    for (const { name, text } of galleryFiles(parts, [{ name: 'mine', data }], lessons)) {
      names.push(name);
      expect(text, name).to.match(/^<!doctype html>/);
      if (name === 'mine.html') break;
    }
    expect(names).to.deep.equal([...lessons.map(({ name }) => `lesson-${name}.html`), 'mine.html']);
  });

  it('has a first page with a card for each: picture, sentence, length; what is hostile is text', () => {
    const card = { file: 'a.html', title: '<b>title</b>', sentence: 'x < y', length: '3 steps', picture: '<svg></svg>' };
    const page = firstPage({ lessons: [card, card], scenarios: [card], museum: [] });
    expect(page.match(/<a href="a\.html">/g)).to.have.length(3);
    expect(page).to.contain('&#60;b&#62;title').and.to.contain('x &#60; y').and.not.to.contain('<script');
  });

  it('draws deaths and what was broken into the picture of a run', () => {
    const { data } = scenario('mine', { A: 1, B: 1, C: 1, D: 1 })
      .fault(
        { ...event('publish', { type: 'precommit', height: 2 }), node: 'B' },
        { type: 'crash', nodes: ['B'], restartMs: 100 },
      )
      .until({ time: '300ms' });
    expect(pictureOf(recordOf(data)))
      .to.contain('class="down"')
      .and.not.to.contain('class="broken"');
    expect(pictureOf(recordOf(data, { exhibit: 'no-fsync' }))).to.contain('class="broken"');
  });
});
