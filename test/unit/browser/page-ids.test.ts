import { describe, expect, it } from 'vitest';
import { maxPages, PageIds } from '../../../src/browser/page-ids.ts';

const someIds = (ids: PageIds, count: number) => Array.from({ length: count }, () => ids.next());

describe('ids of pages', () => {
  it('are given to as many pages as there is room for, also where none of them has come yet', () => {
    const ids = new PageIds(() => 0);
    const given = someIds(ids, 60);
    expect(given.slice(0, 2)).toEqual(['p1', 'p2']);
    expect(given.filter((id) => id !== undefined)).toHaveLength(maxPages);
  });

  it('count a page once when it has come, and not at all when it never came or was closed', () => {
    let open = 0;
    const ids = new PageIds(() => open, 1);
    const given = someIds(ids, maxPages);
    expect(ids.next()).toBeUndefined();
    open = 1;
    ids.settled(given[0]!);
    expect(ids.next()).toBeUndefined();
    ids.settled(given[1]!);
    expect(ids.next()).toBe(`p${maxPages + 2}`);
    expect(ids.next()).toBeUndefined();
    open = 0;
    expect(ids.next()).toBe(`p${maxPages + 3}`);
  });
});
