import { badge, isolate, make } from './dom.js';
import { clock } from './time.js';

// Creates the cells of a row. Every row has the same cells in the same order, because the style sheet places them.
export function cells(row) {
  return [
    make('span', { class: 'time' }, clock(row.at)),
    make('span', { class: 'verdict' }, badge(row)),
    make('span', { class: 'event' },
      row.name && make('bdi', { dir: 'auto', class: 'event-name' }, row.name),
      make('bdi', { dir: 'auto', class: 'slug' }, row.slug ?? '(no slug)'),
      row.attempt > 1 ? attempt(row.attempt) : null),
    make('span', { class: 'app' }, isolate(row.app ?? '')),
    make('span', { class: 'platform' }, row.platform ?? ''),
    make('span', { class: 'user' }, isolate(row.user ?? '')),
    make('span', { class: 'data' },
      row.remark ? make('span', { class: `remark ${row.verdict}` }, isolate(row.remark)) : null,
      ...pairs(row.data)),
  ];
}

function attempt(number) {
  return make('span', { class: 'attempt', title: 'These bytes arrived before' }, `↻ ${number}`);
}

function pairs(data) {
  const elements = [];
  for (let i = 0; i < data.length; i += 2)
    elements.push(make('span', { class: 'pair' }, isolate(data[i]), isolate(data[i + 1])));
  return elements;
}
