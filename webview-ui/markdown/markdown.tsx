import * as l10n from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import type { Token } from 'marked';
import { useSession } from '../state/use-session.ts';
import { CodeBlock } from './code-block.tsx';
import { Html } from './html.tsx';
import { blockHtml, blocksOf, isCode } from './render.ts';

/** Words of a model as Markdown. Nothing in them can load, run or go anywhere by itself. */
export function Markdown({ text }: { readonly text: string }) {
  const session = useSession();
  const blocks = useMemo(() => blocksOf(text), [text]);
  const follow = (event: Event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>('a[data-href]') : null;
    if (!link || (event instanceof KeyboardEvent && event.key !== 'Enter')) return;
    event.preventDefault();
    void session.openLink(link.dataset['href'] ?? '');
  };
  return (
    <div class="markdown" dir="auto" onClick={follow} onKeyDown={follow}>
      {blocks.map((token, index) => <Block key={index} token={token} />)}
    </div>
  );
}

function Block({ token }: { readonly token: Token }) {
  const html = useMemo(() => (isCode(token) ? '' : blockHtml(token)), [token.raw]);
  if (isCode(token)) return <CodeBlock code={token.text} language={token.lang?.split(/\s/)[0] ?? ''} label={l10n.t('Code')} />;
  return <Html html={html} />;
}
