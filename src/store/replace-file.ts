import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file that is only its owner's, whole or not at all: a reader never sees half of it. `flush`: it is on the disk before it takes the name. Throws what Node says. */
export function replaceFile(path: string, content: string | Uint8Array, { flush = false }: { readonly flush?: boolean } = {}): void {
  const draft = `${path}.${process.pid}.tmp`;
  writeFileSync(draft, content, { mode: 0o600, flush });
  renameSync(draft, path);
}
