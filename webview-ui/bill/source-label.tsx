import { visible } from '../text.ts';

/** A price's source: a link where it is one, shown by its host. */
export function SourceLabel({ source }: { readonly source: string }) {
  const url = URL.canParse(source) ? new URL(source) : undefined;
  return url?.protocol === 'https:' ? <a href={url.href} title={visible(url.href)}>{url.hostname}</a> : <>{visible(source)}</>;
}
