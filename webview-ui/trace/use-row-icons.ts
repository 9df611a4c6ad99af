import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { SpanRow } from '../../src/shared/protocol.ts';
import { useSession } from '../state/use-session.ts';

/** Rows that only pass by while somebody scrolls are not asked about. */
const waitMs = 120;
/** Of one question; more names than rows of a high screen. */
const namesAtOnce = 100;
/** A name beyond that is no tool's. */
const longestName = 300;

/** The pictures of the tools that these rows call, by their names. All that are new on the screen are one question, and each name is asked about once. */
export function useRowIcons(rows: readonly (SpanRow | undefined)[]): ReadonlyMap<string, string> {
  const { client } = useSession();
  const icons = useSignal<ReadonlyMap<string, string>>(new Map());
  const asked = useRef<ReadonlySet<string>>(new Set());
  const names = new Set<string>();
  for (const row of rows) if (row?.name.startsWith('mcp.') && row.name.length <= longestName && !asked.current.has(row.name)) names.add(row.name);
  const open = [...names].slice(0, namesAtOnce);
  useEffect(() => {
    if (open.length === 0) return undefined;
    const timer = window.setTimeout(() => {
      asked.current = new Set([...asked.current, ...open]);
      // Pictures are not missed: what cannot be told is left out, and asked again with the next page.
      client.request('view.declared', { tools: open }).then((looks) => {
        const found = Object.entries(looks.icons);
        if (found.length > 0) icons.value = new Map([...icons.value, ...found]);
      }, () => undefined);
    }, waitMs);
    return () => window.clearTimeout(timer);
  }, [open.join('\n')]);
  return icons.value;
}
