import { httpSite } from '../helpers/http-site.ts';

export interface SiteRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

export interface SiteAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/** HTML as it stands, or an answer to each request. */
export type Page = string | ((request: SiteRequest) => SiteAnswer);

export interface TaskSite extends AsyncDisposable {
  readonly origin: string;
  readonly requests: readonly SiteRequest[];
}

/** Serves the pages of a task on loopback; any other path is 404. */
export async function taskSite(pages: Readonly<Record<string, Page>>): Promise<TaskSite> {
  const requests: SiteRequest[] = [];
  const site = await httpSite((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk));
    request.on('end', () => {
      const { pathname: path, searchParams: query } = new URL(request.url ?? '/', 'http://site');
      const asked = { method: request.method ?? 'GET', path, query, body: Buffer.concat(chunks).toString() };
      const page = pages[path];
      const answer = page === undefined ? { status: 404, body: '<title>Nothing here</title>' } : typeof page === 'string' ? { body: page } : page(asked);
      // Browsers ask for an icon by themselves.
      if (path !== '/favicon.ico') requests.push(asked);
      response.writeHead(answer.status ?? 200, { 'content-type': 'text/html; charset=utf-8', ...answer.headers });
      response.end(answer.body);
    });
  });
  return { origin: site.origin, requests, [Symbol.asyncDispose]: () => site[Symbol.asyncDispose]() };
}
