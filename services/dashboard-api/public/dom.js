/** Builds an element. Adds text as text nodes only, so that received data is never parsed as HTML. */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== null));
  return node;
}

/** An SVG element. */
export function svg(tag, attributes, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

export const byId = (id) => document.getElementById(id);

export function setText(id, text) {
  const node = byId(id);
  if (node.textContent !== text) node.textContent = text;
}

/** A short text with a coloured ground. `kind`: `good`, `warn`, `bad`, `info` or ''. */
export const pill = (text, kind) => el('span', { class: `pill ${kind}` }, text);

/** A right-aligned column of a table. */
export const num = (title, cell, kind = '', unit) => ({ title, cell, kind: `num ${kind}`, unit });

/** A table; a column is `{ title, cell(row), kind, unit }`, kind: `num` right-aligned, `wide` hidden on a phone. */
export function table(label, columns, rows) {
  const head = columns.map(({ title, kind, unit }) =>
    el('th', { scope: 'col', class: kind, 'data-unit': unit }, title),
  );
  const body = rows.map((row) =>
    el(
      'tr',
      {},
      columns.map(({ cell, kind }) => el('td', { class: kind }, cell(row))),
    ),
  );
  return el(
    'table',
    {},
    el('caption', { class: 'hidden-text' }, label),
    el('thead', {}, el('tr', {}, head)),
    el('tbody', {}, body),
  );
}

/** Shows a table in the element `id`, or the text `empty` without rows. */
export function showTable(id, rows, label, columns, empty) {
  byId(id).replaceChildren(rows.length > 0 ? table(label, columns, rows) : el('p', { class: 'muted empty' }, empty));
}

/**
 * Shows `items` in `container` and keeps the nodes of unchanged ones, so that opened details stay open and the focus stays.
 */
export function keyed(container, items, keyOf, build, empty) {
  const before = new Map([...container.children].map((node) => [node.dataset.key, node]));
  const nodes = items.map((item) => {
    const key = keyOf(item);
    const content = JSON.stringify(item);
    const known = before.get(key);
    if (known?.content === content) return known;
    const node = build(item);
    node.dataset.key = key;
    node.content = content;
    if (known?.open) node.open = true;
    return node;
  });
  const wanted = nodes.length > 0 ? nodes : [el('p', { class: 'muted empty' }, empty)];
  const same = wanted.length === container.children.length && wanted.every((node, i) => container.children[i] === node);
  if (!same) container.replaceChildren(...wanted);
}
