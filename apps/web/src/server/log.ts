import { type DestinationStream, destination, type Logger, pino } from 'pino';

const secretKeys = ['password', 'token', 'secret', 'cookie', 'authorization', 'set-cookie'];
const paths = secretKeys.flatMap((key) => [`["${key}"]`, `*["${key}"]`, `*.*["${key}"]`]);

/** JSON lines on stderr; stdout is for the person who starts the server. No secret passes, up to three levels deep. */
export function createLog(
  level: string = process.env.LOG_LEVEL ?? 'info',
  sink: DestinationStream = destination(2),
): Logger {
  return pino({ level, base: undefined, redact: { paths, censor: '[redacted]' } }, sink);
}
