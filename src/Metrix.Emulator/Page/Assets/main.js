import { byId, make, verdicts } from './dom.js';
import { Chart } from './chart.js';
import { Details } from './details.js';
import { FaultPanel } from './faults.js';
import { Filters } from './filters.js';
import { List } from './list.js';
import { Rows } from './rows.js';
import { cells } from './row.js';
import { listen } from './stream.js';

const limit = 100_000;
const rows = new Rows(limit);
const chart = new Chart(byId('chart'));
const faults = new FaultPanel();
const details = new Details();
const list = new List(byId('list'), cells, open);
const filters = new Filters(refilter);

let pending = null;   // what came while paused; null when not paused
let added = 0;        // rows shown since the last frame
let unseen = 0;       // rows shown above the part in sight
let stats = null;
let isDrawing = false;

const counters = Object.fromEntries(verdicts.map(verdict => {
  const number = make('b', {}, '0');
  const button = make('button', {
    type: 'button', class: verdict, 'aria-pressed': true, 'data-verdict': verdict, title: `Show or hide what was ${verdict}`,
    onclick: () => button.setAttribute('aria-pressed', filters.toggle(verdict)),
  }, number, make('span', {}, verdict));
  byId('counters').append(button);
  return [verdict, number];
}));

listen(limit, {
  state(state) {
    byId('connection').dataset.state = state;
    byId('connection').textContent = state === 'live' ? 'live' : 'lost, connecting again';
  },
  reset() {
    rows.clear();
    if (pending) pending = [];
    added = unseen = 0;
    if (details.isOpen) details.close();
    draw();
  },
  arrivals(batch) {
    if (pending) {
      pending.push(...batch);
      if (pending.length > limit) pending.splice(0, pending.length - limit);
    } else {
      take(batch);
    }
    draw();
  },
  stats(counts) { stats = counts; draw(); },
  faults(set) { faults.show(set); },
});

function take(batch) {
  added += rows.add(batch);
  filters.offer(batch);
  if (batch.some(row => details.concerns(row))) details.refresh();
}

// Once a frame at most, however much comes: a screen shows no more.
function draw() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    unseen = list.isAtTop ? 0 : unseen + added;
    list.show(rows.shown, added);
    added = 0;
    tell();
  });
}

function tell() {
  if (stats) {
    for (const verdict of verdicts) counters[verdict].textContent = stats[verdict].toLocaleString('en');
    chart.show(stats);
    stats = null;
  }
  byId('pause').textContent = pending ? `Resume (${pending.length.toLocaleString('en')})` : 'Pause';
  byId('newer').hidden = unseen === 0;
  byId('newer').textContent = `↑ ${unseen.toLocaleString('en')} new`;
  const [shown, all] = [rows.shown.length, rows.all.length];
  byId('shown').textContent = filters.isActive ? `${shown.toLocaleString('en')} of ${all.toLocaleString('en')}` : `${all.toLocaleString('en')} held`;
  byId('empty').hidden = shown > 0;
  byId('empty-text').textContent = all > 0 ? 'Nothing passes the filter.' : 'Nothing arrived yet. Send events to';
  byId('empty-endpoint').textContent = all > 0 ? '' : `${location.origin}/inappevent/{appId}`;
}

function refilter() {
  rows.filter(filters.matcher());
  added = unseen = 0;
  list.toTop();
  draw();
}

function open(row, takesFocus) {
  list.select(row);
  details.open(row, takesFocus);
}

function pause() {
  const held = pending;
  pending = held ? null : [];
  byId('pause').setAttribute('aria-pressed', !held);
  if (held) take(held);
  draw();
}

byId('pause').addEventListener('click', pause);
// Without an answer nothing is cleared, and the line at the top says that the connection is lost.
byId('clear').addEventListener('click', () => fetch('/api/events', { method: 'DELETE' }).catch(() => {}));
byId('newer').addEventListener('click', () => { list.toTop(); byId('list').focus(); });
list.onscroll = () => { if (list.isAtTop && unseen > 0) { unseen = 0; tell(); } };
list.onmove = row => { if (details.isOpen) details.open(row, false); };
details.onclose = () => { list.select(null); byId('list').focus(); };
details.onopen = id => open(rows.all.find(row => row.id === id) ?? { id, same: details.same }, true);
details.onattempts = same => filters.only(same);

document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && details.isOpen) return details.close();
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, select')) return;
  const actions = { '/': () => byId('filter-text').focus(), p: pause, f: () => faults.toggle() };
  if (!actions[event.key]) return;
  event.preventDefault();
  actions[event.key]();
});
