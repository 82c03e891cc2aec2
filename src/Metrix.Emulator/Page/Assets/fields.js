import { apart, make } from './dom.js';

// The fields in the order of the body, each with what is to be said about it; what is missing stands at the end.
export function fields({ fields, remarks }) {
  const rows = [];
  const told = new Set();
  let group = '';
  for (const field of fields) {
    if (field.parent !== group) {
      group = field.parent;
      if (group) rows.push(heading(group, remarks, told));
    }
    rows.push(line(field, remarks, told));
  }
  for (const remark of remarks)
    if (remark.field && !told.has(remark) && !remark.field.includes('-') && remark.field !== 'Authorization') rows.push(missing(remark));
  return rows.length > 0
    ? make('table', { class: 'fields' }, make('tbody', {}, ...rows))
    : make('p', { class: 'facts' }, 'The body is not a JSON object: it is shown below as it came.');
}

function heading(name, remarks, told) {
  return make('tr', { class: 'heading' }, make('th', { scope: 'row', colspan: 2 }, name, ...about(name, remarks, told)));
}

function line(field, remarks, told) {
  const isNumber = field.kind === 'a number';
  return make('tr', { 'data-field': field.path },
    make('th', { scope: 'row', class: field.parent ? 'group' : '' }, apart(field.name)),
    make('td', {},
      make('bdi', { dir: 'auto', class: isNumber ? 'value number' : 'value', title: field.kind }, field.text),
      ...about(field.path, remarks, told)));
}

function missing(remark) {
  return make('tr', { 'data-field': remark.field },
    make('th', { scope: 'row' }, apart(remark.field)),
    make('td', {}, make('span', { class: 'missing' }, 'not there'), said(remark)));
}

function about(path, remarks, told) {
  return remarks.filter(remark => remark.field === path).map(remark => {
    told.add(remark);
    return said(remark);
  });
}

function said(remark) {
  return make('span', { class: `field-remark ${remark.severity === 'warning' ? 'warned' : 'rejected'}`, title: remark.advice }, apart(remark.text));
}
