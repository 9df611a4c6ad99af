import * as l10n from '@vscode/l10n';
import type { StoredValue } from '../../src/shared/json.ts';
import { verificationOf } from '../../src/shared/verification.ts';
import { LoadedJson } from '../value/blob-view.tsx';
import type { BlobHandle } from '../value/shape.ts';
import { StoredView } from '../value/stored-view.tsx';
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
  return (
    <LoadedJson
      blob={blob}
      json={(value) => {
        const found = verificationOf(value);
        return found === undefined ? <PlainResult value={blob} /> : <VerificationView found={found} value={blob} />;
      }}
    />
  );
}
