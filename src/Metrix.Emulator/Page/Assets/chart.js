import { verdicts } from './dom.js';
import { minute } from './time.js';

// Events a minute by verdict over the last hour, as stacked bars.
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
    // An hour without arrivals moves on too.
    setInterval(() => this.show(this.#stats), 10_000);
    this.show(this.#stats);
  }

  show(stats) {
    this.#stats = stats;
    const now = Math.floor(Date.now() / 60_000);
    const bars = stats.minutes.map(counts => ({ counts, age: now - Math.floor(Date.parse(counts.at) / 60_000) }))
      .filter(bar => bar.age >= 0 && bar.age < minutes);
    const most = Math.max(1, ...bars.map(bar => sum(bar.counts)));
    this.#svg.replaceChildren(rectangle('axis', 0, height - 1.5, minutes, 1.5), ...bars.flatMap(bar => stack(bar, most)));
    const total = bars.reduce((all, bar) => all + sum(bar.counts), 0);
    const peak = total === 0 ? 'nothing in the last hour' : `up to ${most.toLocaleString('en')} a minute`;
    this.#svg.setAttribute('aria-label', `Events a minute by verdict: ${total} in the last hour, ${peak}`);
    this.#caption.replaceChildren(...[minute((now - minutes + 1) * 60_000), peak, minute(now * 60_000)].map(span));
  }
}

const sum = counts => verdicts.reduce((all, verdict) => all + counts[verdict], 0);

function stack({ counts, age }, most) {
  const label = `${minute(Date.parse(counts.at))}: ${verdicts.filter(v => counts[v]).map(v => `${counts[v]} ${v}`).join(', ')}`;
  let top = height;
  return verdicts.filter(verdict => counts[verdict] > 0).map(verdict => {
    // The least bar is still seen.
    const size = Math.max(3, (counts[verdict] / most) * (height - 4));
    top -= size;
    return rectangle(verdict, minutes - 1 - age + .1, top, .8, size, label);
  });
}

function rectangle(kind, x, y, width, size, label) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ class: kind, x, y, width, height: size })) made.setAttribute(name, value);
  if (label) {
    const title = document.createElementNS('http://www.w3.org/2000/svg', 'title');
    title.textContent = label;
    made.append(title);
  }
  return made;
}

function span(text) {
  const made = document.createElement('span');
  made.textContent = text;
  return made;
}
