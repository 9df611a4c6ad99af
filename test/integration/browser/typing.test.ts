import { describe, expect, it } from 'vitest';
import { browsers, leavesNothing } from '../../helpers/browser.ts';
import { sampled } from '../../helpers/depth.ts';
import { onPage } from '../../helpers/pages.ts';

leavesNothing();

/** A cell that becomes a field at a double click, as tables that can be edited do; `how` is what the page does with its new field. */
const cell = (how: string) => `<table><td id="c" style="user-select:none">old</td></table><p id="out"></p><script>
c.ondblclick = () => { const i = document.createElement('input'); i.value = c.textContent; ${how}; i.onkeydown = (e) => { if (e.key === 'Enter') out.textContent = i.value; }; };</script>`;

const fields: readonly (readonly [string, string])[] = [
  ['that has no focus', 'c.replaceChildren(i)'],
  ['that takes the focus at once', 'c.replaceChildren(i); i.focus(); i.select()'],
  ['that takes the focus a moment later', 'c.replaceChildren(i); setTimeout(() => i.focus(), 0); requestAnimationFrame(() => i.select())'],
  ['that comes a moment later', 'setTimeout(() => { c.replaceChildren(i); i.focus(); i.select(); }, 60)'],
  ['that selects what it holds while the first keys come', 'let n = 0; c.replaceChildren(i); i.focus(); i.oninput = () => { if (++n === 4) i.select(); }'],
  ['that takes the focus late', 'c.replaceChildren(i); setTimeout(() => { i.focus(); i.select(); }, 55)'],
  ['that goes when it loses the focus', 'c.replaceChildren(i); i.focus(); i.select(); i.onblur = () => { c.textContent = i.value; }'],
  ['that is made anew once', 'c.replaceChildren(i); setTimeout(() => { const j = i.cloneNode(); j.onkeydown = i.onkeydown = (e) => { if (e.key === "Enter") out.textContent = j.value; }; c.replaceChildren(j); j.focus(); }, 0)'],
];

describe.each(browsers.map((browser, i) => ({ browser, these: i === 0 ? fields : sampled(fields, 3) })))('typing into a field that a double click has just made in $browser', ({ browser, these }) => {
  it.each(these)('puts the text there: one %s', async (_name, how) => {
    await onPage({ '/': cell(how) }, async (call) => {
      await call('page.click', { page: 'p1', selector: '#c', count: 2 });
      await call('page.type', { page: 'p1', selector: '#c input', text: 'edited', clear: true });
      await call('page.press', { page: 'p1', key: 'Enter', selector: '#c input' });
      expect(await call('page.text', { page: 'p1', selector: '#out' })).toBe('edited');
      return null;
    }, browser);
  });
});
