import type { Mark } from '../../src/shared/events.ts';
import { markMeaning } from '../parts/labels.ts';

/** How far a number can be trusted, in the product's words. */
export function MarkLabel({ mark }: { readonly mark: Mark }) {
  return <span class={`mark mark-${mark}`} title={markMeaning(mark)}>{mark}</span>;
}
