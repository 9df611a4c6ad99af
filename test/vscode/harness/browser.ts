import { endOnInterrupt } from '../../../scripts/lib/run.mjs';
import { OwnBrowser } from '../../helpers/own-browser.ts';

export async function launchBrowser(): Promise<OwnBrowser> {
  const own = await OwnBrowser.launch({
    headless: process.env['ASSASSIN_TEST_HEADFUL'] !== '1',
    defaultViewport: { width: 1280, height: 800 },
    // By itself puppeteer would end the browser alone, and leave a program without one.
    handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false,
  });
  const pid = own.browser.process()?.pid;
  if (pid !== undefined) own.browser.once('disconnected', endOnInterrupt(pid));
  return own;
}
