import { expect, test } from 'vitest';
import { noColours } from '../../../src/cli/style.ts';
import { displayWidth } from '../../../src/cli/text.ts';
import { renderBill } from '../../../src/cli/views/bill-view.ts';
import { renderDestruction } from '../../../src/cli/views/destruction-view.ts';
import { renderResult } from '../../../src/cli/views/result-view.ts';
import { renderTable } from '../../../src/cli/views/table.ts';
import { renderTrace } from '../../../src/cli/views/trace-view.ts';
import { billOf } from '../../../src/savings/bill.ts';
import type { Span } from '../../../src/shared/dto.ts';
import type { EventBody } from '../../../src/shared/events.ts';
import { created, journalOf } from '../telemetry/journal-fixture.ts';

const span = (id: string, depth: number, more: Partial<Span> = {}): Span => ({ id, kind: 'tool', name: id, startedAt: 1000, endedAt: 1012, status: 'ok', depth, ...more });

test('a table aligns numbers to the right and fits the width by cutting its widest columns', () => {
  expect(renderTable([{ title: 'name' }, { title: 'n', align: 'right' }], [['a', '1'], ['bcdef', '20']], 80)).toEqual(['name    n', '─────  ──', 'a       1', 'bcdef  20']);
  const narrow = renderTable([{ title: 'name' }, { title: 'n', align: 'right' }], [['x'.repeat(50), '20']], 20);
  expect(narrow.at(-1)).toBe(`${'x'.repeat(15)}…  20`);
});

test('figures and what is copied are never cut; where that leaves no room, each row becomes lines of its own', () => {
  const columns = [{ title: 'run', whole: true }, { title: 'title' }, { title: 'took', align: 'right' }] as const;
  const rows = [['run_1m84ga7e38n9jkxb8', 'Collects the titles of some pages', '1,234 ms'], ['run_1m84ga4xycm6w6rxy', '', '2 ms']];
  const narrow = renderTable(columns, rows, 44);
  expect(narrow.slice(2)).toEqual(['run_1m84ga7e38n9jkxb8  Collects t…  1,234 ms', 'run_1m84ga4xycm6w6rxy                   2 ms']);
  expect(renderTable(columns, rows, 40)).toEqual(['run_1m84ga7e38n9jkxb8', '  title  Collects the titles of some', '         pages', '  took   1,234 ms', 'run_1m84ga4xycm6w6rxy', '  took   2 ms']);
});

test('rows become a table, fields a list, text stays text', () => {
  expect(renderResult([{ a: 1, b: 'x' }, { a: 22, c: null }], 80)).toEqual([' a  b  c', '──  ─  ─', ' 1  x', '22']);
  expect(renderResult({ total: 3, names: ['a', 'b'] }, 80)).toEqual(['total  3', 'names  a, b']);
  expect(renderResult({ total: 3, rows: [{ a: 1 }] }, 80)).toEqual(['total  3', '', 'rows', 'a', '─', '1']);
  expect(renderResult('two\nlines', 80)).toEqual(['two', 'lines']);
  expect(renderResult(null, 80)).toEqual(['null']);
});

test('an answer in words is shown whole, line by line, and a very long one says how much is left out', () => {
  const lines = renderResult({ answer: 'It was the count.\n\n  - src/cart.js multiplies by it now, and both tests pass', turns: 4 }, 40);
  expect(lines).toEqual(['answer  It was the count.', '', '          - src/cart.js multiplies by it', '          now, and both tests pass', 'turns   4']);
  expect(renderResult({ page: 'x\n'.repeat(100) }, 40).at(-1)).toBe('      … and 41 more lines; --json has them all');
});

test('a long result says how much is left out', () => {
  const lines = renderResult(Array.from({ length: 50 }, (_, a) => ({ a })), 80);
  expect(lines.at(-1)).toBe('… and 10 more rows; --json has them all');
});

test('a result of strangers cannot control the terminal', () => {
  expect(renderResult([{ name: '\u001b[2Jgone\nnext' }], 80).join('\n')).not.toContain('\u001b');
  expect(renderResult('\u001b[2J', 80).join('')).not.toContain('\u001b');
});

test('a trace is drawn as a tree with starts and durations', () => {
  const lines = renderTrace([span('run', 0), span('a', 1), span('a1', 2, { startedAt: 1005 }), span('b', 1, { status: 'denied', error: { code: 'denied', message: 'No grant.' } })], noColours, 60, 100);
  expect(lines).toEqual([
    `${'step'.padEnd(38)}     start      took`,
    `${'✓ run'.padEnd(38)}      0 ms     12 ms`,
    `${'├─ ✓ a'.padEnd(38)}      0 ms     12 ms`,
    `${'│  └─ ✓ a1'.padEnd(38)}      5 ms      7 ms`,
    `${'└─ ⊘ b'.padEnd(38)}      0 ms     12 ms`,
    '       No grant.',
  ]);
});

