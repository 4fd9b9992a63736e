import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DomainError } from '@twostage/core/errors';

const tries = 100;

/**
 * Listens on the first free port from `port` on.
 * @param onTaken called for each port that is taken
 * @throws DomainError CONFLICT after 100 of them
 */
export async function listenOnFreePort(
  server: Server,
  port: number,
  host: string,
  onTaken: (port: number) => void,
): Promise<AddressInfo> {
  for (let candidate = port; candidate < port + tries && candidate <= 65_535; candidate++) {
    const failure = await new Promise<NodeJS.ErrnoException | null>((resolve) => {
      server.once('error', resolve);
      server.listen(candidate, host, () => {
        server.off('error', resolve);
        resolve(null);
      });
    });
    if (failure === null) return server.address() as AddressInfo;
    if (failure.code !== 'EADDRINUSE') throw failure;
    onTaken(candidate);
  }
  throw new DomainError('CONFLICT', `every port from ${port} to ${port + tries - 1} is taken; set PORT to a free one`);
}
