/** `node --import tsx probe-cli.ts ENGINE`: one line of JSON on stdout, what `probeEngine` found. */
import { engineNames, probeEngine } from './probes.ts';

const name = engineNames.find((candidate) => candidate === process.argv[2]);
if (name === undefined) {
  console.error(`probe-cli: expected one of ${engineNames.join(', ')}, got ${process.argv[2] ?? 'nothing'}`);
  process.exit(2);
}
console.log(JSON.stringify(await probeEngine(name)));
