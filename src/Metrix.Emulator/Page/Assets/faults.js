import { apart, byId, make } from './dom.js';
import { span } from './time.js';

// The panel that sets faults. The server holds them: what is shown is what its stream says.
export class FaultPanel {
  #faults = [];

  constructor() {
    byId('faults-toggle').addEventListener('click', () => this.toggle());
    byId('fault-form').addEventListener('submit', event => {
      event.preventDefault();
      this.#put([...this.#faults, read()]);
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
    byId('fault-list').replaceChildren(...faults.map((fault, index) => make('li', {},
      make('span', {}, ...describe(fault)),
      make('button', {
        type: 'button', class: 'plain', 'aria-label': 'Remove this fault', onclick: () => this.#put(faults.toSpliced(index, 1)),
      }, 'Remove'))));
  }

  async #put(faults) {
    const error = byId('fault-error');
    try {
      const answer = await fetch('/api/faults', {
        method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(faults),
      });
      error.hidden = answer.ok;
      if (answer.ok) this.show(await answer.json());
      else error.textContent = (await answer.json()).error;
    } catch {
      error.hidden = false;
      error.textContent = 'The emulator cannot be reached.';
    }
  }
}

function read() {
  const answer = byId('fault-answer').value;
  const number = id => byId(id).value === '' ? undefined : Number(byId(id).value);
  const share = number('fault-share');
  return {
    status: /^\d+$/.test(answer) ? Number(answer) : undefined,
    neverAnswer: answer === 'never' || undefined,
    closeConnection: answer === 'close' || undefined,
    delayMilliseconds: number('fault-delay') ?? (answer === 'own' ? 3000 : undefined),
    requests: number('fault-requests'),
    share: share === undefined ? undefined : share / 100,
    app: byId('fault-app').value.trim() || undefined,
    slug: byId('fault-slug').value.trim() || undefined,
  };
}

function describe(fault) {
  const what = fault.neverAnswer ? 'No answer' : fault.closeConnection ? 'Connection closed' : fault.status ? `Answer ${fault.status}` : 'Late answer';
  const after = fault.delayMilliseconds ? ` after ${span(fault.delayMilliseconds)}` : '';
  const share = fault.share < 1 ? `${Math.round(fault.share * 100)} % of ` : '';
  const which = fault.requests ? `, ${fault.requests} more ${fault.requests > 1 ? 'times' : 'time'}` : ', until it is removed';
  return [
    `${what}${after} to ${share}the requests`,
    ...(fault.app ? [' of the app ', apart(fault.app)] : []),
    ...(fault.slug ? [' with the slug ', apart(fault.slug)] : []),
    which,
  ];
}
