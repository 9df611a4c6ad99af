import * as z from 'zod/mini';
import { id, run, text, type Schema } from './protocol-parts.ts';
import type { ViewEvents, ViewMethods } from './protocol-views.ts';

export type ViewTable = { readonly [M in keyof ViewMethods]: { readonly params: Schema<ViewMethods[M]['params']>; readonly result: Schema<ViewMethods[M]['result']> } };

const ofStep = z.strictObject({ run, step: id });
const toolName = z.string().check(z.maxLength(1000));

export const viewMethods: ViewTable = {
  'view.declared': { params: z.strictObject({ tools: z.array(toolName).check(z.maxLength(100)) }), result: z.object({ tools: z.array(text), icons: z.record(toolName, z.string().check(z.regex(/^data:image\/(?:png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$/))) }) },
  'view.open': { params: ofStep, result: z.object({ view: id, title: text, from: text, html: text }) },
  'view.say': { params: z.strictObject({ view: id, message: z.unknown() }), result: z.null() },
  'view.close': { params: z.strictObject({ view: id }), result: z.null() },
  'view.tab': { params: ofStep, result: z.null() },
};

export const viewEvents: { readonly [E in keyof ViewEvents]: Schema<ViewEvents[E]> } = {
  viewSaid: z.object({ view: id, message: z.unknown() }),
  viewEnded: z.object({ view: id, why: z.enum(['asleep', 'cutOff']), detail: text }),
};
