/** A token in the form of a JWT; nobody in these tests checks its signature. */
export function jwt(claims: Readonly<Record<string, unknown>> = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'ES256', typ: 'JWT' })}.${part({ exp: Math.floor(Date.now() / 1000) + 300, ...claims })}.${Buffer.from('signature-4711').toString('base64url')}`;
}
