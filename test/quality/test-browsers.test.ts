import { describe, expect, it } from 'vitest';
import { sourceFiles } from './sources.ts';

/** Where tests start browsers by themselves. */
const helper = 'test/helpers/own-browser.ts';
const launches = /\b(?:puppeteer|chromium)\w*\.launch\(/;
const spawns = /\bspawn\(\s*(?:browsers\b|executablePath\b|findBrowser\b)/;
const pictures = /\bscreenshot\(\{\s*path:\s*['"`][\w.]/;

const tests = sourceFiles('test').filter(({ path }) => path !== helper && path !== 'test/quality/test-browsers.test.ts');
const where = (matches: (text: string) => boolean) => tests.filter(({ text }) => matches(text)).map(({ path }) => path);

describe('a browser that a test starts by itself', () => {
  it('is started in one place, which gives it a folder of its own for what it leaves behind', () => {
    expect(where((text) => launches.test(text))).toEqual([]);
    expect(where((text) => spawns.test(text) && !text.includes('new BrowserFolder()'))).toEqual([]);
    expect(where((text) => /\bOwnBrowser\.launch/.test(text)).length, 'there are some').toBeGreaterThan(3);
  });

  it('is pictured through a helper that makes the folder for it', () => {
    expect(where((text) => pictures.test(text))).toEqual([]);
  });

  it('would be noticed elsewhere', () => {
    expect('await puppeteer.launch({ pipe: true })').toMatch(launches);
    expect("spawn(browsers[0]!, ['--headless'])").toMatch(spawns);
    expect("await page.screenshot({ path: 'test/webview/out/a.png' })").toMatch(pictures);
  });
});
