/** Imported first: libraries look at NODE_ENV when they are loaded, and without it errors carry stacks and React is slow. */
const mode = process.argv.includes('--dev') ? 'development' : process.env.NODE_ENV || 'production';
// Next's types make it read-only.
Object.assign(process.env, { NODE_ENV: mode });
