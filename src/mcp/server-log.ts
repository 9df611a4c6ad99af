import type { LoggingLevel, LoggingMessageNotificationParams } from '@modelcontextprotocol/client';
import { clip } from './tail.ts';

type Log = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;

/** So much of what a server tells goes into the log; then it tells too much. */
const maxCharacters = 256 * 1024;

const ours: Readonly<Record<LoggingLevel, Parameters<Log>[0]>> = {
  debug: 'debug', info: 'info', notice: 'info', warning: 'warn', error: 'error', critical: 'error', alert: 'error', emergency: 'error',
};

/** Writes the log messages of one server into ours, until it tells too much. */
export function serverLog(log: Log): (message: LoggingMessageNotificationParams) => void {
  let written = 0;
  return ({ level, logger, data }) => {
    if (written > maxCharacters) return;
    const text = clip(typeof data === 'string' ? data : JSON.stringify(data) ?? '', 2000);
    written += text.length;
    log(ours[level], written > maxCharacters ? 'It tells a lot: nothing more of it is shown here.' : `${logger === undefined ? '' : `${clip(logger, 60)}: `}${text}`);
  };
}
