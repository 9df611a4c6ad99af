import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Destruction, Leasable } from '../run/lease.ts';
import { makeTemporaryFolderAt, removeTemporaryFolder } from '../run/temp-dir.ts';
import { AssassinError } from '../shared/errors.ts';
import { click } from './page-actions.ts';
import type { PageSession } from './page-session.ts';

/** Largest file that is taken in. */
export const maxDownloadBytes = 50 * 1024 * 1024;

export interface Download {
  readonly name: string;
  readonly url: string;
  readonly bytes: Uint8Array;
}

/** The folder into which one download goes; it is gone when the file has been taken over. */
export class DownloadFolder implements Leasable {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async make(): Promise<this> {
    await makeTemporaryFolderAt(this.path);
    return this;
  }

  async destroy(): Promise<Destruction> {
    const gone = await removeTemporaryFolder(this.path);
    return { verified: gone, how: gone ? `${this.path} does not exist` : `${this.path} could not be removed` };
  }
}

/** Clicks what leads to a file and takes that file. Downloads are allowed for this one only, and denied again afterwards. */
export async function download(session: PageSession, selector: string, folder: string, timeoutMs: number): Promise<Download> {
  const { client } = session;
  const begun = Promise.withResolvers<{ readonly guid: string; readonly name: string; readonly url: string }>();
  const ended = Promise.withResolvers<'completed' | 'canceled'>();
  let tooLarge = false;
  const onBegin = ({ guid, suggestedFilename, url }: { guid: string; suggestedFilename: string; url: string }) => begun.resolve({ guid, name: suggestedFilename, url });
  const onProgress = ({ state, receivedBytes }: { state: string; receivedBytes: number }) => {
    if (receivedBytes > maxDownloadBytes && !tooLarge) {
      tooLarge = true;
      ended.resolve('canceled');
    }
    if (state === 'completed' || state === 'canceled') ended.resolve(state);
  };
  const context = session.page.browserContext().id;
  const behavior = (policy: 'allowAndName' | 'deny') => client.send('Browser.setDownloadBehavior', { behavior: policy, eventsEnabled: policy !== 'deny', ...(context === undefined ? {} : { browserContextId: context }), ...(policy === 'deny' ? {} : { downloadPath: folder }) });
  client.on('Browser.downloadWillBegin', onBegin);
  client.on('Browser.downloadProgress', onProgress);
  client.on('Page.downloadWillBegin', onBegin);
  client.on('Page.downloadProgress', onProgress);
  try {
    await behavior('allowAndName');
    const late = sleep(timeoutMs, undefined, { ref: false }).then(() => {
      throw new AssassinError('timeout', `${selector} on ${session.id} led to no complete file within ${timeoutMs} ms.`, { hint: 'Give it a larger timeoutMs, or click it and look where it leads.' });
    });
    late.catch(() => undefined);
    // A navigation that becomes a download ends as one that was broken off.
    const clicking = click(session, selector, { timeoutMs }).catch((error: unknown) => {
      if (AssassinError.isInstance(error) && /Downloads are switched off/.test(error.message)) return;
      begun.reject(error);
    });
    const { guid, name, url } = await Promise.race([begun.promise, late]);
    const state = await Promise.race([ended.promise, late]);
    await clicking;
    if (tooLarge) throw new AssassinError('invalid-output', `${name} is larger than the ${maxDownloadBytes} bytes that a download may have.`, { hint: 'Fetch a smaller part of it.' });
    const path = join(folder, guid);
    if (state !== 'completed' || !(await stat(path).catch(() => undefined))) throw new AssassinError('page-failed', `The download of ${name} was broken off.`, { hint: 'See in the trace whether its host was refused.' });
    return { name, url, bytes: await readFile(path) };
  } finally {
    await behavior('deny').catch(() => undefined);
    client.off('Browser.downloadWillBegin', onBegin);
    client.off('Browser.downloadProgress', onProgress);
    client.off('Page.downloadWillBegin', onBegin);
    client.off('Page.downloadProgress', onProgress);
  }
}
