import { useLayoutEffect, useRef } from 'preact/hooks';
import { cleanFragment } from './render.ts';

/** Cleaned nodes of a piece of HTML; made anew only when the HTML changes. */
export function Html({ html, tag: Tag = 'div' }: { readonly html: string; readonly tag?: 'div' | 'code' }) {
  const place = useRef<HTMLDivElement & HTMLElement>(null);
  useLayoutEffect(() => place.current?.replaceChildren(cleanFragment(html)), [html]);
  return <Tag ref={place} />;
}
