import { pageCount, productsOf } from './products.mjs';

/** @typedef {import('./products.mjs').Product} Product */

/** @param {string} text */
const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** @param {Product} product */
const card = ({ name, category, price, stock }) =>
  `<li class="product"><h2 class="name">${escape(name)}</h2><span class="category">${escape(category)}</span><span class="price">${escape(price)}</span><span class="stock">${escape(stock)}</span></li>`;

/** As many shops do it: the neighbours and the last page, so that nobody sees all pages from the first one. @param {number} page */
function pagination(page) {
  const shown = [...new Set([1, page - 1, page + 1, page + 2, pageCount])].filter((n) => n >= 1 && n <= pageCount && n !== page).sort((a, b) => a - b);
  return `<nav>${shown.map((n) => `<a class="page" href="/catalogue/${n}">${n}</a>`).join(' ')}</nav>`;
}

const style = 'body{font:16px system-ui;margin:2rem;max-width:60rem}ul{display:grid;grid-template-columns:repeat(3,1fr);gap:1rem;padding:0}li{list-style:none;border:1px solid #ccc;padding:1rem}h2{font-size:1rem}.category,.price,.stock{display:block}';

/** @param {number} page @param {string} list */
const shell = (page, list) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Outdoor shop, page ${page}</title><style>${style}</style></head><body><h1>Outdoor shop</h1>${list}${pagination(page)}</body></html>`;

/** A page whose products are in the HTML. @param {number} page */
export const staticPage = (page) => shell(page, `<ul id="products">${productsOf(page).map(card).join('')}</ul>`);

/** A page that a script fills a moment after it has loaded. @param {number} page @param {number} afterMs */
export function scriptedPage(page, afterMs) {
  const data = JSON.stringify(productsOf(page)).replaceAll('<', '\\u003c');
  const script = `setTimeout(() => {
    const list = document.querySelector('#products');
    for (const product of ${data}) {
      const item = document.createElement('li');
      item.className = 'product';
      for (const [tag, field] of [['h2', 'name'], ['span', 'category'], ['span', 'price'], ['span', 'stock']]) {
        const part = document.createElement(tag);
        part.className = field;
        part.textContent = product[field];
        item.append(part);
      }
      list.append(item);
    }
  }, ${afterMs});`;
  return shell(page, `<ul id="products"></ul><script>${script}</script>`);
}