test('a run that is one call of a tool is told once', () => {
  const both = [span('run', 0, { name: 'browser.verify' }), span('call', 1, { name: 'browser.verify' })];
  expect(renderTrace([...both, span('inner', 2)], noColours, 60, 100).slice(1).map((line) => line.slice(0, 30).trimEnd())).toEqual(['✓ browser.verify', '└─ ✓ inner']);
  // Two calls, or one that bears another name, say more than the run does.
  expect(renderTrace([...both, span('again', 1, { name: 'browser.verify' })], noColours, 60, 100)).toHaveLength(4);
  expect(renderTrace([span('run', 0), span('call', 1)], noColours, 60, 100)).toHaveLength(3);
});

test('a step that another program has put into itself says why it stands at the top', () => {
  const lines = renderTrace([span('run', 0, { circular: true }), span('a', 1)], noColours, 60, 100);
  expect(lines.slice(2, 4).map((line) => line.trim()).join(' ')).toBe('Its parent, as its program names it, is inside of it: it stands at the top instead.');
});

test('a trace that is cut says how many steps are missing, and unfinished steps say so', () => {
  const { endedAt: _endedAt, ...open } = span('a', 1, { status: 'unknown' });
  const lines = renderTrace([span('run', 0), open, span('b', 1)], noColours, 60, 2);
  expect(lines[2]).toMatch(/└─ \? a +0 ms +unknown$/);
  expect(lines.at(-1)).toContain('1 more step');
});

test('a destruction report names each resource and how it was verified, and does not hide what is left', () => {
  const lease = { id: 'l', kind: 'browser' as const, label: 'Chromium', createdAt: 0, how: 'process group 7 not in the process list' };
  expect(renderDestruction({ leases: [{ ...lease, destroyedAt: 2000, verified: true }], clean: true }, noColours, 80).join('\n')).toMatch(/✓ browser: Chromium[\s\S]*after 2\.00 s; process group 7[\s\S]*all destroyed and verified/);
  expect(renderDestruction({ leases: [{ ...lease, verified: false }], clean: false }, noColours, 80).join('\n')).toMatch(/✗ browser[\s\S]*1 could not be verified/);
});

test('a bill shows the use, the real cost and each service with its arithmetic, and no line is too wide', () => {
  const bill = billOf('run_1', journalOf(
    created, { type: 'meter', meter: 'browser.wall_ms', value: 20_000, mark: 'measured', source: 'monotonic clock of the host', lease: 'b' },
  ), Date.parse('2026-09-20'));
  const lines = renderBill(bill, noColours, 80);
  const text = lines.join('\n');
  expect(text).toContain('Real cost: $0 (measured: no model and no paid service was used).');
  expect(text).toContain('1 browser session = 20 s × 2 GB × $0.0000166667 + 1 request × $0.2');
  expect(text.replaceAll('\n', ' ')).toContain('Saved against the cheapest of them, Cloudflare Browser Run: $0.0005 at list price, $0 after free tiers.');
  expect(text).toContain('Not counted: electricity');
  expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(80);
});

test('what was not measured and what has no price are no noughts', () => {
  const bill = billOf('run_1', journalOf(
    created, { type: 'meter', meter: 'mcp.cpu_ms', value: 0, mark: 'unknown', source: 'not measured: win32 tells it of no foreign process group', lease: 'm' },
    { type: 'meter', meter: 'model.cost_usd', value: 0.5, mark: 'computed', source: 'list' }, { type: 'meter', meter: 'model.cost_usd', value: 0, mark: 'unknown', source: 'no price is known for x/y' },
  ), Date.parse('2026-09-20'));
  const text = renderBill(bill, noColours, 120).join('\n');
  expect(text).toMatch(/mcp\.cpu_ms +not measured +unknown/);
  expect(text).toMatch(/model\.cost_usd +\$0\.5\d* +computed/);
  expect(text).toMatch(/model\.cost_usd +unpriced +unknown +no price is known for x\/y/);
  expect(text).toContain('Real cost: unpriced (a model was used whose price is not known).');
});

test('a run that cost more than any service has lost, not saved', () => {
  const bill = billOf('run_1', journalOf(
    created, { type: 'meter', meter: 'sandbox.wall_ms', value: 100, mark: 'measured', source: 's' }, { type: 'meter', meter: 'model.cost_usd', value: 0.5, mark: 'billed', source: 's' },
  ), Date.parse('2026-09-20'));
  expect(renderBill(bill, noColours, 100).join('\n')).toMatch(/Lost against the cheapest of them, .*: \$0\.499/);
});

test('what a model did not have to read stands with its arithmetic, and what was not recorded is said to be', () => {
  const turn = [{ type: 'step.started', step: 't', kind: 'agent', name: 'Turn 1' }, { type: 'step.started', step: 'm', parent: 't', kind: 'model', name: 'm' }] as const;
  const said = (...more: readonly EventBody[]) => renderBill(billOf('run_1', journalOf(created, ...turn, ...more)), noColours, 200).join('\n');
  const text = said({ type: 'tools.known', tools: 120, tokens: 48_000, toldTools: 9, toldTokens: 1395, how: 'four characters a token' });
  expect(text).toContain('- about 46,605 tokens of definitions of tools: (48,000 of 120 tools − 1,395 of the 9 that it was told of) × 1 request');
  expect(text).toMatch(/counterfactual, estimated at four characters a token, and not in\s+the saving/);
  expect(said()).toContain('- definitions: not recorded');
});
