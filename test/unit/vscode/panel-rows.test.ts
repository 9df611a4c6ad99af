import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Span } from '../../../src/shared/dto.ts';
import type { Fold } from '../../../src/shared/fold.ts';
import { PanelRows } from '../../../src/vscode/panel-rows.ts';

const allOpen: Fold = { rest: 'open', except: [] };

/** Spans in preorder from their depths. */
function spansOf(depths: readonly number[], names: (index: number) => string = (index) => `step ${index}`): readonly Span[] {
  return depths.map((depth, index) => ({ id: `s_${index}`, kind: 'tool', name: names(index), startedAt: index, endedAt: index + 1, status: 'ok', depth }));
}

const ids = (rows: PanelRows) => rows.page(0, 1000).rows.map(({ id }) => id);
const small = spansOf([0, 1, 2, 2, 1, 0]);

test('all rows are visible at first, each with its place among its siblings', () => {
  const { rows, total, spans } = new PanelRows(small, allOpen, '').page(0, 10);
  expect(rows.map(({ id, position, siblings, children, parentRow }) => [id, position, siblings, children, parentRow])).toEqual([
    ['s_0', 1, 2, 2, undefined], ['s_1', 1, 2, 2, 0], ['s_2', 1, 2, 0, 1], ['s_3', 2, 2, 0, 1], ['s_4', 2, 2, 0, 0], ['s_5', 2, 2, 0, undefined],
  ]);
  expect([total, spans]).toEqual([6, 6]);
});

test('a closed row hides all below it, and the others keep their parents', () => {
  const rows = new PanelRows(small, { rest: 'open', except: ['s_1'] }, '');
  expect(ids(rows)).toEqual(['s_0', 's_1', 's_4', 's_5']);
  expect(rows.page(0, 10).rows.map(({ open, parentRow }) => [open, parentRow])).toEqual([[true, undefined], [false, 0], [false, 0], [false, undefined]]);
});

test('with all rows closed, only what was opened shows what is below it', () => {
  expect(ids(new PanelRows(small, { rest: 'closed', except: [] }, ''))).toEqual(['s_0', 's_5']);
  expect(ids(new PanelRows(small, { rest: 'closed', except: ['s_0'] }, ''))).toEqual(['s_0', 's_1', 's_4', 's_5']);
  expect(ids(new PanelRows(small, { rest: 'closed', except: ['s_1'] }, ''))).toEqual(['s_0', 's_5']);
});

test('a filter keeps matches and what leads to them, also inside closed rows', () => {
  const { rows, total, spans } = new PanelRows(small, { rest: 'closed', except: [] }, 'STEP 3').page(0, 10);
  expect(rows.map(({ id, matches }) => [id, matches])).toEqual([['s_0', false], ['s_1', false], ['s_3', true]]);
  expect(rows.map(({ position, siblings }) => [position, siblings])).toEqual([[1, 1], [1, 1], [1, 1]]);
  expect([total, spans]).toEqual([3, 6]);
});

test('every word of a filter must be found, in the name, the kind, the status or the error', () => {
  const spans: readonly Span[] = [
    { id: 'a', kind: 'browser', name: 'open', startedAt: 0, status: 'error', depth: 0, error: { code: 'page-failed', message: 'It answered with 500' } },
    { id: 'b', kind: 'browser', name: 'open', startedAt: 0, status: 'ok', depth: 0 },
  ];
  const found = (filter: string) => ids(new PanelRows(spans, allOpen, filter));
  expect(found('browser open')).toEqual(['a', 'b']);
  expect(found('browser error')).toEqual(['a']);
  expect(found('answered 500')).toEqual(['a']);
  expect(found('answered 501')).toEqual([]);
});

test('a span is found by its id where it is visible, and only there', () => {
  expect(new PanelRows(small, allOpen, '').page(0, 1, 's_4').found).toBe(4);
  expect(new PanelRows(small, { rest: 'open', except: ['s_0'] }, '').page(0, 1, 's_4').found).toBeUndefined();
  expect(new PanelRows(small, { rest: 'open', except: ['s_0'] }, '').page(0, 1, 's_5').found).toBe(1);
});

