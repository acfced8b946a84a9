/** The gateway's log: one JSON object a line on standard output, without secrets. */
import { type DestinationStream, type Logger, pino } from 'pino';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

export function createLog(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: [
        '*.authorization',
        '*.code',
        '*.secret',
        '*.sessionKey',
        '*.accessToken',
        '*.refreshToken',
        'authorization',
        'secret',
        'sessionKey',
        'accessToken',
        'refreshToken',
      ],
      censor: '[redacted]',
    },
  };
  return destination ? pino(options, destination) : pino(options);
}
