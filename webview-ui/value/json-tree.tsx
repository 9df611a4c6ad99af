import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import type { Json } from '../../src/shared/json.ts';
import { count } from '../format.ts';
import { oneLine } from '../text.ts';
import { isArray, isScalar } from './shape.ts';
import { LongText } from './long-text.tsx';

/** Entries of one object or array in the page at first. */
const entriesShown = 100;
/** Levels that are open at first; deeper ones are made when they are opened. */
const openLevels = 2;

/** Plain data as a nested list: every level opens with the keyboard, and only what is open exists in the page. */
export function JsonTree({ value, label }: { readonly value: Json; readonly label: string }) {
  return isScalar(value) ? <Scalar value={value} /> : <div class="json" role="group" aria-label={label}><Entries value={value} level={0} /></div>;
}

function Entries({ value, level }: { readonly value: Exclude<Json, string | number | boolean | null>; readonly level: number }) {
  const shown = useSignal(entriesShown);
  const entries: readonly (readonly [string, Json])[] = isArray(value) ? value.map((item, i) => [String(i), item]) : Object.entries(value);
  const rest = entries.length - shown.value;
  return (
    <ul class="json-entries">
      {entries.slice(0, shown.value).map(([key, item]) => <Entry key={key} name={key} value={item} level={level} />)}
      {rest > 0 && (
        <li><button type="button" class="link" onClick={() => (shown.value += 10 * entriesShown)}>{l10n.t('Show more ({0} left)', count(rest))}</button></li>
      )}
    </ul>
  );
}

function Entry({ name, value, level }: { readonly name: string; readonly value: Json; readonly level: number }) {
  const open = useSignal(level + 1 < openLevels);
  const key = <span class="json-key">{oneLine(name, 100)}</span>;
  if (isScalar(value)) return <li>{key}: <Scalar value={value} /></li>;
  const size = isArray(value) ? value.length : Object.keys(value).length;
  const summary = isArray(value) ? `[${count(size)}]` : `{${count(size)}}`;
  if (size === 0) return <li>{key}: <span class="json-size">{isArray(value) ? '[]' : '{}'}</span></li>;
  return (
    <li>
      <details open={open.value} onToggle={(event) => (open.value = event.currentTarget.open)}>
        <summary>{key} <span class="json-size">{summary}</span></summary>
        {open.value && <Entries value={value} level={level + 1} />}
      </details>
    </li>
  );
}

function Scalar({ value }: { readonly value: string | number | boolean | null }) {
  return typeof value === 'string' ? <span class="json-string"><LongText text={value} mono /></span> : <span class={`json-${value === null ? 'null' : typeof value}`}>{String(value)}</span>;
}
