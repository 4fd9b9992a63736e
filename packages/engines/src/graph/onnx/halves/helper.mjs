// A thread does not inherit its parent's TypeScript loader where that is not Node's own, e.g. a test runner's.
import { tsImport } from 'tsx/esm/api';

await tsImport('./helper.ts', import.meta.url);
