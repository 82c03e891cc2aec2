import { verdicts } from './dom.js';
import { minute } from './time.js';

// Shows the events per minute of the last hour as stacked bars, by verdict.
const minutes = 60;
const height = 100;

export class Chart {
  #svg;
  #caption;
  #stats = { minutes: [] };

  constructor(figure) {
    this.#svg = figure.querySelector('svg');
    this.#caption = figure.querySelector('figcaption');
    this.#svg.setAttribute('viewBox', `0 0 ${minutes} ${height}`);
    // The time axis must advance even when no event arrives.
    setInterval(() => this.show(this.#stats), 10_000);
    this.show(this.#stats);
  }

  show(stats) {
    this.#stats = stats;
    const now = Math.floor(Date.now() / 60_000);
    const bars = stats.minutes
      .map(counts => ({ counts, age: now - Math.floor(Date.parse(counts.at) / 60_000) }))
      .filter(bar => bar.age >= 0 && bar.age < minutes);
    const highest = Math.max(1, ...bars.map(bar => sum(bar.counts)));
    const axis = rectangle('axis', 0, height - 1.5, minutes, 1.5);
    this.#svg.replaceChildren(axis, ...bars.flatMap(bar => stack(bar, highest)));
    const total = bars.reduce((all, bar) => all + sum(bar.counts), 0);
    const peak = total === 0 ? 'no events in the last hour' : `up to ${highest.toLocaleString('en')} per minute`;
    this.#svg.setAttribute('aria-label', `Events per minute by verdict: ${total} in the last hour, ${peak}`);
    this.#caption.replaceChildren(
      ...[minute((now - minutes + 1) * 60_000), peak, minute(now * 60_000)].map(span));
  }
}

const sum = counts => verdicts.reduce((all, verdict) => all + counts[verdict], 0);

function stack({ counts, age }, highest) {
  const parts = verdicts.filter(verdict => counts[verdict]).map(verdict => `${counts[verdict]} ${verdict}`);
  const label = `${minute(Date.parse(counts.at))}: ${parts.join(', ')}`;
  let top = height;
  return verdicts.filter(verdict => counts[verdict] > 0).map(verdict => {
    // Even the smallest bar must be visible.
    const size = Math.max(3, (counts[verdict] / highest) * (height - 4));
    top -= size;
    return rectangle(verdict, minutes - 1 - age + .1, top, .8, size, label);
  });
}

function rectangle(kind, x, y, width, size, label) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ class: kind, x, y, width, height: size }))
    element.setAttribute(name, value);
  if (label) {
    const title = document.createElementNS('http://www.w3.org/2000/svg', 'title');
    title.textContent = label;
    element.append(title);
  }
  return element;
}

function span(text) {
  const element = document.createElement('span');
  element.textContent = text;
  return element;
}
