import { describe, expect, it } from 'vitest';
import { billOf } from '../../../src/savings/bill.ts';
import { sparedTokens } from '../../../src/savings/spared-tokens.ts';
import type { EventBody, JournalEvent, StepKind } from '../../../src/shared/events.ts';
import type { StoredValue } from '../../../src/shared/json.ts';

const started = (step: string, parent: string | undefined, kind: StepKind, name: string): EventBody => ({ type: 'step.started', step, kind, name, ...(parent === undefined ? {} : { parent }) });
const ended = (step: string, output?: StoredValue, status: 'ok' | 'error' = 'ok'): EventBody => ({ type: 'step.ended', step, status, ms: 1, ...(output === undefined ? {} : { output }) });
const journal = (...bodies: readonly EventBody[]): readonly JournalEvent[] => bodies.map((body, index) => ({ ...body, run: 'r', seq: index + 1, at: index }) as JournalEvent);
/** A JSON text of so many characters, its quotes included. */
const text = (characters: number): StoredValue => ({ json: 'x'.repeat(characters - 2) });

describe('tokens that programs of a model kept out of its context', () => {
  it('are those of the results of tools that they called, minus what they gave back', () => {
    const events = journal(
      started('t', undefined, 'agent', 'Turn 1'), started('code', 't', 'tool', 'run_code'), started('box', 'code', 'sandbox', 'program'),
      started('a', 'box', 'mcp', 'mcp.files.read'), ended('a', text(4000)),
      started('b', 'box', 'http', 'http.request'), ended('b', { blob: 'h', bytes: 8000, mediaType: 'application/json', preview: '' }),
      ended('box', text(400)), ended('code', text(400)),
    );
    // 4,000 / 4 + 8,000 / 4 - 400 / 4
    expect(sparedTokens(events)).toEqual({ tokens: 2900, results: 2, mark: 'estimated' });
    expect(billOf('r', events, 0).spared).toEqual({ tokens: 2900, results: 2, mark: 'estimated' });
  });

  it('count a result once, whatever the tool did inside, and neither pictures nor failures', () => {
    const events = journal(
      started('code', undefined, 'tool', 'run_code'),
      started('verify', 'code', 'tool', 'verify'), started('goto', 'verify', 'browser', 'page.goto'), ended('goto', text(9000)), ended('verify', text(40)),
      started('shot', 'code', 'browser', 'page.screenshot'), ended('shot', { blob: 'h', bytes: 90_000, mediaType: 'image/png', preview: '' }),
      started('bad', 'code', 'mcp', 'mcp.x.y'), ended('bad', text(4000), 'error'),
      ended('code', text(80)),
    );
    // It gave back more than it was told: that is a loss, and is shown as one.
    expect(sparedTokens(events)).toEqual({ tokens: -10, results: 2, mark: 'estimated' });
  });

  it('are none where a model called its tools itself, and in chains', () => {
    expect(sparedTokens(journal(started('a', undefined, 'mcp', 'mcp.files.read'), ended('a', text(4000))))).toBeUndefined();
    expect(billOf('r', journal(started('c', undefined, 'chain', 'x.ts'), started('a', 'c', 'mcp', 'mcp.files.read'), ended('a', text(4000))), 0)).not.toHaveProperty('spared');
  });
});
