import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { chromium } from 'playwright-core';
import { BrowserFactory } from '../src/browser/browser-factory.ts';
import { snapshotLines } from '../src/browser/page-snapshot.ts';
import { browsers, serve } from '../test/helpers/browser.ts';
import { withRun } from '../test/helpers/run.ts';

const rounds = 15;
const rowCount = 500;

/** About 5,000 elements as applications have them: a menu, a form, a table with a link, a button and a box in each row. Every control has a name of its own. */
function bigPage(): { readonly html: string; readonly names: readonly string[] } {
  const names: string[] = [];
  const named = (text: string) => (names.push(text), text);
  const menu = Array.from({ length: 40 }, (_, i) => `<li><a href="/menu/${i}">${named(`Menu entry ${i}`)}</a></li>`).join('');
  const form = Array.from({ length: 40 }, (_, i) => `<div class="field"><label for="f${i}">${named(`Field ${i}`)}</label><input id="f${i}" value="v${i}"></div>`).join('');
  const rows = Array.from({ length: rowCount }, (_, i) => `<tr><td><a href="/item/${i}">${named(`Item ${i} of the list`)}</a></td><td>${(i * 37) % 900},00 €</td><td><span>in stock</span></td><td><input type="checkbox" aria-label="${named(`Choose item ${i}`)}"></td><td><button>${named(`Order item ${i}`)}</button></td></tr>`).join('');
  return { names, html: `<!doctype html><title>Big</title><nav><ul>${menu}</ul></nav><main><h1>Orders</h1><form>${form}</form><table><tbody>${rows}</tbody></table></main>` };
}

/** Time and tokens of one snapshot of a page of some 5,000 elements, against Playwright's in the same browser, turn by turn. Both must name every control. */
export default async function browserSnapshot() {
  const { html, names } = bigPage();
  await using site = await serve({ '/': html });
  const executablePath = browsers[0]!;
  const peer = await chromium.launch({ executablePath });
  try {
    const theirs = await peer.newPage();
    await theirs.goto(`${site.origin}/`);
    const nodes = await theirs.evaluate('document.querySelectorAll("*").length') as number;
    let report: readonly object[] = [];
    const run = await withRun(['browser', `net ${site.origin}`], async (scope) => {
      const lease = await new BrowserFactory({ executablePath, log: () => undefined }).lease(scope);
      const page = await lease.resource.openPage('p1');
      await page.goto(`${site.origin}/`, 'load', 30_000);
      const times = { ours: [] as number[], peer: [] as number[] };
      let [ours, other] = ['', ''];
      for (let round = -3; round < rounds; round++) {
        const began = performance.now();
        ours = (await snapshotLines(page, { maxCharacters: 10_000_000 })).join('\n');
        const between = performance.now();
        other = await theirs.ariaSnapshot({ mode: 'ai' });
        const ended = performance.now();
        if (round < 0) continue;
        times.ours.push(between - began);
        times.peer.push(ended - between);
      }
      const missing = (text: string) => names.filter((name) => !text.includes(`"${name}"`));
      const [missed, theyMissed] = [missing(ours), missing(other)];
      if (missed.length > 0 || theyMissed.length > 0) throw new Error(`Not all controls are named: ours lacks ${missed.slice(0, 5).join(', ') || 'none'}, Playwright's ${theyMissed.slice(0, 5).join(', ') || 'none'}.`);
      const usable = ours.split('\n').filter((line) => / e\d+$/.test(line)).length;
      if (usable !== names.length) throw new Error(`${usable} lines have a reference, but the page has ${names.length} controls.`);
      const [ms, peerMs] = [median(times.ours), median(times.peer)];
      const [tokens, peerTokens] = [encode(ours).length, encode(other).length];
      const peerName = "playwright-core ariaSnapshot({ mode: 'ai' })";
      report = [
        { bench: `snapshot of ${nodes} elements, ${names.length} controls, median`, unit: 'ms', ours: ms, peer: peerMs, peerName, ratio: ms / peerMs, n: rounds },
        { bench: `tokens of it (o200k), ${names.length} of ${names.length} controls in both`, unit: 'tokens', ours: tokens, peer: peerTokens, peerName, ratio: tokens / peerTokens, n: 1 },
      ];
      return null;
    });
    run.result();
    return report;
  } finally {
    await peer.close();
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
