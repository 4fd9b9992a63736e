import { join } from 'node:path';
import { csvOf, good, header, named, refusesBadInput } from '../testing/badInput.ts';
import { plainCsv, writeParquet } from '../testing/folders.ts';

refusesBadInput('layouts', [
  {
    what: 'two files of one symbol',
    files: { 'AAA.csv': good },
    setUp: (dataDir) => writeParquet(join(dataDir, 'AAA.parquet'), "SELECT '2020-01-01'::DATE AS date, 1.0 AS close"),
    code: 'BAD_FILE',
    message: /: AAA\.csv and AAA\.parquet both hold the symbol AAA; keep one$/,
  },
  {
    what: 'a file and a folder a symbol',
    files: { 'AAA.csv': good, 'BBB/2020.csv': good },
    code: 'BAD_FILE',
    message: /: holds two layouts, AAA\.csv \(a file a symbol\) and BBB\/2020\.csv \(a folder a symbol\); keep one$/,
  },
  {
    what: 'partitions beside files',
    files: { 'AAA.csv': good, 'symbol=BBB/a.csv': good },
    code: 'BAD_FILE',
    message:
      /: holds two layouts, AAA\.csv \(a file a symbol\) and symbol=BBB\/a\.csv \(a partition a symbol\); keep one$/,
  },
  {
    what: 'a file of several symbols beside a file a symbol',
    files: { 'prices.csv': csvOf([...named('BBB'), ...named('CCC')], `${header},Ticker`), 'AAA.csv': good },
    code: 'BAD_FILE',
    message:
      /: holds two layouts, prices\.csv \(several symbols, by its column Ticker\) and AAA\.csv \(a file a symbol\); keep one$/,
  },
  {
    what: 'several intervals',
    files: { 'bars/interval=5m/symbol=AAA/a.csv': good, 'bars/interval=1d/symbol=AAA/a.csv': good },
    code: 'BAD_FILE',
    message: /: holds several intervals \(1d, 5m\); choose the sub-folder of one, such as .*\/bars\/interval=1d$/,
    field: 'dataDir',
  },
  {
    what: 'folders within folders',
    files: { 'stocks/AAA/2020.csv': good },
    code: 'BAD_FILE',
    message:
      /^stocks\/AAA\/2020\.csv: lies too deep; SYMBOL\.csv, SYMBOL\/….csv or …\/symbol=SYMBOL\/….csv \(or \.parquet\) is expected$/,
  },
  {
    what: 'folders that are years or symbols',
    files: { '2016/AAA.csv': good, '2017/AAA.csv': good },
    code: 'BAD_FILE',
    message:
      /^2016\/AAA\.csv and 2017\/AAA\.csv: a folder a year is expected as year=2017, a folder a symbol as symbol=2017$/,
  },
  {
    what: 'a folder of several symbols where pieces of one are expected',
    files: { 'stocks/AAA.csv': good, 'stocks/BBB.csv': plainCsv(150, 3) },
    code: 'BAD_FILE',
    message:
      /^stocks\/AAA\.csv and stocks\/BBB\.csv: hold different prices for most bars they share, the first at 2020-01-01, and both count as stocks; pieces of one history are expected$/,
  },
]);
