import path from 'node:path';
import type { NextConfig } from 'next';

const config: NextConfig = {
  reactStrictMode: true,
  poweredByHeader: false,
  // The packages of this repository are TypeScript sources.
  transpilePackages: ['@twostage/core', '@twostage/families', '@twostage/figures'],
  turbopack: { root: path.join(import.meta.dirname, '../..') },
  // Only server.ts loads these; pages reach them through src/server/pages.ts.
  serverExternalPackages: ['pg', 'pg-boss', 'pino'],
};

export default config;
