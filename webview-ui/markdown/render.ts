import DOMPurify from 'dompurify';
import { Marked, type Token, type Tokens } from 'marked';
import { visible } from '../text.ts';
import { highlighted } from './highlight.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escaped = (text: string) => visible(text).replace(/[&<>"']/g, (character) => entities[character] ?? '');

/**
 * What marked may make of the words of a model. HTML in them is shown as text; a picture becomes a link, because loading it would tell its server
 * that somebody reads this; a link has no `href`, so that only our own handler, which shows the address first, can follow it.
 */
const marked = new Marked({
  gfm: true,
  breaks: true,
  renderer: {
    html: ({ text }) => escaped(text),
    image: ({ href, text }) => link(href, escaped(text === '' ? href : text)),
    link({ href, tokens }) {
      return link(href, this.parser.parseInline(tokens));
    },
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
    codespan: ({ text }) => `<code>${escaped(text)}</code>`,
    code: ({ text, lang }) => codeHtml(text, lang ?? ''),
    // The page has its own headings: those of an answer come below them.
    heading({ tokens, depth }) {
      const level = Math.min(6, depth + 2);
      return `<h${level}>${this.parser.parseInline(tokens)}</h${level}>`;
    },
  },
});

function link(href: string, inside: string): string {
  return `<a role="link" tabindex="0" data-href="${escaped(href)}" title="${escaped(href)}">${inside}</a>`;
}

function codeHtml(code: string, lang: string): string {
  const language = /^[\w+-]{1,30}/.exec(lang)?.[0].toLowerCase() ?? '';
  const shown = visible(code);
  return `<pre class="code" tabindex="0"><code>${highlighted(shown, language) ?? escaped(code)}</code></pre>`;
}

const allowed = {
  ALLOWED_TAGS: ['p', 'br', 'strong', 'em', 'del', 'code', 'pre', 'span', 'ul', 'ol', 'li', 'blockquote', 'hr', 'h3', 'h4', 'h5', 'h6', 'table', 'thead', 'tbody', 'tr', 'th', 'td', 'a'],
  ALLOWED_ATTR: ['class', 'role', 'tabindex', 'title', 'data-href', 'align', 'start'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
};

/** The only way of HTML into the page: whatever made it, it is cleaned here and comes as nodes, never as a string. */
export function cleanFragment(html: string): DocumentFragment {
  return DOMPurify.sanitize(html, { ...allowed, RETURN_DOM_FRAGMENT: true });
}

/** The blocks of a text. While it grows only its last block changes, so that what stands above is neither drawn nor read out again. */
export function blocksOf(text: string): readonly Token[] {
  const tokens = marked.lexer(visible(text.replaceAll('\r\n', '\n')));
  return tokens.filter(({ type }) => type !== 'space' && type !== 'def');
}

export function blockHtml(token: Token): string {
  return marked.parser([token]);
}

export function isCode(token: Token): token is Tokens.Code {
  return token.type === 'code';
}
