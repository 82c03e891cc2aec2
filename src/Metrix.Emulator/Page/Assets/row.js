import { apart, badge, make } from './dom.js';
import { clock } from './time.js';

// The cells of a row. They are the same in number and order in every row: the style sheet places them.
export function cells(row) {
  return [
    make('span', { class: 'time' }, clock(row.at)),
    make('span', { class: 'verdict' }, badge(row)),
    make('span', { class: 'event' },
      row.name && make('bdi', { dir: 'auto', class: 'event-name' }, row.name),
      make('bdi', { dir: 'auto', class: 'slug' }, row.slug ?? '(no slug)'),
      row.attempt > 1 ? make('span', { class: 'attempt', title: 'The same bytes came before' }, `↻ ${row.attempt}`) : null),
    make('span', { class: 'app' }, apart(row.app ?? '')),
    make('span', { class: 'platform' }, row.platform ?? ''),
    make('span', { class: 'user' }, apart(row.user ?? '')),
    make('span', { class: 'data' },
      row.remark ? make('span', { class: `remark ${row.verdict}` }, apart(row.remark)) : null,
      ...pairs(row.data)),
  ];
}

function pairs(data) {
  const made = [];
  for (let i = 0; i < data.length; i += 2)
    made.push(make('span', { class: 'pair' }, apart(data[i]), apart(data[i + 1])));
  return made;
}
