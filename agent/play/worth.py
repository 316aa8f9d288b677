"""What everybody was worth over a game, as a curve in the terminal."""

from __future__ import annotations

from agent.play.table import Table
from monopoly_env.render.ring import SIGNS
from monopoly_env.rules.property import net_worth
from monopoly_env.text.events import dollars

WIDTH, HEIGHT = 76, 18


def worth_lines(table: Table) -> list[str]:
    """Return the net worth of every player over the turns as a plot in lines of text: a letter for each player."""
    import plotext

    game = table.game
    worths = table.worths | {int(game.turns): tuple(int(net_worth(game, seat)) for seat in range(game.players))}
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plotsize(WIDTH, HEIGHT)
    for seat, name in enumerate(table.names):
        plotext.plot(list(worths), [worth[seat] for worth in worths.values()], label=name, marker=SIGNS[seat])
    top, last = max(max(worth) for worth in worths.values()), max(worths)
    ticks = [top * part // 4 for part in range(5)]
    plotext.ylim(0, top)
    plotext.yticks(ticks, [dollars(tick) for tick in ticks])
    turns = sorted({max(1, last * part // 4) for part in range(5)})
    plotext.xticks(turns, [str(turn) for turn in turns])
    plotext.title("net worth over the turns")
    text = plotext.uncolorize(plotext.build())
    plotext.clear_figure()
    return [line.rstrip() for line in text.splitlines()]
