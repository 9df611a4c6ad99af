import { AssassinError } from '../shared/errors.ts';

/** Net error names of Chromium in words. The whole list is chrome://network-errors; these are the ones a chain meets. */
const reasons: Readonly<Record<string, string>> = {
  ERR_ABORTED: 'it was a download, or another navigation took its place. Downloads are switched off',
  ERR_BLOCKED_BY_CLIENT: 'the browser blocked it',
  ERR_BLOCKED_BY_RESPONSE: 'the site does not allow it to be shown there',
  ERR_CONNECTION_CLOSED: 'the server closed the connection',
  ERR_CONNECTION_RESET: 'the server broke the connection',
  ERR_CONTENT_LENGTH_MISMATCH: 'the answer ended early',
  ERR_EMPTY_RESPONSE: 'the server closed the connection without an answer',
  ERR_INCOMPLETE_CHUNKED_ENCODING: 'the answer ended early',
  ERR_INTERNET_DISCONNECTED: 'the page has been told that it is offline, with page.emulate',
  ERR_INVALID_RESPONSE: 'the answer is not HTTP',
  ERR_INVALID_URL: 'the address is not valid',
  ERR_PROXY_CONNECTION_FAILED: 'the egress proxy of the run has stopped',
  ERR_SSL_PROTOCOL_ERROR: 'the server does not speak TLS there',
  ERR_TOO_MANY_REDIRECTS: 'it redirects without end',
  ERR_TUNNEL_CONNECTION_FAILED: 'no connection to the server came about',
  ERR_UNSAFE_PORT: 'browsers refuse this port',
};

/** A page that could not be opened, from the message of a failed navigation. */
export function navigationFailed(url: string, message: string): AssassinError {
  const name = /net::(ERR_\w+)/.exec(message)?.[1];
  const reason = name === undefined ? message : name.startsWith('ERR_CERT_') ? 'its certificate is not valid' : (reasons[name] ?? 'the browser reported an error');
  return new AssassinError('page-failed', `${url} could not be opened: ${reason}${name === undefined ? '' : ` (${name})`}.`, {
    hint: 'Check the address, and that the server answers.', data: { url, ...(name === undefined ? {} : { net: name }) },
  });
}

export function navigationTimedOut(url: string, ms: number, waitUntil: string): AssassinError {
  return new AssassinError('timeout', `${url} did not reach "${waitUntil}" within ${ms} ms.`, {
    hint: waitUntil === 'domcontentloaded' ? 'Give it a larger timeoutMs.' : 'Use waitUntil "domcontentloaded" if part of the page never finishes, or give it a larger timeoutMs.',
    data: { url, timeoutMs: ms },
  });
}

export function documentStopped(url: string, ms: number): AssassinError {
  return new AssassinError('timeout', `The document of ${url} was still coming in after ${ms} ms and was stopped.`, {
    hint: 'Give it a larger timeoutMs. On a page that was sent there with page.goto, what had arrived can be read.', data: { url, timeoutMs: ms },
  });
}

export function pageBusy(what: string, ms: number): AssassinError {
  return new AssassinError('timeout', `The page did not answer within ${ms} ms (${what}).`, { hint: 'A script of the page may be running without end; give it a larger timeoutMs, or close the page.', data: { timeoutMs: ms } });
}

export function pageGone(id: string, how: string): AssassinError {
  return new AssassinError('page-failed', `The page ${id} ${how}.`, { hint: 'Open the address again with browser.open.', data: { page: id } });
}
