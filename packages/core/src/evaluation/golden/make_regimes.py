"""Golden values of volatility regimes, from pandas.

    python make_regimes.py > regimes.json
"""

import numpy as np
import pandas as pd

from reference import table, write

rng = np.random.default_rng(20250510)
bars, symbols = 700, 3
level = np.exp(np.cumsum(0.05 * rng.normal(size=bars)))
closes = 100 * np.exp(np.cumsum(0.01 * level[:, None] * rng.normal(size=(bars, symbols)), axis=0))
closes[rng.random((bars, symbols)) < 0.05] = np.nan
closes[200] = np.nan
market = (
    pd.DataFrame(closes).apply(lambda column: column.dropna().pct_change()).reindex(range(bars)).mean(axis=1).dropna()
)


def regimes(window, history):
    volatility = market.rolling(window).std().dropna()
    share = volatility.expanding(min_periods=history).rank(pct=True)
    of = pd.cut(share, [0, 1 / 3, 2 / 3, 1], labels=False)
    return of.reindex(range(bars)).fillna(-1).astype(int).tolist()


write(
    {
        "closes": table(closes),
        "market": [None if np.isnan(value) else float(value) for value in market.reindex(range(bars))],
        "cases": [
            {"windowBars": window, "historyBars": history, "expected": regimes(window, history)}
            for window, history in ((60, 60), (20, 1))
        ],
    },
    numpy=np,
    pandas=pd,
)
