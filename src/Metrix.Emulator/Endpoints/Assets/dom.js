// Creates an element. Received data passes through here as text: a string becomes a text node, never markup.
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter(child => child !== undefined && child !== null));
  return element;
}

// Isolates text of any script: it has its own direction and does not affect the direction of its neighbors.
export const isolate = text => make('bdi', { dir: 'auto' }, text);

export const byId = id => document.getElementById(id);

export const verdicts = ['accepted', 'warned', 'rejected', 'faulted'];
const icons = { accepted: '✓', warned: '!', rejected: '✕', faulted: '⚡' };
const manners = { held: 'held', closed: 'closed', delayed: 'late' };

// Color alone must not carry the meaning: the badge also has an icon, and the status or how the answer was withheld.
export function badge({ verdict, status, manner }) {
  const suffix = manner ? ` ${manners[manner]}` : '';
  const text = manner && manner !== 'delayed' ? manners[manner] : `${status}${suffix}`;
  const attributes = { class: `badge ${verdict}`, role: 'img', 'aria-label': `${verdict}, ${text}`, title: verdict };
  return make('span', attributes, icons[verdict], ' ', text);
}
