import * as l10n from '@vscode/l10n';
import type { Json, StoredValue } from '../../src/shared/json.ts';
import { verificationOf } from '../../src/shared/verification.ts';
import { useSession } from '../state/use-session.ts';
import { visible } from '../text.ts';
import { readBlob } from '../value/blobs.ts';
import type { BlobHandle } from '../value/shape.ts';
import { StoredView } from '../value/stored-view.tsx';
import { useLoaded } from '../value/use-loaded.ts';
import { bytes } from '../format.ts';
import { VerificationView } from './verification-view.tsx';

/** Many findings on one page stay below this. */
const readBytes = 1024 * 1024;

/** The result of a run: a check of a page as such, whoever made it, and everything else as data. */
export function ResultView({ value, source }: { readonly value: StoredValue; readonly source: string }) {
  const found = 'json' in value ? verificationOf(value.json) : undefined;
  if (found !== undefined) return <VerificationView found={found} value={value} />;
  if ('blob' in value && source.startsWith('browser.verify') && value.mediaType === 'application/json' && value.bytes <= readBytes) return <LoadedVerification blob={value} />;
  return <PlainResult value={value} />;
}

function PlainResult({ value }: { readonly value: StoredValue }) {
  return (
    <section class="section">
      <StoredView value={value} heading={l10n.t('Result')} level={2} />
    </section>
  );
}

function LoadedVerification({ blob }: { readonly blob: BlobHandle }) {
  const { client } = useSession();
  const loaded = useLoaded(blob.blob, async () => JSON.parse(new TextDecoder().decode(await readBlob(client, blob.blob, 0, blob.bytes))) as Json);
  switch (loaded.state) {
    case 'loading':
      return <p class="hint" aria-busy="true">{l10n.t('Reading {0}…', bytes(blob.bytes))}</p>;
    case 'failed':
      return <p class="hint">{visible(loaded.error.message)} {visible(loaded.error.hint ?? '')}</p>;
    case 'loaded': {
      const found = verificationOf(loaded.value);
      return found === undefined ? <PlainResult value={blob} /> : <VerificationView found={found} value={blob} />;
    }
  }
}
