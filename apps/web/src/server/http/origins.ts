import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Origins under which browsers may reach this server: the public one, and its own address under each of its names. */
export function originsOf(address: AddressInfo, publicUrl: string | null): string[] {
  const loopback = ['127.0.0.1', '::1', '::', '0.0.0.0'].includes(address.address);
  const names = loopback ? ['127.0.0.1', 'localhost', '[::1]'] : [nameOf(address)];
  return [...new Set([...(publicUrl ? [publicUrl] : []), ...names.map((name) => `http://${name}:${address.port}`)])];
}

/** The server's own address for a person: never the wildcard. */
export function ownUrl(address: AddressInfo): string {
  const wildcard = address.address === '::' || address.address === '0.0.0.0';
  return `http://${wildcard ? '127.0.0.1' : nameOf(address)}:${address.port}`;
}

const nameOf = ({ address, family }: AddressInfo) => (family === 'IPv6' ? `[${address}]` : address);

/**
 * Whether another site's page made this request, so that it carries a person's cookie without their will. A browser says so in
 * Origin (every POST) or Sec-Fetch-Site (every request); a program says neither, and has no one's cookie.
 */
export function isCrossSite(request: IncomingMessage, isTrustedOrigin: (origin: string) => boolean): boolean {
  const { origin } = request.headers;
  if (origin !== undefined) return !isTrustedOrigin(origin);
  const site = request.headers['sec-fetch-site'];
  return site === 'cross-site' || site === 'same-site';
}
