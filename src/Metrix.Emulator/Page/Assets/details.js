import { apart, badge, byId, make } from './dom.js';
import { clock, span } from './time.js';
import { curl } from './curl.js';
import { fields } from './fields.js';

// One event opened: fetched when it is asked for, as the list knows only a summary.
export class Details {
  #panel = byId('details');
  #id = null;
  #isRefreshing = false;
  same = null;
  like = null;
  onclose = () => {};
  onopen = () => {};
  onattempts = () => {};

  get isOpen() { return this.#id !== null; }

  async open(row, takesFocus) {
    this.#id = row.id;
    this.same = row.same;
    this.like = likeness(row);
    if (!await this.#show(row.id)) return;
    this.#panel.scrollTop = 0;
    if (takesFocus) this.#panel.querySelector('h2').focus();
  }

  // Whether a row that came says something new of what is open: another attempt at it, or another event of its kind.
  concerns(row) { return this.isOpen && (row.same === this.same || likeness(row) === this.like); }

  // One at a time: what came meanwhile is in the answer, or in that of the next.
  async refresh() {
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    const [top, focused] = [this.#panel.scrollTop, this.#panel.contains(document.activeElement) ? document.activeElement : null];
    const place = [...this.#panel.querySelectorAll('button, [tabindex]')].indexOf(focused);
    if (await this.#show(this.#id)) {
      this.#panel.scrollTop = top;
      // Who works by keyboard stays where he was.
      if (focused) ((focused.id && byId(focused.id)) || this.#panel.querySelectorAll('button, [tabindex]')[place])?.focus({ preventScroll: true });
    }
    this.#isRefreshing = false;
  }

  async #show(id) {
    const answer = await fetch(`/api/events/${id}`).catch(() => null);
    // Another was opened while this one was fetched.
    if (this.#id !== id) return false;
    this.#panel.replaceChildren(...(answer?.ok ? this.#content(await answer.json()) : this.#nothing(answer)));
    this.#panel.hidden = false;
    this.#panel.parentElement.classList.add('open');
    return true;
  }

  close() {
    this.#id = null;
    this.same = this.like = null;
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

  #nothing(answer) {
    const why = answer ? 'This request is no longer kept' : 'The emulator does not answer';
    return [make('header', {}, make('h2', { tabindex: -1 }, why), this.#close())];
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

function likeness(row) { return JSON.stringify([row.app, row.user, row.slug]); }

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
