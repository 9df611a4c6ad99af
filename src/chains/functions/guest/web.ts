import { bodySource } from './web/body.ts';
import { bytesSource } from './web/bytes.ts';
import { formsSource } from './web/forms.ts';
import { headersSource } from './web/headers.ts';
import { messagesSource } from './web/messages.ts';

/** The module that gives a program the classes of the web's requests. Only programs that answer requests have them: elsewhere there is no network, and libraries should see that. */
export const webModuleName = 'assassin:web';

export const webModuleSource = String.raw`
const { defineProperty } = Object;
const offer = (name, value) => defineProperty(globalThis, name, { __proto__: null, value, enumerable: false, configurable: true, writable: true });
${headersSource}
${bytesSource}
${formsSource}
${bodySource}
${messagesSource}
for (const type of [Headers, Request, Response]) offer(type.name, type);
`;
