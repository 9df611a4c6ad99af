import type { IncomingMessage, ServerResponse } from 'node:http';

export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** Answers with `body` as JSON and ends the connection. */
export function refuse(request: IncomingMessage, response: ServerResponse, status: number, body: object, headers: Readonly<Record<string, string>> = {}): void {
  if (response.headersSent || response.destroyed) return void response.destroy();
  // What is left of a body that nobody will read must not hold the connection.
  request.resume();
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close', ...headers, ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}) });
  response.end(JSON.stringify(body));
}
