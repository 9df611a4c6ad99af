import { insteadOfName } from './missing-apis.ts';

/** Members of what is there that are not. */
const members: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/\bcrypto\s*\??\.\s*subtle\b/, 'There is no Web Crypto here beyond crypto.randomUUID and crypto.getRandomValues.'],
  [/\bcrypto\s*\??\.\s*(randomBytes|randomInt|createHash|createHmac|createCipheriv|pbkdf2|scrypt|webcrypto)\b/, 'There is no Node crypto here: use crypto.randomUUID and crypto.getRandomValues with the grant "random".'],
  [/\bperformance\s*\.\s*(?!now\b|timeOrigin\b)\w/, 'performance has now() and timeOrigin here, and nothing else.'],
  [/\.\s*(unref|hasRef|ref)\s*\(/, 'A timer is a number here, and ends with the run: leave this call out.'],
  [/\bArray\s*\.\s*fromAsync\b/, 'The engine quickjs-emscripten does not have it: loop with "for await".'],
];

/** What to use instead of a member that the engine did not find in this line of the program; undefined where nothing there is known to be missing. */
export function insteadOfMember(errorName: string, message: string, line: string): string | undefined {
  if (errorName !== 'TypeError' || !/not a (function|constructor)|of undefined/.test(message)) return undefined;
  const named = members.find(([pattern]) => pattern.test(line))?.[1];
  const [, global] = /\bglobalThis\s*\??\.\s*([A-Za-z_$][\w$]*)/.exec(line) ?? [];
  return named ?? (global === undefined ? undefined : insteadOfName(global));
}
