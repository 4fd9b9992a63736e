import { createServer } from 'node:net';

/** `preferred` if it is free at 127.0.0.1, else one that the system chooses. */
export async function freePort(preferred: number): Promise<number> {
  return (preferred > 0 && (await tryPort(preferred))) || (await tryPort(0))!;
}

function tryPort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null));
    });
  });
}
