import { expect, it } from 'vitest';
import { PreparedContext } from '../../../src/browser/prepared-context.ts';
import { AssassinError } from '../../../src/shared/errors.ts';

const servers = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;

it('a context is given up with its browser, and its door is closed, however long the library would wait', async () => {
  const before = servers();
  const gone = new AbortController();
  const asked = Promise.withResolvers<void>();
  const making = PreparedContext.make({
    createBrowserContext: () => {
      asked.resolve();
      return new Promise(() => undefined);
    },
  }, gone.signal);
  await asked.promise;
  expect(servers()).toBe(before + 1);
  gone.abort(new AssassinError('browser-failed', 'It ended by itself.'));
  await expect(making).rejects.toMatchObject({ code: 'browser-failed' });
  await expect.poll(servers).toBe(before);
});
