// Holds the newest rows, oldest first, and those of them that match the filter.
export class Rows {
  #limit;
  #attempts = new Map();
  #filter = () => true;
  all = [];
  shown = [];

  constructor(limit) {
    this.#limit = limit;
  }

  // Adds rows and returns how many of them match the filter.
  add(batch) {
    const before = this.shown.length;
    for (const row of batch) {
      row.attempt = (this.#attempts.get(row.same) ?? 0) + 1;
      this.#attempts.set(row.same, row.attempt);
      this.all.push(row);
      if (this.#filter(row)) this.shown.push(row);
    }
    const added = this.shown.length - before;
    this.#trim();
    return added;
  }

  clear() {
    this.all = [];
    this.shown = [];
    this.#attempts.clear();
  }

  filter(matches) {
    this.#filter = matches;
    this.shown = this.all.filter(matches);
  }

  // The arrays may exceed the limit by a tenth, so that they are copied once per thousands of rows, not for each row.
  #trim() {
    if (this.all.length <= this.#limit * 1.1) return;
    const dropped = this.all.splice(0, this.all.length - this.#limit);
    for (const row of dropped)
      if (this.#attempts.get(row.same) === row.attempt) this.#attempts.delete(row.same);
    const oldest = this.all[0].id;
    const firstKept = this.shown.findIndex(row => row.id >= oldest);
    this.shown.splice(0, firstKept < 0 ? this.shown.length : firstKept);
  }
}
