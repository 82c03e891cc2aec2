// Builds elements. What came in goes through here as text: a string is a text node, never markup.
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

// Text of any script beside others: its own direction, without effect on its neighbours.
export const apart = text => make('bdi', { dir: 'auto' }, text);

export const byId = id => document.getElementById(id);

export const verdicts = ['accepted', 'warned', 'rejected', 'faulted'];
const signs = { accepted: '✓', warned: '!', rejected: '✕', faulted: '⚡' };
const manners = { held: 'held', closed: 'closed', delayed: 'late' };

// Never by colour alone: a sign, and the status or how the answer was withheld.
export function badge({ verdict, status, manner }) {
  const text = manner && manner !== 'delayed' ? manners[manner] : `${status}${manner ? ' ' + manners[manner] : ''}`;
  return make('span', { class: `badge ${verdict}`, role: 'img', 'aria-label': `${verdict}, ${text}`, title: verdict }, signs[verdict], ' ', text);
}
