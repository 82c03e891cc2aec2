import { isolate, make } from './dom.js';

// Lists the fields in the order of the body, each with its remarks. Missing fields are at the end.
export function fieldTable({ fields, remarks }) {
  const rows = [];
  const shown = new Set();
  let group = '';
  for (const field of fields) {
    if (field.parent !== group) {
      group = field.parent;
      if (group) rows.push(heading(group, remarks, shown));
    }
    rows.push(fieldRow(field, remarks, shown));
  }
  rows.push(...remarks.filter(remark => !shown.has(remark) && isAboutField(remark)).map(missingRow));
  return rows.length > 0
    ? make('table', { class: 'fields' }, make('tbody', {}, ...rows))
    : make('p', { class: 'facts' }, 'The body is not a JSON object. The request below shows it as received.');
}

// The other remarks are about a header, such as Content-Type.
const isAboutField = ({ field }) => field && !field.includes('-') && field !== 'Authorization';

function heading(name, remarks, shown) {
  return make('tr', { class: 'heading' },
    make('th', { scope: 'row', colspan: 2 }, name, ...remarksOn(name, remarks, shown)));
}

function fieldRow(field, remarks, shown) {
  const valueClass = field.kind === 'a number' ? 'value number' : 'value';
  return make('tr', { 'data-field': field.path },
    make('th', { scope: 'row', class: field.parent ? 'group' : '' }, isolate(field.name)),
    make('td', {},
      make('bdi', { dir: 'auto', class: valueClass, title: field.kind }, field.text),
      ...remarksOn(field.path, remarks, shown)));
}

function missingRow(remark) {
  return make('tr', { 'data-field': remark.field },
    make('th', { scope: 'row' }, isolate(remark.field)),
    make('td', {}, make('span', { class: 'missing' }, 'missing'), remarkText(remark)));
}

function remarksOn(path, remarks, shown) {
  return remarks.filter(remark => remark.field === path).map(remark => {
    shown.add(remark);
    return remarkText(remark);
  });
}

function remarkText(remark) {
  const kind = remark.severity === 'warning' ? 'warned' : 'rejected';
  return make('span', { class: `field-remark ${kind}`, title: remark.advice }, isolate(remark.text));
}
