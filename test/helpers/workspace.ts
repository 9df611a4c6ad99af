import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TestWorkspace extends Disposable {
  /** Absolute, symbolic links resolved. */
  readonly path: string;
  write(files: Readonly<Record<string, string>>): void;
}

/** A workspace folder with these files, which goes with its variable. */
export function testWorkspace(files: Readonly<Record<string, string>> = {}): TestWorkspace {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'test-workspace-')));
  const workspace: TestWorkspace = {
    path,
    write: (more) => {
      for (const [name, text] of Object.entries(more)) {
        mkdirSync(dirname(join(path, name)), { recursive: true });
        writeFileSync(join(path, name), text);
      }
    },
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
  workspace.write(files);
  return workspace;
}
