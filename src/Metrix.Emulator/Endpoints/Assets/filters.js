import { byId, make, verdicts } from './dom.js';

// Holds the selected filters, and offers the slugs and apps that have arrived.
const maxChoices = 200;
const inputs = ['filter-text', 'filter-user', 'filter-slug', 'filter-app'];

export class Filters {
  #onchange;
  #verdicts = new Set(verdicts);
  #attemptKey = null;
  #offered = { slug: new Set(), app: new Set() };

  constructor(onchange) {
    this.#onchange = onchange;
    byId('filters').addEventListener('submit', event => event.preventDefault());
    for (const id of inputs) byId(id).addEventListener('input', onchange);
    byId('filter-same').addEventListener('click', () => this.showAttempts(null));
  }

  get isActive() {
    return this.#attemptKey !== null || this.#verdicts.size < verdicts.length ||
      inputs.some(id => byId(id).value.trim() !== '');
  }

  toggle(verdict) {
    if (!this.#verdicts.delete(verdict)) this.#verdicts.add(verdict);
    this.#onchange();
    return this.#verdicts.has(verdict);
  }

  // Shows only the attempts to send one event, or everything for null.
  showAttempts(attemptKey) {
    this.#attemptKey = attemptKey;
    byId('filter-same').hidden = attemptKey === null;
    this.#onchange();
  }

  matcher() {
    const text = byId('filter-text').value.trim().toLowerCase();
    const user = byId('filter-user').value.trim().toLowerCase();
    const [slug, app] = [byId('filter-slug').value, byId('filter-app').value];
    const [allowed, attemptKey] = [new Set(this.#verdicts), this.#attemptKey];
    return row =>
      allowed.has(row.verdict) &&
      (attemptKey === null || row.same === attemptKey) &&
      (slug === '' || row.slug === slug) &&
      (app === '' || row.app === app) &&
      (user === '' || (row.user ?? '').toLowerCase().includes(user)) &&
      (text === '' || searchText(row).includes(text));
  }

  offer(rows) {
    for (const row of rows) {
      this.#addChoice('slug', row.slug, row.name);
      this.#addChoice('app', row.app);
    }
  }

  #addChoice(kind, value, name) {
    const offered = this.#offered[kind];
    if (!value || offered.has(value) || offered.size >= maxChoices) return;
    offered.add(value);
    byId(`filter-${kind}`).append(make('option', { value, dir: 'auto' }, name ? `${name} · ${value}` : value));
  }
}

// Created at the first search: most rows are never searched.
function searchText(row) {
  row.text ??= [row.name, row.slug, row.app, row.user, row.remark, row.status, ...row.data].join('\n').toLowerCase();
  return row.text;
}
