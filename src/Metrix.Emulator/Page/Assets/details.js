import { apart, badge, byId, make } from './dom.js';
import { clock, span } from './time.js';
import { curl } from './curl.js';
import { fields } from './fields.js';

// One event opened: fetched when it is asked for, as the list knows only a summary.
export class Details {
  #panel = byId('details');
  #id = null;
  same = null;
  onclose = () => {};
  onopen = () => {};
  onattempts = () => {};

  get isOpen() { return this.#id !== null; }

  async open(id, same, takesFocus) {
    this.#id = id;
    this.same = same;
    const answer = await fetch(`/api/events/${id}`).catch(() => null);
    // Another was opened while this one was fetched.
    if (this.#id !== id) return;
    this.#panel.replaceChildren(...(answer?.ok ? this.#content(await answer.json()) : this.#gone()));
    this.#panel.hidden = false;
    byId('details').parentElement.classList.add('open');
    if (takesFocus) this.#panel.querySelector('h2').focus();
  }

  // Another attempt at the same event came.
  refresh() {
    const top = this.#panel.scrollTop;
    this.open(this.#id, this.same, false).then(() => { this.#panel.scrollTop = top; });
  }

  close() {
    this.#id = null;
    this.same = null;
    this.#panel.hidden = true;
    this.#panel.replaceChildren();
    this.#panel.parentElement.classList.remove('open');
    this.onclose();
  }

  #content(event) {
    return [
      make('header', {}, this.#title(event), badge({ ...event, ...event.answer }), this.#close()),
      make('p', { class: 'facts' }, ...facts(event)),
      ...event.remarks.map(remark => note(remark, event)),
      ...(event.duplicates.length > 0 ? [this.#duplicates(event)] : []),
      ...(event.attempts.length > 1 ? this.#attempts(event) : []),
      make('h3', {}, 'Fields'),
      fields(event),
      make('h3', {}, 'Request', this.#copy(event)),
      request(event),
      make('h3', {}, 'Answer'),
      answer(event),
    ];
  }

  #title(event) {
    return make('h2', { tabindex: -1 },
      event.eventName && apart(event.eventName),
      make('bdi', { dir: 'auto', class: event.eventName ? 'slug' : '' }, event.eventSlug ?? `Request ${event.id}`));
  }

  #close() {
    return make('div', { class: 'actions close' },
      make('button', { type: 'button', class: 'plain', title: 'Close (Esc)', onclick: () => this.close() }, 'Close'));
  }

  #gone() {
    return [make('header', {}, make('h2', { tabindex: -1 }, 'This request is no longer kept'), this.#close())];
  }

  #attempts(event) {
    return [
      make('h3', {}, 'Attempts at this event',
        make('button', { type: 'button', class: 'plain', onclick: () => this.onattempts(this.same) }, 'Only these in the list')),
      make('ol', { class: 'attempts' }, ...event.attempts.map((attempt, index) => this.#attempt(attempt, event, event.attempts[index - 1]))),
    ];
  }

  #attempt(attempt, event, former) {
    const gap = former ? `${span(Date.parse(attempt.receivedAt) - Date.parse(former.receivedAt))} later` : '';
    return make('li', { class: attempt.id === event.id ? 'this' : '' },
      make('button', { type: 'button', class: 'plain', onclick: () => this.onopen(attempt.id) }, clock(Date.parse(attempt.receivedAt))),
      badge(attempt), make('span', { class: 'gap' }, gap));
  }

  #duplicates(event) {
    const times = event.duplicates.map(other => make('button',
      { type: 'button', class: 'plain', onclick: () => this.onopen(other.id) }, clock(Date.parse(other.receivedAt))));
    return make('div', { class: 'note warned', 'data-note': 'duplicates' },
      make('b', {}, `Accepted ${event.duplicates.length + 1} times: the same app, user, slug and time`),
      make('p', {}, 'Metrix may count each. After an answer that got lost that is the price of delivery at least once; else look for what sends twice. The others: ', ...times));
  }

  #copy(event) {
    const button = make('button', { type: 'button', class: 'plain', id: 'copy-curl' }, 'Copy as curl');
    button.addEventListener('click', async () => {
      const command = curl(event.request, location.origin);
      try {
        await navigator.clipboard.writeText(command);
        button.textContent = 'Copied';
      } catch {
        // Without https a browser gives the clipboard to this machine's own pages only: here it is, to be copied by hand.
        button.parentElement.after(make('pre', { dir: 'ltr' }, command));
      }
    });
    return button;
  }
}

function facts(event) {
  const made = [`arrived at ${clock(Date.parse(event.receivedAt))}`];
  if (event.lateMilliseconds !== undefined)
    made.push(`, ${span(event.lateMilliseconds)} ${event.lateMilliseconds < 0 ? 'before' : 'after'} its eventTime`);
  made.push(' · app ', apart(event.appId || '(none)'), ` · from ${event.request.remoteAddress} · no. ${event.id}`);
  return made;
}

function note(remark, event) {
  const kind = { error: 'rejected', warning: 'warned', fault: 'faulted' }[remark.severity];
  const said = remark.severity === 'error' ? `${event.answer.status} ${event.answer.phrase}: ` : '';
  return make('div', { class: `note ${kind}`, 'data-note': remark.severity },
    make('b', {}, said, apart(remark.text)), make('p', {}, remark.advice));
}

function request({ request, remarks }) {
  const wrong = name => remarks.find(remark => remark.field?.toLowerCase() === name.toLowerCase());
  const lines = [apart(`${request.method} ${request.path} ${request.protocol}`), '\n'];
  for (const { name, value } of request.headers)
    lines.push(make('span', { class: wrong(name) ? 'at rejected' : '', title: wrong(name)?.text }, apart(`${name}: ${value}`)), '\n');
  lines.push('\n', ...texts(request.body), request.isBodyCutShort ? '… (it went on)' : '');
  return make('pre', { id: 'raw', dir: 'ltr', tabindex: 0, 'aria-label': 'The request as it came' }, ...lines);
}

// Each string of the JSON apart: two Persian ones with a comma between would be shown in the wrong order.
function texts(body) {
  return body.split(/("(?:[^"\\]|\\.)*")/).map((part, index) => index % 2 ? apart(part) : part);
}

function answer({ answer }) {
  const made = [];
  if (answer.delayMilliseconds) made.push(`after ${span(answer.delayMilliseconds)}: `);
  if (answer.manner === 'held') made.push('none; the request was held');
  else if (answer.manner === 'closed') made.push('none; the connection was closed');
  else made.push(`${answer.status} ${answer.phrase}\n`, ...answer.headers.map(h => `${h.name}: ${h.value}\n`), answer.body);
  return make('pre', { id: 'answer', dir: 'ltr' }, ...made);
}
