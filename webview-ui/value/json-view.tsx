import * as l10n from '@vscode/l10n';
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { isObject, type Json, type JsonObject } from '../../src/shared/json.ts';
import { oneLine } from '../text.ts';
import { BlobView } from './blob-view.tsx';
import { DataTable } from './data-table.tsx';
import { JsonTree } from './json-tree.tsx';
import { LongText } from './long-text.tsx';
import { asBlob, asList, asRows, isScalar, scalarText } from './shape.ts';

/** Deeper objects are shown as a tree: pairs inside pairs inside pairs are harder to read than that. */
const pairLevels = 2;
const pairsShown = 60;

export interface JsonViewProps {
  readonly value: Json;
  readonly label: string;
  readonly level?: number;
}

/** Data in the form that reads best: text, a picture, a table, pairs, or a tree. */
export function JsonView({ value, label, level = 0 }: JsonViewProps) {
  if (value === null) return <span class="hint">{l10n.t('Nothing (null)')}</span>;
  if (isScalar(value)) return <LongText text={scalarText(value)} />;
  const blob = asBlob(value);
  if (blob) return <BlobView blob={blob} label={label} json={(read) => <JsonView value={read} label={label} level={level} />} />;
  // A name with nothing behind it looks like a value that was lost.
  if (Object.keys(value).length === 0) return <span class="hint">{isObject(value) ? l10n.t('Nothing (empty object)') : l10n.t('Nothing (empty list)')}</span>;
  const rows = asRows(value);
  if (rows) return <Switchable value={value} label={label}><DataTable rows={rows} label={label} /></Switchable>;
  const list = asList(value);
  if (list) return <ul class="plain">{list.map((item, i) => <li key={i}><LongText text={scalarText(item)} /></li>)}</ul>;
  if (isObject(value) && level < pairLevels && Object.keys(value).length > 0) return <Pairs value={value} level={level} />;
  return <JsonTree value={value} label={label} />;
}

function Pairs({ value, level }: { readonly value: JsonObject; readonly level: number }) {
  const all = useSignal(false);
  const entries = Object.entries(value);
  const shown = all.value ? entries : entries.slice(0, pairsShown);
  return (
    <>
      <dl class="pairs">
        {shown.map(([key, item]) => (
          <div class={`pair${asRows(item) || asBlob(item) ? ' pair-wide' : ''}`} key={key}>
            <dt title={oneLine(key, 500)}>{oneLine(key, 80)}</dt>
            <dd><JsonView value={item} label={oneLine(key, 80)} level={level + 1} /></dd>
          </div>
        ))}
      </dl>
      {entries.length > shown.length && <button type="button" class="link" onClick={() => (all.value = true)}>{l10n.t('Show more ({0} left)', entries.length - shown.length)}</button>}
    </>
  );
}

function Switchable({ value, label, children }: { readonly value: Json; readonly label: string; readonly children: ComponentChildren }) {
  const tree = useSignal(false);
  return (
    <>
      {tree.value ? <JsonTree value={value} label={label} /> : children}
      <button type="button" class="link other-look" onClick={() => (tree.value = !tree.value)}>{tree.value ? l10n.t('Show as table') : l10n.t('Show as JSON')}</button>
    </>
  );
}
