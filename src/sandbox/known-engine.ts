import { createHash } from 'node:crypto';
import { withQuickCopies } from './quick-copies.ts';
import { withoutTraces } from './untraced-engine.ts';

/** quickjs-wasi 3.6.2. Only of this binary is it known which bytes are which instructions. */
const knownSha256 = 'd4c9375f2b1ca4dc95f72c8aa2982a7a9951ac8011490d79c6582df732b4bbd9';

/** The engine as it computes faster. One that is not exactly the known one stays as it is. */
export function quickened(wasm: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return createHash('sha256').update(wasm).digest('hex') === knownSha256 ? withQuickCopies(withoutTraces(wasm)) : wasm;
}
