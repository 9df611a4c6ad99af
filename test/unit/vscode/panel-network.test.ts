import { describe, expect, it } from 'vitest';
import type { EventBody, JournalEvent } from '../../../src/shared/events.ts';
import { networkPage } from '../../../src/vscode/panel-network.ts';

const journal = (bodies: readonly EventBody[]): readonly JournalEvent[] => bodies.map((body, i) => ({ seq: i + 1, at: i, run: 'r', ...body }));
const used = (lease: string, hosts: number, refused: number): EventBody => ({
  type: 'egress.used', lease,
  hosts: Array.from({ length: hosts }, (_, i) => ({ host: `h${i}.example:443`, requests: 1, received: 10, sent: 1 })),
  refused: Array.from({ length: refused }, (_, i) => ({ action: `net https://ads${i}.example:443`, attempts: 2, reason: 'No grant covers it.' })),
});

describe('the network of a run in the panel', () => {
  it('sums up the browsers of the run', () => {
    expect(networkPage(journal([used('l_1', 1, 1), used('l_2', 2, 1)]))).toEqual({
      hosts: [{ host: 'h0.example:443', requests: 2, received: 20, sent: 2 }, { host: 'h1.example:443', requests: 1, received: 10, sent: 1 }],
      refused: [{ action: 'net https://ads0.example:443', attempts: 4, reason: 'No grant covers it.' }], moreHosts: 0, moreRefused: 0,
    });
  });

  it('shows the first hundred of each and says how many more there were', () => {
    const { hosts, refused, moreHosts, moreRefused } = networkPage(journal([used('l_1', 130, 101)]));
    expect([hosts.length, moreHosts, refused.length, moreRefused]).toEqual([100, 30, 100, 1]);
  });

  it('cuts names and reasons that strangers made long', () => {
    const long = 'x'.repeat(100_000);
    const page = networkPage(journal([{ type: 'egress.used', lease: 'l', hosts: [{ host: long, requests: 1, received: 0, sent: 0 }], refused: [{ action: long, attempts: 1, reason: long }] }]));
    expect(JSON.stringify(page).length).toBeLessThan(3000);
  });

  it('is empty where no page asked for anything', () => {
    expect(networkPage([])).toEqual({ hosts: [], refused: [], moreHosts: 0, moreRefused: 0 });
  });
});
