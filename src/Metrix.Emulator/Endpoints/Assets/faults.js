import { byId, isolate, make } from './dom.js';
import { duration } from './time.js';

const defaultDelayMilliseconds = 3000;

// The panel that sets faults. The server holds the faults; the panel shows what the server's stream reports.
export class FaultPanel {
  #faults = [];

  constructor() {
    byId('faults-toggle').addEventListener('click', () => this.toggle());
    byId('fault-form').addEventListener('submit', event => {
      event.preventDefault();
      this.#put([...this.#faults, readForm()]);
    });
    byId('faults-clear').addEventListener('click', () => this.#put([]));
  }

  toggle() {
    const panel = byId('faults');
    panel.hidden = !panel.hidden;
    byId('faults-toggle').setAttribute('aria-expanded', !panel.hidden);
    if (!panel.hidden) byId('fault-answer').focus();
  }

  show(faults) {
    this.#faults = faults;
    byId('faults-toggle').textContent = faults.length > 0 ? `Faults (${faults.length})` : 'Faults';
    byId('fault-list').replaceChildren(...faults.map((fault, index) => this.#item(fault, index)));
  }

  #item(fault, index) {
    const remove = () => this.#put(this.#faults.toSpliced(index, 1));
    return make('li', {},
      make('span', {}, ...describe(fault)),
      make(
        'button', { type: 'button', class: 'plain', 'aria-label': 'Remove this fault', onclick: remove }, 'Remove'));
  }

  async #put(faults) {
    const error = byId('fault-error');
    try {
      const response = await fetch('/api/faults', {
        method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(faults),
      });
      error.hidden = response.ok;
      if (response.ok) this.show(await response.json());
      else error.textContent = (await response.json()).error;
    } catch {
      error.hidden = false;
      error.textContent = 'The emulator does not respond. Check that it is running.';
    }
  }
}

function readForm() {
  const answer = byId('fault-answer').value;
  const number = id => byId(id).value === '' ? undefined : Number(byId(id).value);
  const sharePercent = number('fault-share');
  return {
    status: /^\d+$/.test(answer) ? Number(answer) : undefined,
    neverAnswer: answer === 'never' || undefined,
    closeConnection: answer === 'close' || undefined,
    delayMilliseconds: number('fault-delay') ?? (answer === 'own' ? defaultDelayMilliseconds : undefined),
    requests: number('fault-requests'),
    share: sharePercent === undefined ? undefined : sharePercent / 100,
    app: byId('fault-app').value.trim() || undefined,
    slug: byId('fault-slug').value.trim() || undefined,
  };
}

function describe(fault) {
  const answer = fault.neverAnswer ? 'No answer'
    : fault.closeConnection ? 'Connection closed'
    : fault.status ? `Answer ${fault.status}` : 'Late answer';
  const delay = fault.delayMilliseconds ? ` after ${duration(fault.delayMilliseconds)}` : '';
  const share = fault.share < 1 ? `${Math.round(fault.share * 100)} % of ` : '';
  const remaining = fault.requests
    ? `, ${fault.requests} more ${fault.requests > 1 ? 'times' : 'time'}`
    : ', until you remove it';
  return [
    `${answer}${delay} to ${share}the requests`,
    ...(fault.app ? [' of the app ', isolate(fault.app)] : []),
    ...(fault.slug ? [' with the slug ', isolate(fault.slug)] : []),
    remaining,
  ];
}
