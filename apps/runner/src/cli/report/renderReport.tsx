import { renderToStaticMarkup } from 'react-dom/server';
import type { ReportedRun } from './readRun.ts';
import { ReportPage, titleOf } from './ReportPage.tsx';
import { stylesheetOf } from './stylesheet.ts';

/** One document that needs nothing but itself: no script, no network. */
export async function renderReport(run: ReportedRun): Promise<string> {
  const body = renderToStaticMarkup(<ReportPage run={run} />);
  const style = await stylesheetOf(body);
  const head = renderToStaticMarkup(
    <head>
      <meta charSet="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <meta httpEquiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
      <title>{titleOf(run)}</title>
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: rules of our own stylesheet, not of the run */}
      <style dangerouslySetInnerHTML={{ __html: style }} />
    </head>,
  );
  return `<!doctype html>\n<html lang="en">${head}<body>${body}</body></html>\n`;
}
