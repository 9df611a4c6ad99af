import * as z from 'zod';
import { waitUntilNames } from '../browser/page-navigation.ts';
import type { JsonObject } from '../shared/json.ts';

/** Inputs that the page tools share. The descriptions end up in the declarations that chains and agents read. */
export const page = z.string().describe('Page id from browser.open, for example "p1".');
export const url = z.url({ protocol: /^https?$/, error: 'must be an absolute address that begins with http:// or https://' });
export const selector = z.string().min(1).max(2000).describe('CSS selector, "text=..." for what is to be read there, \'role=button "Send"\' as snapshots name it (a number behind it for the second and so on), or "ref=e12" from page.snapshot; "iframe >>> button" looks inside a frame or shadow root. The first visible match counts.');
export const waitUntil = z.enum(waitUntilNames).default('load').describe('"load" (default), "domcontentloaded", or "idle": at most two requests for half a second.');
export const navigationMs = z.number().int().min(1).max(600_000).default(30_000).describe('Milliseconds for the whole navigation. Default 30,000.');
export const actionMs = z.number().int().min(1).max(600_000).default(10_000).describe('Milliseconds to wait until it is possible. Default 10,000.');

export const location = z.object({ url: z.string(), title: z.string(), status: z.number().nullable().describe('HTTP status of the document; null where there is none.') });
export const action = z.object({
  url: z.string(),
  navigated: z.boolean().describe('True where the action led to another page; it has been waited for.'),
  status: z.number().nullable().describe('HTTP status of that page.'),
  selector: z.string().optional().describe('For a reference: a selector that holds in other browsers too.'),
});

export function outputOf(schema: z.ZodType): JsonObject {
  return z.toJSONSchema(schema) as JsonObject;
}
