import { afterEach, describe, expect, it, vi } from 'vitest';
import { Tally } from '../../../scripts/lib/tally.mjs';

afterEach(() => vi.restoreAllMocks());

/** What the tally of these suites prints, without the line that each suite has. */
function closing(...outcomes: Parameters<Tally['add']>[1][]): readonly string[] {
  const lines: string[] = [];
  vi.spyOn(console, 'log').mockImplementation((text: string) => void lines.push(...text.split('\n')));
  const tally = new Tally();
  for (const outcome of outcomes) tally.add('unit', outcome, 1000);
  lines.length = 0;
  tally.close();
  return lines;
}

const passed = { name: 'is fine', ok: true };
const error = 'Error: too late\n    at work (file.ts:1:1)\n\n  the second line';

describe('the closing lines of the tests', () => {
  it('are the sum alone where all is well', () => {
    expect(closing({ checks: [passed], skipped: 0 })).toEqual(['1 passed, 0 failed']);
  });

  it('name what failed with its reason and without the way there, and end with the sum', () => {
    expect(closing({ checks: [passed, { name: 'is slow', ok: false, detail: error }], skipped: 2 })).toEqual([
      'Failed:', '  unit: is slow', '    Error: too late', '      the second line', '', '2 tests were skipped.', '1 passed, 1 failed',
    ]);
  });

  it('tell apart what passed when it was run again and what failed twice', () => {
    const lines = closing({ checks: [{ name: 'is slow', ok: true }, { name: 'is wrong', ok: false, detail: 'twice' }], skipped: 0, again: [{ name: 'is slow', ok: false, detail: error }, { name: 'is wrong', ok: false, detail: 'once' }] });
    expect(lines).toEqual(['Passed when run again:', '  unit: is slow', '    Error: too late', '      the second line', '', 'Failed:', '  unit: is wrong', '    twice', '', '1 passed, 1 failed']);
  });

  it('are short, however much an error says', () => {
    const lines = closing({ checks: [{ name: 'is loud', ok: false, detail: Array.from({ length: 50 }, () => 'x'.repeat(1000)).join('\n') }], skipped: 0 });
    expect(lines.join('\n').length).toBeLessThan(1200);
  });
});
