import { defineConfig } from 'prisma/config';

// generate, validate and format never run the native schema engine, but the CLI insists that its file exists.
if (/^(generate|validate|format|version)$/.test(process.argv[2] ?? ''))
  process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: 'schema.prisma',
  migrations: { path: 'migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://unused' },
});
