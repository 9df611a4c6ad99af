import type { Look } from './labels.ts';
import { Icon } from './icon.tsx';

export function Badge({ look }: { readonly look: Look }) {
  return (
    <span class={`badge tone-${look.tone}`}>
      <Icon name={look.icon} tone={look.tone} />
      {look.label}
    </span>
  );
}
