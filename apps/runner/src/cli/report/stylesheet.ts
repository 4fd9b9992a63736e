import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { compile } from 'tailwindcss';

const { resolve } = createRequire(import.meta.url);

/** The rules that a document uses and no others, from the theme that the browser's pages are drawn with. */
export async function stylesheetOf(html: string): Promise<string> {
  const file = path.join(import.meta.dirname, 'report.css');
  const compiler = await compile(await readFile(file, 'utf8'), {
    base: import.meta.dirname,
    loadStylesheet: async (id, base) => {
      const found = resolve(id === 'tailwindcss' ? 'tailwindcss/index.css' : id);
      return { path: found, base, content: await readFile(found, 'utf8') };
    },
  });
  const classes = new Set([...html.matchAll(/ class="([^"]*)"/g)].flatMap(([, names]) => names!.split(' ')));
  const decoded = [...classes].map((name) =>
    name.replaceAll('&#x27;', "'").replaceAll('&amp;', '&').replaceAll('&gt;', '>'),
  );
  // The banner keeps its notice, without an address: nothing in the document points outside it.
  return compiler.build(decoded).replace(/ \| https?:\/\/\S+ \*\//, ' */');
}
