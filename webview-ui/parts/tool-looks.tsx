import type { Span } from '../../src/shared/dto.ts';
import { useSession } from '../state/use-session.ts';
import { useLoaded } from '../value/use-loaded.ts';

export interface ToolLooks {
  /** Those of the steps' names that are tools with a view; steps that did not end well have nothing to show in it. */
  readonly views: ReadonlySet<string>;
  readonly icons: Readonly<Record<string, string>>;
}

/** What the tools of MCP servers among these steps bring along to be shown with. */
export function useToolLooks(steps: readonly Pick<Span, 'name' | 'status'>[]): ToolLooks {
  const { client } = useSession();
  const names = [...new Set(steps.map(({ name }) => name).filter((name) => name.startsWith('mcp.')))].slice(0, 100);
  const loaded = useLoaded(names.join('\n'), async () => (names.length === 0 ? { tools: [], icons: {} } : await client.request('view.declared', { tools: names })));
  const { tools, icons } = loaded.state === 'loaded' ? loaded.value : { tools: [], icons: {} };
  const ended = new Set(steps.filter(({ status }) => status === 'ok').map(({ name }) => name));
  return { views: new Set(tools.filter((name) => ended.has(name))), icons };
}

/** The picture of a tool, beside its name, which says it all: screen readers skip it. Nothing where there is none, or where it cannot be drawn. */
export function ToolIcon({ of, looks }: { readonly of: string; readonly looks: ToolLooks }) {
  return <ToolPicture src={Object.hasOwn(looks.icons, of) ? looks.icons[of] : undefined} />;
}

export function ToolPicture({ src }: { readonly src: string | undefined }) {
  // Another picture is another element: that one could not be drawn says nothing of the next.
  return src === undefined ? null : <img key={src} class="tool-icon" src={src} alt="" width={16} height={16} onError={({ currentTarget }) => (currentTarget.hidden = true)} />;
}
