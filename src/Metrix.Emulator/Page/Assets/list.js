import { make } from './dom.js';

// Shows rows of one height, newest on top. Only those in sight are elements, and these are used again and again.
const overscan = 4;

export class List {
  #viewport;
  #spacer = make('div', { class: 'spacer' });
  #fill;
  #open;
  #rows = [];
  #pool = [];
  #height = 0;
  selected = null;
  onscroll = () => {};

  constructor(viewport, fill, open) {
    this.#viewport = viewport;
    this.#fill = fill;
    this.#open = open;
    viewport.append(this.#spacer);
    viewport.addEventListener('scroll', () => { this.#draw(); this.onscroll(); }, { passive: true });
    viewport.addEventListener('click', event => this.#click(event));
    viewport.addEventListener('keydown', event => this.#key(event));
    new ResizeObserver(() => this.#resize()).observe(viewport);
  }

  get isAtTop() { return this.#viewport.scrollTop < 1; }

  toTop() { this.#viewport.scrollTop = 0; }

  // Rows above those in sight must not push them down: the scroll position moves along with what was added on top.
  show(rows, added) {
    this.#rows = rows;
    const keeps = added > 0 && !this.isAtTop;
    const top = this.#viewport.scrollTop;
    this.#spacer.style.height = `${rows.length * this.#rowHeight()}px`;
    if (keeps) this.#viewport.scrollTop = top + added * this.#rowHeight();
    this.#draw();
  }

  select(row) {
    this.selected = row?.id ?? null;
    this.#draw();
  }

  #rowHeight() {
    if (!this.#height) this.#height = Number(getComputedStyle(this.#viewport).getPropertyValue('--row-height'));
    return this.#height;
  }

  // Rows get another height when the list becomes narrow; what was on top stays there.
  #resize() {
    const index = this.#viewport.scrollTop / this.#rowHeight();
    this.#height = 0;
    this.#spacer.style.height = `${this.#rows.length * this.#rowHeight()}px`;
    this.#viewport.scrollTop = index * this.#rowHeight();
    this.#draw();
  }

  #at(index) { return this.#rows[this.#rows.length - 1 - index]; }

  #draw() {
    const height = this.#rowHeight();
    const first = Math.max(0, Math.floor(this.#viewport.scrollTop / height) - overscan);
    const count = Math.min(this.#rows.length - first, Math.ceil(this.#viewport.clientHeight / height) + 2 * overscan);
    for (let slot = 0; slot < Math.max(count, this.#pool.length); slot++) {
      const element = this.#pool[slot] ?? this.#grow();
      element.hidden = slot >= count;
      if (!element.hidden) this.#place(element, first + slot, height);
    }
    if (this.selected === null) this.#viewport.removeAttribute('aria-activedescendant');
    else this.#viewport.setAttribute('aria-activedescendant', `row-${this.selected}`);
  }

  #grow() {
    const element = make('div', { class: 'row', role: 'option' });
    this.#pool.push(element);
    this.#spacer.append(element);
    return element;
  }

  #place(element, index, height) {
    const row = this.#at(index);
    if (element.row !== row) {
      element.row = row;
      element.id = `row-${row.id}`;
      element.replaceChildren(...this.#fill(row));
    }
    element.style.transform = `translateY(${index * height}px)`;
    element.setAttribute('aria-selected', row.id === this.selected);
    element.setAttribute('aria-posinset', index + 1);
    element.setAttribute('aria-setsize', this.#rows.length);
  }

  #click(event) {
    const row = event.target.closest('.row')?.row;
    if (row) this.#open(row, false);
  }

  #key(event) {
    const page = Math.max(1, Math.floor(this.#viewport.clientHeight / this.#rowHeight()) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    const step = steps[event.key];
    if (step === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    const at = this.#indexOfSelected();
    if (event.key === 'Enter') {
      if (at >= 0) this.#open(this.#at(at), true);
    } else if (this.#rows.length > 0) {
      const from = at < 0 ? Math.floor(this.#viewport.scrollTop / this.#rowHeight()) - (step > 0 ? 1 : 0) : at;
      this.#move(Math.min(this.#rows.length - 1, Math.max(0, from + step)));
    }
  }

  #move(index) {
    const [height, top] = [this.#rowHeight(), this.#viewport.scrollTop];
    const below = (index + 1) * height - this.#viewport.clientHeight;
    if (index * height < top) this.#viewport.scrollTop = index * height;
    else if (below > top) this.#viewport.scrollTop = below;
    this.selected = this.#at(index).id;
    this.#draw();
    this.onmove(this.#at(index));
  }

  onmove = () => {};

  // Ids ascend in the rows: found by halving.
  #indexOfSelected() {
    let [low, high] = [0, this.#rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#rows[middle].id < this.selected) low = middle + 1;
      else high = middle;
    }
    return this.selected !== null && this.#rows[low]?.id === this.selected ? this.#rows.length - 1 - low : -1;
  }
}
