import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { FoldLines } from './FoldBlocks.tsx';
import { yearStarts } from './FoldsPicture.tsx';

describe('the picture of the folds', () => {
  it('draws every piece of a block where it lies', () => {
    const markup = renderToStaticMarkup(
      <svg role="img" aria-label="folds">
        <FoldLines
          lines={[
            {
              name: 'Split 1',
              blocks: {
                train: [
                  [0, 10],
                  [40, 60],
                ],
                validation: [[65, 80]],
                test: [[15, 35]],
              },
            },
            { name: 'Holdout', blocks: { train: [[0, 70]], validation: [[75, 85]], test: [[90, 100]] } },
          ]}
          x={(at) => 2 * at}
          top={0}
          rowHeight={14}
          titleOf={(label, from, to) => `${label} ${from}-${to}`}
        />
      </svg>,
    );
    const rects = [...markup.matchAll(/<rect x="(\d+)"[^>]* width="(\d+)"[^>]*><title>([^<]*)</g)];
    expect(rects.map(([, x, width, title]) => [Number(x), Number(width), title])).toEqual([
      [0, 20, 'Training 0-10'],
      [80, 40, 'Training 40-60'],
      [130, 30, 'Validation (early stopping) 65-80'],
      [30, 40, 'Test (judged) 15-35'],
      [0, 140, 'Training 0-70'],
      [150, 20, 'Validation (early stopping) 75-85'],
      [180, 20, 'Test (judged) 90-100'],
    ]);
    expect(markup).toContain('Holdout</text>');
  });

  it('marks years, as many as there is room for', () => {
    const years = yearStarts(Date.UTC(2005, 5, 1), Date.UTC(2018, 2, 1), 5);
    expect(years.map(({ label }) => label)).toEqual(['2006', '2009', '2012', '2015', '2018']);
  });
});
