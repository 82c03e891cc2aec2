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
const filters = new Filters(applyFilters);

let pending = null;   // rows that arrived while paused; null when not paused
let added = 0;        // rows added since the last frame
let unseen = 0;       // rows added above the visible part of the list
let stats = null;
let isDrawing = false;

const format = number => number.toLocaleString('en');

const counters = Object.fromEntries(verdicts.map(verdict => {
  const number = make('b', {}, '0');
  const button = make('button', {
    type: 'button', class: verdict, 'aria-pressed': true, 'data-verdict': verdict,
    title: `Show or hide ${verdict} requests`,
    onclick: () => button.setAttribute('aria-pressed', filters.toggle(verdict)),
  }, number, make('span', {}, verdict));
  byId('counters').append(button);
  return [verdict, number];
}));

listen(limit, {
  state(state) {
    byId('connection').dataset.state = state;
    byId('connection').textContent = state === 'live' ? 'live' : 'lost, reconnecting';
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
      addRows(batch);
    }
    draw();
  },
  stats(counts) { stats = counts; draw(); },
  faults(current) { faults.show(current); },
});

function addRows(batch) {
  added += rows.add(batch);
  filters.offer(batch);
  if (batch.some(row => details.isAffectedBy(row))) details.refresh();
}

// At most once per frame, however much arrives: a screen cannot show more.
function draw() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    unseen = list.isAtTop ? 0 : unseen + added;
    list.show(rows.shown, added);
    added = 0;
    updateTexts();
  });
}

function updateTexts() {
  if (stats) {
    for (const verdict of verdicts) counters[verdict].textContent = format(stats[verdict]);
    chart.show(stats);
    stats = null;
  }
  byId('pause').textContent = pending ? `Resume (${format(pending.length)})` : 'Pause';
  byId('newer').hidden = unseen === 0;
  byId('newer').textContent = `↑ ${format(unseen)} new`;
  const [shown, all] = [rows.shown.length, rows.all.length];
  byId('shown').textContent = filters.isActive ? `${format(shown)} of ${format(all)}` : `${format(all)} kept`;
  byId('empty').hidden = shown > 0;
  byId('empty-text').textContent = all > 0 ? 'Nothing matches the filter.' : 'Nothing has arrived yet. Send events to';
  byId('empty-endpoint').textContent = all > 0 ? '' : `${location.origin}/inappevent/{appId}`;
}

function applyFilters() {
  rows.filter(filters.matcher());
  added = unseen = 0;
  list.scrollToTop();
  draw();
}

function open(row, takesFocus) {
  list.select(row);
  details.open(row, takesFocus);
}

function togglePause() {
  const paused = pending;
  pending = paused ? null : [];
  byId('pause').setAttribute('aria-pressed', !paused);
  if (paused) addRows(paused);
  draw();
}

byId('pause').addEventListener('click', togglePause);
// If this fails, nothing is cleared, and the status at the top shows that the connection is lost.
byId('clear').addEventListener('click', () => fetch('/api/events', { method: 'DELETE' }).catch(() => {}));
byId('newer').addEventListener('click', () => { list.scrollToTop(); byId('list').focus(); });
list.onscroll = () => { if (list.isAtTop && unseen > 0) { unseen = 0; updateTexts(); } };
list.onmove = row => { if (details.isOpen) details.open(row, false); };
details.onclose = () => { list.select(null); byId('list').focus(); };
details.onopen = id => open(rows.all.find(row => row.id === id) ?? { id, same: details.attemptKey }, true);
details.onattempts = attemptKey => filters.showAttempts(attemptKey);

document.addEventListener('keydown', event => {
  if (event.key === 'Escape' && details.isOpen) return details.close();
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches('input, select')) return;
  const actions = { '/': () => byId('filter-text').focus(), p: togglePause, f: () => faults.toggle() };
  if (!actions[event.key]) return;
  event.preventDefault();
  actions[event.key]();
});
