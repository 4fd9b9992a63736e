import { destination, type Logger, pino } from 'pino';

const secretKeys = ['password', 'token', 'secret', 'cookie', 'authorization', 'set-cookie'];

/** JSON lines on stderr; stdout is for the one line that says where the server is. No secret passes, up to three levels deep. */
export function createLog(level = process.env.LOG_LEVEL ?? 'info'): Logger {
  return pino(
    {
      level,
      base: undefined,
      redact: {
        paths: secretKeys.flatMap((key) =>
          ['', '*.', '*.*.'].map((prefix) => `${prefix}["${key}"]`.replace('.[', '[')),
        ),
        censor: '[redacted]',
      },
    },
    destination({ fd: 2, sync: false }),
  );
}
