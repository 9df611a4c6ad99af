import * as l10n from '@vscode/l10n';
import type { StoredValue } from '../../src/shared/json.ts';
import { bytes } from '../format.ts';
import { CopyButton } from '../parts/copy-button.tsx';
import { useSession } from '../state/use-session.ts';
import { BlobView } from './blob-view.tsx';
import { readBlob } from './blobs.ts';
import { JsonView } from './json-view.tsx';
import { asRows } from './shape.ts';

export interface StoredViewProps {
  readonly value: StoredValue;
  readonly heading: string;
  readonly level: 2 | 3;
  /** What it is called where it is sent to other programs. */
  readonly name?: string;
}

/** A value of the journal under its heading, with what can be done with it. */
export function StoredView({ value, heading, level, name }: StoredViewProps) {
  const { client } = useSession();
  const Heading = level === 2 ? 'h2' : 'h3';
  const isText = !('blob' in value) || value.mediaType.startsWith('text/') || value.mediaType === 'application/json';
  const text = async () => ('json' in value ? plainText(value) : new TextDecoder().decode(await readBlob(client, value.blob, 0, value.bytes)));
  return (
    <div class="stored">
      <div class="section-head">
        <Heading {...(name === undefined ? {} : { title: name })}>{heading}</Heading>
        <span class="hint">{summary(value)}</span>
        {isText && <CopyButton text={text} />}
      </div>
      {'json' in value ? <JsonView value={value.json} label={heading} /> : <BlobView blob={value} label={heading} json={(read) => <JsonView value={read} label={heading} />} />}
    </div>
  );
}

function plainText({ json }: Extract<StoredValue, { readonly json: unknown }>): string {
  return typeof json === 'string' ? json : JSON.stringify(json, null, 2);
}

function summary(value: StoredValue): string {
  if ('blob' in value) return bytes(value.bytes);
  const rows = asRows(value.json);
  return rows === undefined ? '' : rows.length === 1 ? l10n.t('1 row') : l10n.t('{0} rows', rows.length);
}
