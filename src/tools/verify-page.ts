import { readFile } from 'node:fs/promises';
import { click, press } from '../browser/page-actions.ts';
import { axeViolations, type AxeViolation } from '../browser/page-axe.ts';
import { fill } from '../browser/page-fields.ts';
import { screenshot } from '../browser/page-pictures.ts';
import type { PageSession } from '../browser/page-session.ts';
import { waitFor } from '../browser/page-waits.ts';
import { netAction } from '../policy/action.ts';
import { AssassinError, describeError } from '../shared/errors.ts';
import type { Json, JsonObject } from '../shared/json.ts';
import type { Check } from './page-checks.ts';
import type { ToolContext } from './tool.ts';

export const impacts = ['minor', 'moderate', 'serious', 'critical'] as const;
export interface VerifyOptions {
  readonly url: string;
  readonly checks: readonly Check[];
  /** From which impact on a violation of accessibility fails the check. */
  readonly accessibility: 'off' | (typeof impacts)[number];
  /** Errors of console and network are told but fail nothing. */
  readonly allowErrors: boolean;
  readonly timeoutMs: number;
}

/** Steps, errors, accessibility and pictures of one page. What does not hold is in the result; only what kept it from being looked at is thrown. */
export async function verifyPage(session: PageSession, options: VerifyOptions, context: ToolContext, axe: URL | undefined): Promise<JsonObject> {
  const { url, checks, accessibility, allowErrors, timeoutMs } = options;
  const { scope } = context;
  const steps: { name: string; passed: boolean; ms: number; problem: string | null }[] = [];
  const screenshots: { [name: string]: Json }[] = [];
  const picture = async (name: string, fullPage: boolean) => {
    const { png, width, height } = await screenshot(session, { fullPage });
    const { blob, bytes, mediaType } = scope.journal.bytes(png, 'image/png');
    screenshots.push({ name, blob, bytes, mediaType, width, height });
  };
  const step = async (name: string, work: () => Promise<void>): Promise<boolean> => {
    const began = performance.now();
    const problem = await work().then(() => null, (error: unknown) => {
      // What the run itself ends with, and what the gate refused, is no property of the page.
      scope.signal.throwIfAborted();
      if (AssassinError.isInstance(error) && (error.code === 'denied' || error.code === 'budget-exceeded')) throw error;
      return describeError(error);
    });
    steps.push({ name, passed: problem === null, ms: Math.round(performance.now() - began), problem });
    return problem === null;
  };
  let going = await step(`Open ${url}`, async () => {
    const { status } = await session.goto(url, 'load', timeoutMs);
    if (status !== null && status >= 400) throw new AssassinError('page-failed', `${url} answered with ${status}.`);
  });
  for (const [i, each] of checks.entries()) {
    const name = each.name ?? nameOf(each);
    // What follows a step that failed would fail for no reason of its own.
    if (!going) steps.push({ name, passed: false, ms: 0, problem: 'Not tried: a step before it failed.' });
    else {
      scope.progress(name, (i + 1) / (checks.length + 2));
      going = await step(name, () => perform(session, each, timeoutMs, context));
      if (each.screenshot === true || !going) await picture(name, false).catch(() => undefined);
    }
  }
  await picture('The page', true).catch(() => undefined);
  const violations = accessibility === 'off' || axe === undefined || !steps[0]!.passed ? [] : await axeViolations(session, await readFile(axe, 'utf8'));
  const { record } = session;
  const logged = record.console.filter(({ level }) => level === 'error').map(({ text, url: at, line }) => ({ text, url: at, line }));
  const network = record.network.filter(({ status, failure }) => failure !== null || (status ?? 0) >= 400).map(({ method, url: at, status, failure }) => ({ method, url: at, status, failure }));
  const grave = (violation: AxeViolation) => accessibility !== 'off' && impacts.findIndex((each) => each === violation.impact) >= impacts.indexOf(accessibility);
  const passed = steps.every((each) => each.passed) && (allowErrors || (logged.length === 0 && network.length === 0)) && !violations.some(grave);
  return {
    passed, url: session.page.url(), steps, screenshots, console: logged, network,
    accessibility: violations.map((violation) => ({ ...violation, elements: [...violation.elements] })),
  };
}

async function perform(session: PageSession, each: Check, timeoutMs: number, { scope, step }: ToolContext): Promise<void> {
  if ('text' in each) return waitFor(session, { text: each.text }, timeoutMs);
  if ('selector' in each) return waitFor(session, { selector: each.selector, state: each.state }, timeoutMs);
  if ('url' in each) return waitFor(session, { url: each.url }, timeoutMs);
  if ('title' in each) return waitFor(session, { expression: `document.title.includes(${JSON.stringify(each.title)})` }, timeoutMs);
  if ('expression' in each) return waitFor(session, { expression: each.expression }, timeoutMs);
  if ('click' in each) return void (await click(session, each.click, { timeoutMs }));
  if ('fill' in each) return void (await fill(session, each.fill, each.value, { timeoutMs, secret: false }));
  if ('press' in each) return void (await press(session, each.press, undefined, timeoutMs));
  if (!URL.canParse(each.goto, session.page.url())) throw new AssassinError('invalid-input', `"${each.goto}" is no address.`);
  const target = new URL(each.goto, session.page.url());
  await scope.gate.check(netAction(target), step, { tool: 'browser.verify' });
  session.approve(netAction(target));
  await session.goto(target.href, 'load', timeoutMs);
}

function nameOf(each: Check): string {
  if ('text' in each) return `The text "${each.text}" is there`;
  if ('selector' in each) return `${each.selector} is ${each.state}`;
  if ('url' in each) return `The address holds "${each.url}"`;
  if ('title' in each) return `The title holds "${each.title}"`;
  if ('expression' in each) return `${each.expression.slice(0, 80)} is true`;
  if ('click' in each) return `Click ${each.click}`;
  if ('fill' in each) return `Fill ${each.fill}`;
  return 'press' in each ? `Press ${each.press}` : `Go to ${each.goto}`;
}
