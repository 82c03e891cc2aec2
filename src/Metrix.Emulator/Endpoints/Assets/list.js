import { make } from './dom.js';

// Shows rows of one height, newest on top. Only visible rows have elements, and these elements are reused.
const overscan = 4;

export class List {
  #viewport;
  #spacer = make('div', { class: 'spacer' });
  #createCells;
  #open;
  #rows = [];
  #pool = [];
  #height = 0;
  selected = null;
  onscroll = () => {};
  onmove = () => {};

  constructor(viewport, createCells, open) {
    this.#viewport = viewport;
    this.#createCells = createCells;
    this.#open = open;
    viewport.append(this.#spacer);
    viewport.addEventListener('scroll', () => { this.#draw(); this.onscroll(); }, { passive: true });
    viewport.addEventListener('click', event => this.#click(event));
    viewport.addEventListener('keydown', event => this.#key(event));
    new ResizeObserver(() => this.#resize()).observe(viewport);
  }

  get isAtTop() { return this.#viewport.scrollTop < 1; }

  scrollToTop() { this.#viewport.scrollTop = 0; }

  // New rows on top must not push the visible rows down, so the scroll position moves by the height of the new rows.
  show(rows, added) {
    this.#rows = rows;
    const keepsPosition = added > 0 && !this.isAtTop;
    const top = this.#viewport.scrollTop;
    this.#spacer.style.height = `${rows.length * this.#rowHeight()}px`;
    if (keepsPosition) this.#viewport.scrollTop = top + added * this.#rowHeight();
    this.#draw();
  }

  select(row) {
    this.selected = row?.id ?? null;
    this.#draw();
  }

  #rowHeight() {
    this.#height ||= Number(getComputedStyle(this.#viewport).getPropertyValue('--row-height'));
    return this.#height;
  }

  // Rows get a different height in a narrow list. The topmost visible row stays at the top.
  #resize() {
    const index = this.#viewport.scrollTop / this.#rowHeight();
    this.#height = 0;
    this.#spacer.style.height = `${this.#rows.length * this.#rowHeight()}px`;
    this.#viewport.scrollTop = index * this.#rowHeight();
    this.#draw();
  }

  #rowAt(index) { return this.#rows[this.#rows.length - 1 - index]; }

  #draw() {
    const height = this.#rowHeight();
    const first = Math.max(0, Math.floor(this.#viewport.scrollTop / height) - overscan);
    const visible = Math.ceil(this.#viewport.clientHeight / height);
    const count = Math.min(this.#rows.length - first, visible + 2 * overscan);
    for (let slot = 0; slot < Math.max(count, this.#pool.length); slot++) {
      const element = this.#pool[slot] ?? this.#addElement();
      element.hidden = slot >= count;
      if (!element.hidden) this.#place(element, first + slot, height);
    }
    if (this.selected === null) this.#viewport.removeAttribute('aria-activedescendant');
    else this.#viewport.setAttribute('aria-activedescendant', `row-${this.selected}`);
  }

  #addElement() {
    const element = make('div', { class: 'row', role: 'option' });
    this.#pool.push(element);
    this.#spacer.append(element);
    return element;
  }

  #place(element, index, height) {
    const row = this.#rowAt(index);
    if (element.row !== row) {
      element.row = row;
      element.id = `row-${row.id}`;
      element.replaceChildren(...this.#createCells(row));
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
      if (at >= 0) this.#open(this.#rowAt(at), true);
    } else if (this.#rows.length > 0) {
      const top = Math.floor(this.#viewport.scrollTop / this.#rowHeight());
      const from = at >= 0 ? at : step > 0 ? top - 1 : top;
      this.#move(Math.min(this.#rows.length - 1, Math.max(0, from + step)));
    }
  }

  #move(index) {
    const [height, top] = [this.#rowHeight(), this.#viewport.scrollTop];
    const below = (index + 1) * height - this.#viewport.clientHeight;
    if (index * height < top) this.#viewport.scrollTop = index * height;
    else if (below > top) this.#viewport.scrollTop = below;
    this.selected = this.#rowAt(index).id;
    this.#draw();
    this.onmove(this.#rowAt(index));
  }

  // A binary search: ids ascend in the rows.
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
