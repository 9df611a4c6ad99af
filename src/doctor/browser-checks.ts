import { browserVersion } from '../browser/discovery.ts';
import type { RuntimeBrowsers } from '../runtime-browsers.ts';
import { toErrorInfo } from '../shared/errors.ts';
import type { Check } from './check.ts';

/** Which browser runs get, and where it was found. */
export async function browserCheck(find: () => { readonly path: string; readonly from: string }): Promise<Check> {
  const name = 'Browser';
  try {
    const { path, from } = find();
    const version = await browserVersion(path);
    return { name, status: 'ok', detail: `${version === undefined ? '' : `${version}, `}${path} (${from})` };
  } catch (error) {
    const { message, hint } = toErrorInfo(error);
    return { name, status: 'fail', detail: message, fix: hint ?? 'Install Chrome or Chromium, or name one with the environment variable ASSASSIN_BROWSER.' };
  }
}

/** Whether pages of that browser are held by the egress proxy; tested where that is not known yet. Nothing to say where there is no browser. */
export async function leakCheck({ factory, guard }: Pick<RuntimeBrowsers, 'factory' | 'guard'>): Promise<readonly Check[]> {
  const name = 'Browser leaks';
  try {
    const found = factory.find();
    const { leaks, tried, version, at } = guard.known(found) ?? (await guard.test(found));
    const tested = `${version}, tested on ${new Date(at).toISOString().slice(0, 10)}`;
    if (leaks.length === 0) return [{ name, status: 'ok', detail: `none of ${tried} ways out led past the egress proxy (${tested})` }];
    return [{ name, status: 'fail', detail: `${leaks.join(', ')} led past the egress proxy (${tested})`, fix: 'Update the browser and run "browser check", or name another one. Runs do not get this one.' }];
  } catch (error) {
    const { code, message, hint } = toErrorInfo(error);
    return code === 'browser-not-found' ? [] : [{ name, status: 'fail', detail: message, ...(hint === undefined ? {} : { fix: hint }) }];
  }
}
