import { existsSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DrivenBrowser } from '../../../src/browser/driven-browser.ts';
import { newTemporaryPath } from '../../../src/run/temp-dir.ts';
import { AssassinError } from '../../../src/shared/errors.ts';

function driven(): { readonly driven: DrivenBrowser; readonly folder: string } & Disposable {
  const folder = newTemporaryPath('b');
  const browser = { path: '/nowhere/chromium', kind: 'chromium', from: 'test' } as const;
  return {
    driven: new DrivenBrowser({ browser, folder, lease: 'l_1', identify: () => expect.unreachable('no process may come of it'), log: () => undefined }),
    folder,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

describe('a browser', () => {
  it('that was destroyed before its launch makes no folder any more', async () => {
    using one = driven();
    expect(await one.driven.destroy()).toMatchObject({ verified: true });
    await expect(one.driven.launch(new AbortController().signal)).rejects.toMatchObject({ code: 'cancelled' });
    expect(existsSync(one.folder)).toBe(false);
  });

  it('whose run has ended before its launch makes no folder, and says why', async () => {
    using one = driven();
    await expect(one.driven.launch(AbortSignal.abort(new AssassinError('cancelled', 'enough')))).rejects.toMatchObject({ message: 'enough' });
    expect(existsSync(one.folder)).toBe(false);
    expect(await one.driven.destroy()).toMatchObject({ verified: true });
  });

  it('that cannot be started leaves no folder', async () => {
    using one = driven();
    await expect(one.driven.launch(new AbortController().signal)).rejects.toMatchObject({ code: 'browser-failed' });
    expect(await one.driven.destroy()).toMatchObject({ verified: true, how: expect.stringContaining('does not exist') });
    expect(existsSync(one.folder)).toBe(false);
  });
});
