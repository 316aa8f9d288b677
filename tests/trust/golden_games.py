"""Three complete games as readable text. A change of the rules shows as a difference.

    python tests/trust/golden_games.py            # writes golden/*.txt
    python tests/trust/golden_games.py --check    # says whether they are what the rules play; exit code 1 if not

The seats are played by ``steady``, so the games show the rules and not the bots. Each decision stands with what was legal.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).resolve().parent / "golden"
GAMES = {"two_players": (2, 20), "four_players": (4, 39), "eight_players": (8, 122)}  # name -> players, seed


def cash_line(game) -> str:
    """What everybody has, at the beginning of a turn."""
    from monopoly_env.game import BANK

    titles = [(game.owner == seat).sum() for seat in range(game.players)]
    seats = [f"${game.cash[seat]:,} and {titles[seat]} titles" if game.alive[seat] else "out" for seat in range(game.players)]
    bank = f"{(game.owner == BANK).sum()} titles, {game.houses_left} houses, {game.hotels_left} hotels"
    return f"    ({'; '.join(seats)}; bank: {bank})"


def decision_line(game, mask, action) -> str:
    """Who decides, on what, what is legal and what is chosen."""
    from monopoly_env.actions import Action, Phase
    from monopoly_env.board import GROUPS

    legal = " ".join(Action(number).name for number in np.flatnonzero(mask))
    group = f" {GROUPS[game.table_group]}" if game.table_group >= 0 else ""
    return f"    seat {game.actor} {Phase(int(game.phase)).name}{group} [{legal}] {Action(action).name}"


def lines_of(players: int, seed: int) -> Iterator[str]:
    """Play a game and tell it line by line."""
    from monopoly_env.engine.engine import advance, apply, legal_actions
    from monopoly_env.events import E_TURN
    from monopoly_env.game import new_game
    from monopoly_env.text.events import sentence
    from trust.steady import steady_action
    from trust.walk import ONE_STEP

    game = new_game(players, seed, max_turns=2000)
    game.logging = 1
    yield f"A game of {players} players, seed {seed}."
    game.events = ONE_STEP
    while not game.over:
        advance(game)
        rows = game.event[ONE_STEP : game.events].tolist()
        game.events = ONE_STEP
        for row in rows:
            yield ("\n" if row[0] == E_TURN else "") + sentence(row)
            if row[0] == E_TURN:
                yield cash_line(game)
        if game.phase:
            mask = legal_actions(game)
            action = steady_action(game, mask)
            yield decision_line(game, mask, action)
            apply(game, action)


def text_of(name: str) -> str:
    """The text of one golden game."""
    return "\n".join(lines_of(*GAMES[name])) + "\n"


def main() -> int:
    """Write the golden games, or check them."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    changed = 0
    for name in GAMES:
        path, text = FOLDER / f"{name}.txt", text_of(name)
        same = path.exists() and path.read_text(encoding="utf-8") == text
        changed += not same
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8", newline="\n")
        print(f"{path.name}: {text.count(chr(10))} lines, {'unchanged' if same else 'changed'}")
    return int(changed > 0 and "--check" in sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
