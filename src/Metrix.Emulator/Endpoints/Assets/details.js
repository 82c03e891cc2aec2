import { badge, byId, isolate, make } from './dom.js';
import { clock, duration } from './time.js';
import { curl } from './curl.js';
import { fieldTable } from './fields.js';

const focusable = 'button, [tabindex]';

// Shows the details of one request. They are fetched when the request is opened, because the list has only a summary.
export class Details {
  #panel = byId('details');
  #id = null;
  #isRefreshing = false;
  #attemptKey = null;
  #kindKey = null;
  onclose = () => {};
  onopen = () => {};
  onattempts = () => {};

  get isOpen() { return this.#id !== null; }

  get attemptKey() { return this.#attemptKey; }

  async open(row, takesFocus) {
    this.#id = row.id;
    this.#attemptKey = row.same;
    this.#kindKey = kindKey(row);
    if (!await this.#show(row.id)) return;
    this.#panel.scrollTop = 0;
    if (takesFocus) this.#panel.querySelector('h2').focus();
  }

  // Whether a new row changes the open details: it is another attempt at the event, or a possible duplicate.
  isAffectedBy(row) {
    return this.isOpen && (row.same === this.#attemptKey || kindKey(row) === this.#kindKey);
  }

  // One refresh at a time. What arrives meanwhile is in this answer or in the next one.
  async refresh() {
    if (this.#isRefreshing) return;
    this.#isRefreshing = true;
    const top = this.#panel.scrollTop;
    const focused = this.#panel.contains(document.activeElement) ? document.activeElement : null;
    const index = [...this.#panel.querySelectorAll(focusable)].indexOf(focused);
    if (await this.#show(this.#id)) {
      this.#panel.scrollTop = top;
      // A keyboard user must not lose the focus.
      if (focused) {
        const replacement = (focused.id && byId(focused.id)) || this.#panel.querySelectorAll(focusable)[index];
        replacement?.focus({ preventScroll: true });
      }
    }
    this.#isRefreshing = false;
  }

  async #show(id) {
    const response = await fetch(`/api/events/${id}`).catch(() => null);
    // Another request was opened while this one was fetched.
    if (this.#id !== id) return false;
    this.#panel.replaceChildren(
      ...(response?.ok ? this.#content(await response.json()) : this.#failure(response)));
    this.#panel.hidden = false;
    this.#panel.parentElement.classList.add('open');
    return true;
  }

  close() {
    this.#id = null;
    this.#attemptKey = this.#kindKey = null;
    this.#panel.hidden = true;
    this.#panel.replaceChildren();
    this.#panel.parentElement.classList.remove('open');
    this.onclose();
  }

  #content(event) {
    return [
      make('header', {}, this.#title(event), badge({ ...event, ...event.answer }), this.#closeButton()),
      make('p', { class: 'facts' }, ...facts(event)),
      ...event.remarks.map(remark => note(remark, event)),
      ...(event.duplicates.length > 0 ? [this.#duplicates(event)] : []),
      ...(event.attempts.length > 1 ? this.#attempts(event) : []),
      make('h3', {}, 'Fields'),
      fieldTable(event),
      make('h3', {}, 'Request', this.#copyButton(event)),
      request(event),
      make('h3', {}, 'Answer'),
      answer(event),
    ];
  }

  #title(event) {
    return make('h2', { tabindex: -1 },
      event.eventName && isolate(event.eventName),
      make('bdi', { dir: 'auto', class: event.eventName ? 'slug' : '' }, event.eventSlug ?? `Request ${event.id}`));
  }

  #closeButton() {
    return make('div', { class: 'actions close' },
      make('button', { type: 'button', class: 'plain', title: 'Close (Esc)', onclick: () => this.close() }, 'Close'));
  }

  #failure(response) {
    const reason = response ? 'The emulator does not keep this request any longer' : 'The emulator does not respond';
    return [make('header', {}, make('h2', { tabindex: -1 }, reason), this.#closeButton())];
  }

  #attempts(event) {
    const filter = make(
      'button', { type: 'button', class: 'plain', onclick: () => this.onattempts(this.#attemptKey) },
      'Show only these in the list');
    const items = event.attempts.map((attempt, index) => this.#attempt(attempt, event, event.attempts[index - 1]));
    return [make('h3', {}, 'Attempts to send this event', filter), make('ol', { class: 'attempts' }, ...items)];
  }

  #attempt(attempt, event, previous) {
    const gap = previous ? Date.parse(attempt.receivedAt) - Date.parse(previous.receivedAt) : null;
    return make('li', { class: attempt.id === event.id ? 'this' : '' },
      this.#openButton(attempt), badge(attempt),
      make('span', { class: 'gap' }, gap === null ? '' : `${duration(gap)} later`));
  }

  #duplicates(event) {
    const count = event.duplicates.length + 1;
    return make('div', { class: 'note warned', 'data-note': 'duplicates' },
      make('b', {}, `Accepted ${count} times: same app, user, slug and time`),
      make('p', {},
        'Metrix may count each of them. A duplicate is normal with at-least-once delivery if an answer was lost. ' +
        'Otherwise, find out what sends the event twice. The others: ',
        ...event.duplicates.map(other => this.#openButton(other))));
  }

  #openButton({ id, receivedAt }) {
    return make(
      'button', { type: 'button', class: 'plain', onclick: () => this.onopen(id) }, clock(Date.parse(receivedAt)));
  }

  #copyButton(event) {
    const button = make('button', { type: 'button', class: 'plain', id: 'copy-curl' }, 'Copy as curl');
    button.addEventListener('click', async () => {
      const command = curl(event.request, location.origin);
      try {
        await navigator.clipboard.writeText(command);
        button.textContent = 'Copied';
      } catch {
        // Without HTTPS, browsers grant the clipboard only to pages of this machine. Show the command instead.
        button.parentElement.after(make('pre', { dir: 'ltr' }, command));
      }
    });
    return button;
  }
}

// Rows with the same key have the same app, user and slug.
function kindKey(row) { return JSON.stringify([row.app, row.user, row.slug]); }

function facts(event) {
  const parts = [`arrived at ${clock(Date.parse(event.receivedAt))}`];
  if (event.lateMilliseconds !== undefined) {
    const order = event.lateMilliseconds < 0 ? 'before' : 'after';
    parts.push(`, ${duration(event.lateMilliseconds)} ${order} its eventTime`);
  }
  parts.push(
    ' · app ', isolate(event.appId || '(none)'), ` · from ${event.request.remoteAddress} · no. ${event.id}`);
  return parts;
}

function note(remark, event) {
  const kind = { error: 'rejected', warning: 'warned', fault: 'faulted' }[remark.severity];
  const status = remark.severity === 'error' ? `${event.answer.status} ${event.answer.phrase}: ` : '';
  return make('div', { class: `note ${kind}`, 'data-note': remark.severity },
    make('b', {}, status, isolate(remark.text)), make('p', {}, remark.advice));
}

function request({ request, remarks }) {
  const remarkOn = name => remarks.find(remark => remark.field?.toLowerCase() === name.toLowerCase());
  const lines = [isolate(`${request.method} ${request.path} ${request.protocol}`), '\n'];
  for (const { name, value } of request.headers) {
    const remark = remarkOn(name);
    const attributes = { class: remark ? 'at rejected' : '', title: remark?.text };
    lines.push(make('span', attributes, isolate(`${name}: ${value}`)), '\n');
  }
  lines.push('\n', ...isolateStrings(request.body), request.isBodyCutShort ? '… (truncated)' : '');
  return make('pre', { id: 'raw', dir: 'ltr', tabindex: 0, 'aria-label': 'The request as received' }, ...lines);
}

// Isolates each string of the JSON. Two Persian strings with a comma between them would appear in the wrong order.
function isolateStrings(body) {
  return body.split(/("(?:[^"\\]|\\.)*")/).map((part, index) => index % 2 ? isolate(part) : part);
}

function answer({ answer }) {
  const parts = [];
  if (answer.delayMilliseconds) parts.push(`after ${duration(answer.delayMilliseconds)}: `);
  if (answer.manner === 'held') parts.push('none; the request was held');
  else if (answer.manner === 'closed') parts.push('none; the connection was closed');
  else {
    const headers = answer.headers.map(header => `${header.name}: ${header.value}\n`);
    parts.push(`${answer.status} ${answer.phrase}\n`, ...headers, answer.body);
  }
  return make('pre', { id: 'answer', dir: 'ltr' }, ...parts);
}
