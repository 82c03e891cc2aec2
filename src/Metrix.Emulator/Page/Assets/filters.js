import { byId, make, verdicts } from './dom.js';

// What the user wants to see, and the choices that are offered: those that came.
const mostChoices = 200;

export class Filters {
  #changed;
  #verdicts = new Set(verdicts);
  #same = null;
  #seen = { slug: new Map(), app: new Map() };

  constructor(changed) {
    this.#changed = changed;
    byId('filters').addEventListener('submit', event => event.preventDefault());
    for (const id of ['filter-text', 'filter-user', 'filter-slug', 'filter-app'])
      byId(id).addEventListener('input', changed);
    byId('filter-same').addEventListener('click', () => this.only(null));
  }

  get isActive() {
    return this.#same !== null || this.#verdicts.size < verdicts.length ||
      ['filter-text', 'filter-user', 'filter-slug', 'filter-app'].some(id => byId(id).value.trim() !== '');
  }

  toggle(verdict) {
    if (!this.#verdicts.delete(verdict)) this.#verdicts.add(verdict);
    this.#changed();
    return this.#verdicts.has(verdict);
  }

  // Only the attempts at one event, or again all.
  only(same) {
    this.#same = same;
    byId('filter-same').hidden = same === null;
    this.#changed();
  }

  matcher() {
    const text = byId('filter-text').value.trim().toLowerCase();
    const user = byId('filter-user').value.trim().toLowerCase();
    const [slug, app] = [byId('filter-slug').value, byId('filter-app').value];
    const [allowed, same] = [new Set(this.#verdicts), this.#same];
    return row =>
      allowed.has(row.verdict) &&
      (same === null || row.same === same) &&
      (slug === '' || row.slug === slug) &&
      (app === '' || row.app === app) &&
      (user === '' || (row.user ?? '').toLowerCase().includes(user)) &&
      (text === '' || searchable(row).includes(text));
  }

  offer(rows) {
    for (const row of rows) {
      this.#choice('slug', row.slug, row.name);
      this.#choice('app', row.app);
    }
  }

  #choice(kind, value, name) {
    const seen = this.#seen[kind];
    if (!value || seen.has(value) || seen.size >= mostChoices) return;
    seen.set(value, name);
    byId(`filter-${kind}`).append(make('option', { value, dir: 'auto' }, name ? `${name} · ${value}` : value));
  }
}

// Made when it is first looked for: most rows never are.
function searchable(row) {
  row.text ??= [row.name, row.slug, row.app, row.user, row.remark, row.status, ...row.data].join('\n').toLowerCase();
  return row.text;
}
