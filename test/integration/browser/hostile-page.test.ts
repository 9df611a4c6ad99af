import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { channels, hostilePages } from '../../fixtures/browser/hostile-page.ts';
import { browsers, browserToolbox, leavesNothing, serve, trap } from '../../helpers/browser.ts';
import { withRun, type FinishedRun } from '../../helpers/run.ts';

leavesNothing();

/** Opens the hostile page with these grants and tells what the forbidden listener heard. `host` is how the page spells it, with PORT for its port. */
async function visit(executablePath: string, host: string, extraGrants: (port: number) => readonly string[]): Promise<{ run: FinishedRun; reached: readonly string[]; datagrams: number; rtc: readonly string[] }> {
  await using forbidden = await trap();
  // STUN and TURN are tried over UDP and over TCP on one port of their own.
  await using rtc = await trap();
  const udp = createSocket('udp4');
  let datagrams = 0;
  udp.on('message', () => (datagrams += 1));
  udp.bind(rtc.port, '127.0.0.1');
  await once(udp, 'listening');
  await using site = await serve(hostilePages(host.replace('PORT', String(forbidden.port)), rtc.port));
  const { tools } = browserToolbox({ executablePath });
  const run = await withRun(['browser', `net ${site.origin}`, ...extraGrants(forbidden.port)], async (scope) => {
    await tools(scope)('browser.open', { url: `${site.origin}/`, waitUntil: 'domcontentloaded' });
    for (let i = 0; i < 200 && !site.requests.includes('GET /done'); i++) await sleep(50);
    return site.requests.includes('GET /done');
  });
  udp.close();
  expect(run.result()).toBe(true);
  return { run, reached: [...forbidden.reached], datagrams, rtc: [...rtc.reached] };
}

const pathOf = (line: string) => /^[A-Z]+ \/([\w-]+)/.exec(line)?.[1];

const spellings = ['127.0.0.1:PORT', 'localhost:PORT', '[::ffff:127.0.0.1]:PORT', 'evil.test:PORT'];

describe.each(browsers)('a hostile page in %s', (browser) => {
  it('reaches a listener that was granted by most of its channels, so that silence means something', async () => {
    const { reached, rtc, datagrams } = await visit(browser, '127.0.0.1:PORT', (port) => [`net http://127.0.0.1:${port}`]);
    const heard = new Set(reached.map(pathOf));
    // Hyperlink pings are switched off, and the shell shows no icons and installs no apps. Windows are closed, perhaps before they ask.
    expect(channels.filter((channel) => !heard.has(channel)).length).toBeLessThanOrEqual(5);
    expect({ rtc, datagrams }).toEqual({ rtc: [], datagrams: 0 });
  });

  it.each(browser === browsers[0] ? spellings : spellings.slice(0, 1))('reaches no listener that was not granted, spelled %s', async (host) => {
    const { run, reached, datagrams, rtc } = await visit(browser, host, () => []);
    expect({ reached, datagrams, rtc }).toEqual({ reached: [], datagrams: 0, rtc: [] });
    expect(run.of('meter').find(({ meter }) => meter === 'browser.blocked_requests')?.value).toBeGreaterThanOrEqual(20);
    const denied = run.of('decision').filter(({ outcome }) => outcome === 'denied');
    expect(denied.length).toBeGreaterThan(0);
    expect(denied.length).toBeLessThan(20);
  });
});