test.each([
  [{ timeout: '5', url: 'https://shop.example/a' }, 'https://shop.example/a'],
  [{ page: 'p1', depth: 3 }, 'p1'],
  ['plain', 'plain'],
  [{ n: 1, nested: { url: 'no' } }, undefined],
  [['x'], 'x'],
  [null, undefined],
])('a row says in a few words what its input %j is about', (json, about) => {
  const [row] = new PanelRows([{ ...small[0]!, input: { json } }], allOpen, '').page(0, 1).rows;
  expect(row?.about).toBe(about);
});

test('steps are found by what they are about', () => {
  const spans: readonly Span[] = [{ ...small[0]!, input: { json: { url: 'https://shop.example/lamps' } } }, { ...small[5]!, input: { json: { url: 'https://shop.example/rugs' } } }];
  expect(ids(new PanelRows(spans, allOpen, 'rugs'))).toEqual(['s_5']);
});

test('a row carries no values, and neither a name nor an error of any length', () => {
  const [row] = new PanelRows([{
    id: 'a', kind: 'tool', name: 'n'.repeat(1e6), startedAt: 0, status: 'error', depth: 0, input: { json: 'i' }, output: { json: 'o' }, error: { code: 'internal', message: 'e'.repeat(1e6) },
  }], allOpen, '').page(0, 1).rows;
  expect(JSON.stringify(row).length).toBeLessThan(1000);
  expect(row).not.toHaveProperty('input');
  expect(row).not.toHaveProperty('output');
  expect(row).not.toHaveProperty('error');
});

describe('for any tree, fold and filter', () => {
  const tree = fc.array(fc.nat(3), { maxLength: 60 }).map((steps) => {
    let depth = -1;
    return spansOf(steps.map((down) => (depth = Math.max(0, depth + 1 - down))), (index) => (index % 5 === 0 ? 'five' : 'other'));
  });
  const anything = fc.record({
    spans: tree,
    fold: fc.record({ rest: fc.constantFrom('open' as const, 'closed' as const), except: fc.array(fc.nat(60).map((i) => `s_${i}`)) }),
    filter: fc.constantFrom('', 'five'),
  });

  test('pages put together are the whole', () => {
    fc.assert(fc.property(anything, fc.integer({ min: 1, max: 20 }), ({ spans, fold, filter }, size) => {
      const rows = new PanelRows(spans, fold, filter);
      const whole = rows.page(0, 1000);
      const pages = Array.from({ length: Math.ceil(whole.total / size) }, (_, i) => rows.page(i * size, size).rows).flat();
      expect(pages).toEqual(whole.rows);
      expect(whole.rows).toHaveLength(whole.total);
    }));
  });

  test('each row stands below its open parent, at the position that it claims', () => {
    fc.assert(fc.property(anything, ({ spans, fold, filter }) => {
      const { rows } = new PanelRows(spans, fold, filter).page(0, 1000);
      const seen = new Map<number | undefined, number>();
      rows.forEach((row, index) => {
        const parent = row.parentRow === undefined ? undefined : rows[row.parentRow];
        if (parent) {
          expect(row.parentRow).toBeLessThan(index);
          expect([parent.open, parent.depth]).toEqual([true, row.depth - 1]);
        } else expect(row.depth).toBe(0);
        const position = (seen.get(row.parentRow) ?? 0) + 1;
        seen.set(row.parentRow, position);
        expect(row.position).toBe(position);
      });
      for (const [parent, count] of seen) expect(count).toBe(parent === undefined ? rows[0]?.siblings : rows[parent]?.children);
    }));
  });
});

test('a row is found by the beginning of its name, after the one that is asked from and then from the top', () => {
  const rows = new PanelRows(spansOf([0, 1, 2, 1, 1], (index) => ['root', 'Open a', 'open b', 'close', 'open c'][index]!), { rest: 'open', except: ['s_1'] }, '');
  expect(['op', 'OPEN C', 'x', 'open b', ''].map((text) => rows.seek(text, 0))).toEqual([1, 3, undefined, undefined, 1]);
  expect(rows.seek('open', 1)).toBe(3);
  expect(rows.seek('open', 3)).toBe(1);
  expect(rows.seek('root', 0)).toBe(0);
  expect(new PanelRows([], allOpen, '').seek('x', 5)).toBeUndefined();
});
