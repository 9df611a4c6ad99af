import type { EraVerdict, ProtocolEra } from './era-book.ts';
import type { Link } from './link.ts';
import type { McpTransportConfig } from './mcp-config.ts';
import type { Sdk } from './sdk.ts';

export interface Attempt {
  readonly era: ProtocolEra;
  readonly transport?: 'sse';
}

export interface NegotiateOptions {
  readonly sdk: Sdk;
  readonly type: McpTransportConfig['type'];
  /** What the server was the last time. */
  readonly known: Pick<EraVerdict, 'era' | 'transport'> | undefined;
  readonly signal: AbortSignal;
  /** One try with a link of its own; the link of a try that failed is destroyed before the next. */
  readonly attempt: (attempt: Attempt) => Promise<void>;
  readonly link: () => Link | undefined;
}

/**
 * Finds the protocol that a server speaks: the new one is asked for first, and the old one is spoken where that is not understood. An old process may
 * end at a question that it does not know; it is then started once more and greeted in its own way. What was found out before is tried first, and is
 * not believed against what the server says now.
 */
export async function negotiate({ sdk, type, known, signal, attempt, link }: NegotiateOptions): Promise<Attempt> {
  const sse = type === 'sse' || known?.transport === 'sse' ? ({ transport: 'sse' } as const) : {};
  const first: Attempt = { era: known?.era ?? (type === 'sse' ? 'legacy' : 'modern'), ...(type === 'http' ? sse : {}) };
  const second = async (next: Attempt, because: unknown): Promise<Attempt> => {
    await link()?.destroy();
    signal.throwIfAborted();
    try {
      await attempt(next);
    } catch (error) {
      // The first failure is the one that says what is wrong, where the other way is none either.
      throw next.transport === 'sse' ? because : error;
    }
    return next;
  };
  try {
    await attempt(first);
    return first;
  } catch (error) {
    if (signal.aborted) throw error;
    // What was remembered may be out of date.
    if (first.era === 'legacy' && error instanceof sdk.ProtocolError) return second({ era: 'modern' }, error);
    if (type === 'http' && first.transport === 'sse') return second({ era: 'modern' }, error);
    if (type === 'http' && isOldAnswer(error, sdk)) return second({ era: 'legacy', transport: 'sse' }, error);
    if (type === 'stdio' && first.era === 'modern' && link()?.report().end?.kind === 'exit') return second({ era: 'legacy' }, error);
    throw error;
  }
}

/** How servers that know only the HTTP transport of 2024 answer to a posted message. */
function isOldAnswer(error: unknown, sdk: Sdk): boolean {
  return error instanceof sdk.SdkHttpError && [400, 404, 405].includes(error.data.status ?? 0);
}
