import { read, type Place } from './place.ts';

const page = (id: string, what: string, html: (text: string) => string, look: string, headers: (text: string) => Readonly<Record<string, string>> = () => ({})): Place => ({
  id, what, marks: /^web http:\/\/127\.0\.0\.1:/,
  serve: (text, _request, response) => void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers(text) }).end(html(text)),
  read: ({ site }) => read(`const p = await browser.open("${site.origin}/page"); ${look}`),
});

/** Where a page can hold a text, seen or not. */
export const pagePlaces: readonly Place[] = [
  page('page-text', 'the text of a page', (text) => `<p>Prices: 1, 2, 3.</p><p>${text}</p>`, 'return p.text();'),
  page('page-alt', 'the alternative text of a picture', (text) => `<img alt="${text}" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">`, 'return p.snapshot();'),
  page('page-comment', 'a comment in the HTML', (text) => `<p>Prices</p><!-- ${text} -->`, 'return p.html();'),
  page('page-hidden', 'an element that nobody can see', (text) => `<p>Prices</p><div style="display:none">${text}</div>`, 'return p.extract({ all: ["div"] });'),
  page('page-aria', 'the label of a button', (text) => `<button aria-label="${text}">Buy</button>`, 'return p.snapshot();'),
  page('page-title', 'the title of a page', (text) => `<title>${text}</title>`, 'return p.title;'),
  page('page-meta', 'the description of a page', (text) => `<meta name="description" content="${text}"><p>Prices</p>`, 'return p.extract({ about: { selector: "meta[name=description]", attr: "content" } });'),
  page('page-css', 'the content property of a style', (text) => `<style>p::after { content: "${text}" }</style><p>Prices</p>`, 'return p.evaluate("getComputedStyle(document.querySelector(\'p\'), \'::after\').content");'),
  page('page-data', 'a data attribute', (text) => `<div class="row" data-note="${text}">1</div>`, 'return p.extract({ rows: [{ note: { selector: ".row", attr: "data-note" } }] }).catch(() => p.html());'),
  page('page-json', 'structured data for search engines', (text) => `<script type="application/ld+json">{"name":"${text}"}</script>`, 'return p.html();'),
  page('page-links', 'the text of a link', (text) => `<a href="/more">${text}</a>`, 'return p.links();'),
  page('page-placeholder', 'the placeholder of a field', (text) => `<input placeholder="${text}">`, 'return p.snapshot();'),
  page('page-template', 'what a script writes later', (text) => `<p id="p"></p><script>setTimeout(() => { document.getElementById("p").textContent = ${JSON.stringify(text)} }, 50)</script>`, 'await p.waitFor({ text: "Ignore" }); return p.text();'),
  page('page-frame', 'a frame within the page', (text) => `<iframe srcdoc="<p>${text}</p>"></iframe>`, 'return p.html();'),
  page('page-error', 'an error in the page, as it is told', (text) => `<p>Prices</p><script>window.fail = () => { throw new Error(${JSON.stringify(text)}) }</script>`, 'return p.evaluate("(() => { throw new Error(document.scripts[0].textContent) })()");'),
];
